package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Which doors there are before sign-in, and how they refuse. */
final class Doors {
    private static final PathPatternRequestMatcher.Builder PATHS = PathPatternRequestMatcher.withDefaults();
    private static final String BEARER = "Bearer ";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Where a browser signs in; a foreign page must not do it with the attacker's account (login CSRF). */
    static final RequestMatcher SIGN_IN =
            any(HttpMethod.POST, "/api/session", "/webauthn/authenticate/options", "/login/webauthn");

    /** The authorization server's. */
    static final RequestMatcher OAUTH = new OrRequestMatcher(
            any(HttpMethod.GET, "/oauth2/authorize", "/oauth2/jwks"),
            any(HttpMethod.GET, "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
            any(HttpMethod.POST, "/oauth2/token"));

    /** Bodies are taken here from whoever comes. */
    static final RequestMatcher BODIES = new OrRequestMatcher(
            any(null, "/api/session", "/login/webauthn", "/oauth2/token"), PATHS.matcher("/webauthn/**"));

    /** The console's files; they hold nothing of the city but its map. */
    static final RequestMatcher FILES = new OrRequestMatcher(
            files(HttpMethod.GET),
            files(HttpMethod.HEAD),
            any(HttpMethod.GET, "/actuator/health", "/actuator/health/**"));

    /** The vocabularies that entities are told in: whoever is told must be able to read the names. */
    static final RequestMatcher VOCABULARIES = any(HttpMethod.GET, "/ngsi-ld/v1/jsonldContexts/*");

    private Doors() {}

    private static RequestMatcher files(HttpMethod method) {
        return any(
                method,
                "/",
                "/signin",
                "/system",
                "/video",
                "/talk",
                "/field",
                "/imports",
                "/assets/**",
                "/fonts/**",
                "/icons/**",
                "/map/**",
                "/*.html",
                "/*.js",
                "/*.css",
                "/*.svg",
                "/*.png",
                "/*.ico",
                "/*.txt",
                "/*.webmanifest");
    }

    private static RequestMatcher any(@Nullable HttpMethod method, String... patterns) {
        RequestMatcher[] matchers = new RequestMatcher[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            matchers[i] = method == null ? PATHS.matcher(patterns[i]) : PATHS.matcher(method, patterns[i]);
        }
        return new OrRequestMatcher(matchers);
    }

    /** Where a page of another site could act in somebody's name: a session's unsafe calls, and sign-in. */
    static RequestMatcher crossSite(SessionCookie cookie) {
        return request -> !SAFE.contains(request.getMethod())
                && !bearer(request)
                && (cookie.session(request).isPresent() || SIGN_IN.matches(request));
    }

    private static boolean bearer(HttpServletRequest request) {
        return isBearer(request.getHeader("Authorization"));
    }

    private static boolean isBearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /** The token of the header (RFC 6750 §2.1), the one way that is taken; reading the token tells whether it is one. */
    static @Nullable String token(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null || !isBearer(authorization)) {
            return null;
        }
        String token = authorization.substring(BEARER.length()).strip();
        if (token.isEmpty()) {
            throw new OAuth2AuthenticationException(BearerTokenErrors.invalidToken("The token is empty"));
        }
        return token;
    }

    static final AuthenticationEntryPoint UNKNOWN = (request, response, cause) -> {
        boolean token = cause instanceof OAuth2AuthenticationException;
        response.setHeader("WWW-Authenticate", token ? "Bearer error=\"invalid_token\"" : "Bearer");
        Problems.write(response, token ? new Failures.TokenRefused() : new Failures.SignInNeeded());
    };

    /** An app has sent its person here: sign in at the console first, which then goes on where the app wanted. */
    static final AuthenticationEntryPoint TO_CONSOLE = (request, response, cause) -> {
        if (!request.getRequestURI().equals("/oauth2/authorize")) {
            UNKNOWN.commence(request, response, cause);
            return;
        }
        String query = request.getQueryString();
        String wanted = query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
        response.setStatus(302);
        response.setHeader("Location", "/?continue=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8));
    };

    static final AccessDeniedHandler DENIED = (request, response, cause) -> Problems.write(
            response, cause instanceof CsrfException ? new Failures.CsrfRefused() : new Failures.Forbidden());

    static final RequestRejectedHandler REJECTED = (request, response, cause) -> Problems.write(
            response,
            new BadRequest(
                    "request-form",
                    "The request's path or headers are not well formed.",
                    "Encode them as RFC 3986 says."));
}
