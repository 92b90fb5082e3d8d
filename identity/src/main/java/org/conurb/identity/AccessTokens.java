package org.conurb.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/**
 * Access tokens (RFC 9068): how ours are written, and how what comes in is read. Only our own keys and ES256 count,
 * whatever a token's header asks for. What was verified is remembered, so that a busy program costs one signature a token
 * and not one a request; whether it may still come in is asked each time.
 */
final class AccessTokens
        implements JwtDecoder, Converter<Jwt, AbstractAuthenticationToken>, OAuth2TokenCustomizer<JwtEncodingContext> {
    private static final String TYPE = "at+jwt";
    private static final String CLIENT_CLAIM = "client_id";
    private static final int LONGEST = 4096;

    private final NimbusJwtDecoder decoder;
    private final Parties parties;
    private final Clock clock;
    private final Remembered<String, Jwt> verified;
    private final Map<String, Boolean> refused = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 2_000;
        }
    });

    AccessTokens(SigningKeys keys, String issuer, Duration tokenLife, Parties parties, Clock clock) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(TYPE)));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys.verifying())));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // below, by our clock
        JwtTimestampValidator timestamps = new JwtTimestampValidator(Duration.ofSeconds(5));
        timestamps.setClock(clock);
        timestamps.setAllowEmptyExpiryClaim(false);
        decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(timestamps, new JwtIssuerValidator(issuer)));
        this.parties = parties;
        this.clock = clock;
        this.verified = new Remembered<>(clock, tokenLife, 2_000);
    }

    @Override
    public Jwt decode(String token) {
        if (token.length() > LONGEST) {
            throw new BadJwtException("A token longer than " + LONGEST);
        }
        if (refused.containsKey(token)) {
            throw new BadJwtException("A token of a code that was used twice");
        }
        Jwt jwt = verified.get(token, decoder::decode);
        Instant expires = jwt.getExpiresAt();
        if (expires == null || !clock.instant().isBefore(expires.plusSeconds(5))) {
            throw new BadJwtException("An expired token");
        }
        return jwt;
    }

    /** A code that comes twice was stolen from one of the two: the token that it gave holds no more (RFC 6749 §4.1.2). */
    void refuse(String token) {
        refused.put(token, true);
    }

    @Override
    public AbstractAuthenticationToken convert(Jwt token) {
        return party(token)
                .map(party -> new TokenAuthentication(token, party))
                .orElseThrow(() -> new InvalidBearerTokenException("The client or person was ended"));
    }

    private Optional<Party> party(Jwt token) {
        String subject = String.valueOf(token.getSubject());
        Optional<Client> client = parties.client(String.valueOf(token.getClaimAsString(CLIENT_CLAIM)));
        if (!subject.startsWith(Person.SUBJECT)) {
            return client.map(Client::party).filter(party -> party.subject().equals(subject));
        }
        return client.flatMap(program -> parties.personOf(subject).flatMap(someone -> parties.of(someone, program)));
    }

    @Override
    public void customize(JwtEncodingContext context) {
        String client = context.getRegisteredClient().getClientId();
        String subject = context.getPrincipal() instanceof SessionAuthentication person
                ? person.getName()
                : Client.SUBJECT + client;
        if (context.getTokenType().equals(OAuth2TokenType.ACCESS_TOKEN)) {
            context.getJwsHeader().algorithm(SignatureAlgorithm.ES256).type(TYPE);
            context.getClaims().claim(CLIENT_CLAIM, client).subject(subject);
        } else if (context.getPrincipal() instanceof SessionAuthentication signedIn) {
            context.getClaims()
                    .claim("name", signedIn.session().person().name())
                    .claim("preferred_username", signedIn.session().person().username());
        }
    }
}
