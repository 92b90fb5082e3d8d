package org.conurb.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** Our clients as the authorization server knows them. Codes always need PKCE (OAuth 2.1 §7.5). */
final class RegisteredClients implements RegisteredClientRepository {
    private final Parties parties;
    private final Duration tokenLife;

    RegisteredClients(Parties parties, Duration tokenLife) {
        this.parties = parties;
        this.tokenLife = tokenLife;
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException("Clients are registered by POST /api/identity/clients");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String id) {
        return parties.client(id).map(this::registered).orElse(null);
    }

    private RegisteredClient registered(Client client) {
        RegisteredClient.Builder registered = RegisteredClient.withId(client.id())
                .clientId(client.id())
                .clientName(client.name())
                .clientIdIssuedAt(client.createdAt())
                .clientSettings(ClientSettings.builder()
                        .requireProofKey(true)
                        .requireAuthorizationConsent(false) // an administrator registered it for the organisation
                        .build())
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(tokenLife)
                        .authorizationCodeTimeToLive(Duration.ofMinutes(1))
                        .idTokenSignatureAlgorithm(SignatureAlgorithm.ES256)
                        .build());
        client.secretHash()
                .ifPresentOrElse(
                        hash -> registered
                                .clientSecret(hash)
                                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS),
                        () -> registered.clientAuthenticationMethod(ClientAuthenticationMethod.NONE));
        if (!client.redirectUris().isEmpty()) {
            registered
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUris(uris -> uris.addAll(client.redirectUris()))
                    .scope(OidcScopes.OPENID)
                    .scope(OidcScopes.PROFILE);
        }
        return registered.build();
    }
}
