package org.conurb.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Sign-in and tokens.
 *
 * @param publicUrl address under which people and programs reach this server; the issuer of tokens, and the origin of
 *     passkeys. Cookies are marked secure when it is https
 * @param data the data folder: bootstrap.json and keys/ lie in it
 * @param tokenLife life of an access token, 1 to 15 min; an ended client is refused at once all the same
 * @param sessionIdle a console session ends when it was not used for so long
 * @param sessionLongest a console session ends after so long in any case
 * @param passwordCost cost of a password's hash as a power of two (bcrypt), 4 to 16; 11 takes about 150 ms
 * @param signingKeyAge age at which tokens are signed with a new key, looked at at start
 * @param roleSwitch lets who is signed in go on as anybody else, without a password: for a demonstration with invented
 *     people alone, which sets it itself
 */
@ConfigurationProperties("conurb.identity")
record IdentitySettings(
        @DefaultValue("http://localhost:8080") URI publicUrl,
        @DefaultValue("data") Path data,
        @DefaultValue("10m") Duration tokenLife,
        @DefaultValue("12h") Duration sessionIdle,
        @DefaultValue("7d") Duration sessionLongest,
        @DefaultValue("11") int passwordCost,
        @DefaultValue("90d") Duration signingKeyAge,
        @DefaultValue("false") boolean roleSwitch) {

    IdentitySettings {
        String scheme = String.valueOf(publicUrl.getScheme());
        if (!(scheme.equals("https") || scheme.equals("http")) || publicUrl.getHost() == null) {
            throw new IllegalArgumentException(
                    "conurb.identity.public-url (%s) is no web address. Write it as https://city.example."
                            .formatted(publicUrl));
        }
        if (publicUrl.getRawQuery() != null
                || publicUrl.getRawFragment() != null
                || !(publicUrl.getRawPath().isEmpty() || publicUrl.getRawPath().equals("/"))) {
            throw new IllegalArgumentException(
                    "conurb.identity.public-url (%s) has a path or query. Give the server a host name of its own."
                            .formatted(publicUrl));
        }
        if (tokenLife.toSeconds() < 60 || tokenLife.toMinutes() > 15) {
            throw new IllegalArgumentException(
                    "conurb.identity.token-life (%s) is not within 1m and 15m.".formatted(tokenLife));
        }
        if (sessionIdle.toMinutes() < 10 || sessionLongest.compareTo(sessionIdle) < 0) {
            throw new IllegalArgumentException(
                    "conurb.identity.session-idle (%s) is under 10m or over session-longest (%s)."
                            .formatted(sessionIdle, sessionLongest));
        }
        if (passwordCost < 4 || passwordCost > 16) {
            throw new IllegalArgumentException(
                    "conurb.identity.password-cost (%d) is not within 4 and 16.".formatted(passwordCost));
        }
        if (signingKeyAge.toDays() < 1) {
            throw new IllegalArgumentException(
                    "conurb.identity.signing-key-age (%s) is under a day.".formatted(signingKeyAge));
        }
    }

    /** Issuer of tokens and origin of the console: the public URL without a slash at its end. */
    String issuer() {
        String url = publicUrl.toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    boolean secure() {
        return "https".equals(publicUrl.getScheme());
    }
}
