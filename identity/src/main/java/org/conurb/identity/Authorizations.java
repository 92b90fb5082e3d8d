package org.conurb.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/**
 * Authorization codes on their way to be redeemed. A code lives for a minute and access tokens prove themselves, so this
 * stays in memory: after a restart an app asks again, and its person is still signed in. There are no refresh tokens for the same
 * reason. Bounded; safe for many threads.
 */
final class Authorizations implements OAuth2AuthorizationService {
    private static final int MOST = 2_000;

    private final Map<String, OAuth2Authorization> byCode = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OAuth2Authorization> eldest) {
            return size() > MOST;
        }
    };

    private final Consumer<String> refuse;

    /** @param refuse told an access token that holds no more */
    Authorizations(Consumer<String> refuse) {
        this.refuse = refuse;
    }

    @Override
    public synchronized void save(OAuth2Authorization authorization) {
        OAuth2Authorization.Token<OAuth2AuthorizationCode> code = authorization.getToken(OAuth2AuthorizationCode.class);
        if (code != null) { // kept when redeemed as well, so that a second use is seen
            byCode.put(code.getToken().getTokenValue(), authorization);
            OAuth2Authorization.Token<OAuth2AccessToken> access = authorization.getAccessToken();
            if (access != null && access.isInvalidated()) {
                refuse.accept(access.getToken().getTokenValue());
            }
        }
    }

    @Override
    public synchronized void remove(OAuth2Authorization authorization) {
        byCode.values().removeIf(each -> each.getId().equals(authorization.getId()));
    }

    @Override
    public synchronized @Nullable OAuth2Authorization findById(String id) {
        return byCode.values().stream()
                .filter(each -> each.getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
        return type == null || type.getValue().equals(OAuth2ParameterNames.CODE) ? byCode.get(token) : null;
    }
}
