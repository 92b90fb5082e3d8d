package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digest access (RFC 3261 22, RFC 8760): SHA-256 first, MD5 for old phones. A nonce is good for {@link #LIFE} and each of
 * its counts once; issued ones take no memory, used ones are {@link #MOST_USED} at most. Who has no account is answered
 * like one with a wrong secret, after as much work. Confined to the SIP thread.
 */
final class SipDigest {
    static final Duration LIFE = Duration.ofMinutes(5);
    static final int MOST_USED = 4_096;
    /** User names of phones that know MD5 only begin so. */
    static final String OLD = "0";

    private static final int TAG = 16;
    private static final String NOBODY = "an account that is not there";

    private final String realm;
    private final Clock clock;
    private final RandomGenerator random;
    private final SecretKeySpec key;
    /** Highest count seen of each nonce that was used well. */
    private final Map<String, Integer> used = new LinkedHashMap<>();
    /** Milliseconds: nonces issued up to then are stale, as their counts are forgotten. */
    private long forgotten;

    /** How it went. */
    sealed interface Outcome {
        record Accepted(String username) implements Outcome {}

        /** @param stale whether all was right but for the nonce, so that the peer need not ask anybody */
        record Refused(boolean stale) implements Outcome {}
    }

    SipDigest(String realm, Clock clock, RandomGenerator random) {
        this.realm = realm;
        this.clock = clock;
        this.random = random;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /**
     * SHA-256 first (RFC 8760 2.4), but to a phone that gives up at what it does not know, MD5 alone. Its name tells which, not
     * whether there is such an account.
     */
    void challenge(SipMessage response, boolean stale, String username) {
        String nonce = nonce();
        for (String algorithm : username.startsWith(OLD) ? List.of("MD5") : List.of("SHA-256", "MD5")) {
            response.add(
                    "www-authenticate",
                    "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s"
                            .formatted(realm, nonce, algorithm, stale ? ", stale=true" : ""));
        }
    }

    private String nonce() {
        ByteBuffer nonce = ByteBuffer.allocate(16 + TAG).putLong(clock.millis()).putLong(random.nextLong());
        nonce.put(tag(nonce.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
    }

    private byte[] tag(byte[] nonce) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(nonce, 0, 16);
            return java.util.Arrays.copyOf(mac.doFinal(), TAG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HMAC with SHA-256", e);
        }
    }

    /** Whether there is anything to verify. */
    static boolean hasCredentials(SipMessage request) {
        return request.all("authorization").stream().anyMatch(value -> value.regionMatches(true, 0, "Digest ", 0, 7));
    }

    /** @param secrets of an account by its user name, for this one request */
    Outcome verify(SipMessage request, Function<String, Optional<String>> secrets) {
        for (String value : request.all("authorization")) {
            Map<String, String> given = parameters(value);
            String algorithm = given.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
            if (realm.equals(given.get("realm")) && (algorithm.equals("SHA-256") || algorithm.equals("MD5"))) {
                return verify(request, given, algorithm, secrets);
            }
        }
        return new Outcome.Refused(false);
    }

    private static Map<String, String> parameters(String value) {
        Map<String, String> found = new TreeMap<>();
        int space = value.indexOf(' ');
        if (space == 6 && value.regionMatches(true, 0, "Digest", 0, 6)) {
            for (String part : SipMessage.split(value.substring(space + 1))) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    found.putIfAbsent(
                            part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                            SipAddress.unquote(part.substring(equals + 1).strip()));
                }
            }
        }
        return found;
    }

    private Outcome verify(
            SipMessage request,
            Map<String, String> given,
            String algorithm,
            Function<String, Optional<String>> secrets) {
        String username = given.getOrDefault("username", "");
        String nonce = given.getOrDefault("nonce", "");
        String count = given.getOrDefault("nc", "");
        long issued = issued(nonce);
        Optional<String> secret = secrets.apply(username);
        String expected = response(request.method(), given, algorithm, username, secret.orElse(NOBODY));
        boolean right = MessageDigest.isEqual(
                        expected.getBytes(UTF_8),
                        given.getOrDefault("response", "")
                                .toLowerCase(Locale.ROOT)
                                .getBytes(UTF_8))
                && secret.isPresent()
                && "auth".equals(given.get("qop"))
                && request.uri().equals(given.get("uri"))
                && issued != Long.MIN_VALUE;
        if (!right) {
            return new Outcome.Refused(false);
        }
        boolean fresh = issued > clock.millis() - LIFE.toMillis() && issued <= clock.millis() && issued > forgotten;
        return fresh && count(nonce, count) ? new Outcome.Accepted(username) : new Outcome.Refused(true);
    }

    /** Milliseconds; {@link Long#MIN_VALUE} for a nonce that is not ours. */
    private long issued(String nonce) {
        if (nonce.length() != 43) {
            return Long.MIN_VALUE;
        }
        try {
            byte[] octets = Base64.getUrlDecoder().decode(nonce);
            boolean ours = MessageDigest.isEqual(tag(octets), java.util.Arrays.copyOfRange(octets, 16, 16 + TAG));
            return ours ? ByteBuffer.wrap(octets).getLong() : Long.MIN_VALUE;
        } catch (IllegalArgumentException notEncoded) {
            return Long.MIN_VALUE;
        }
    }

    private boolean count(String nonce, String nc) {
        int count;
        try {
            count = nc.length() == 8 ? Integer.parseUnsignedInt(nc, 16) : 0;
        } catch (NumberFormatException e) {
            return false;
        }
        if (count <= used.getOrDefault(nonce, 0)) {
            return false;
        }
        used.put(nonce, count);
        if (used.size() > MOST_USED) {
            String eldest = used.keySet().iterator().next();
            used.remove(eldest);
            forgotten = Math.max(forgotten, issued(eldest));
        }
        return true;
    }

    private String response(
            String method, Map<String, String> given, String algorithm, String username, String secret) {
        String first = hash(algorithm, username + ':' + realm + ':' + secret);
        String second = hash(algorithm, method + ':' + given.getOrDefault("uri", ""));
        return hash(
                algorithm,
                String.join(
                        ":",
                        first,
                        given.getOrDefault("nonce", ""),
                        given.getOrDefault("nc", ""),
                        given.getOrDefault("cnonce", ""),
                        given.getOrDefault("qop", ""),
                        second));
    }

    /** In hex. */
    static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
