package org.conurb.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/**
 * The cookie {@code CONURB}: 256 random bits that a script cannot read. Before sign-in ({@code o.…}) nothing is kept for
 * it; a session ({@code s.…}) is always a new one. The token against cross-site requests is a hash of it: who cannot read
 * the cookie cannot make the token, and the server keeps neither.
 */
final class SessionCookie implements CsrfTokenRepository {
    static final String NAME = "CONURB";
    private static final String HEADER = "X-CSRF-TOKEN";
    private static final String FRESH = SessionCookie.class.getName();
    private static final Pattern FORM = Pattern.compile("[os]\\.[A-Za-z0-9_-]{43}");

    private final SecureRandom random;
    private final boolean secure;

    SessionCookie(SecureRandom random, boolean secure) {
        this.random = random;
        this.secure = secure;
    }

    /** What the browser sent, if it has our form. */
    Optional<String> value(HttpServletRequest request) {
        if (request.getAttribute(FRESH) instanceof String fresh) {
            return Optional.of(fresh);
        }
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(NAME)
                        && FORM.matcher(cookie.getValue()).matches()) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** The cookie of a session, signed in; empty for none and for one from before sign-in. */
    Optional<String> session(HttpServletRequest request) {
        return value(request).filter(value -> value.startsWith("s."));
    }

    /** Puts a new cookie in the place of any old one; what the rest of this request reads is the new one. */
    String renew(HttpServletRequest request, HttpServletResponse response, boolean signedIn) {
        String value = fresh(signedIn ? "s." : "o.");
        request.setAttribute(FRESH, value);
        set(response, value);
        return value;
    }

    String csrf(String value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256("conurb csrf " + value));
    }

    /** Under which a cookie's session is kept. */
    static String key(String value) {
        return HexFormat.of().formatHex(sha256(value));
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        String value = fresh("o.");
        request.setAttribute(FRESH, value);
        return token(value);
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        if (token != null && request.getAttribute(FRESH) instanceof String value) {
            set(response, value);
        }
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        return value(request).map(this::token).orElse(null);
    }

    private CsrfToken token(String value) {
        return new DefaultCsrfToken(HEADER, "_csrf", csrf(value));
    }

    private String fresh(String kind) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return kind + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    private void set(HttpServletResponse response, String value) {
        ResponseCookie cookie = ResponseCookie.from(NAME, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax") // Strict would sign out whoever comes from an app's sign-in button
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
