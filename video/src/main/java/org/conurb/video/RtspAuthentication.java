package org.conurb.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Answers to what a server asks for in {@code WWW-Authenticate}: Digest with SHA-256 or MD5 (RFC 7616, RFC 2617), then
 * Basic (RFC 7617); the strongest that is offered. One instance per connection, confined to its thread.
 */
final class RtspAuthentication {
    private static final int LONGEST_VALUE = 1024;

    private final CameraLogin login;
    private final RandomGenerator random;
    private Optional<Challenge> challenge = Optional.empty();
    private int uses;

    RtspAuthentication(CameraLogin login, RandomGenerator random) {
        this.login = login;
        this.random = random;
    }

    /** @param parameters by name in lower case, unquoted */
    record Challenge(String scheme, Map<String, String> parameters) {
        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }

        /** Strength: 0 for what we cannot answer. */
        int rank() {
            if (scheme.equals("basic")) {
                return 1;
            }
            return scheme.equals("digest") && qop().isPresent() ? algorithmRank() : 0;
        }

        private int algorithmRank() {
            return switch (algorithm()) {
                case "SHA-256", "SHA-256-SESS" -> 3;
                case "MD5", "MD5-SESS", "" -> 2;
                default -> 0;
            };
        }

        String algorithm() {
            return parameter("algorithm").toUpperCase(Locale.ROOT);
        }

        /** {@code auth}, or empty text for the old form of RFC 2069; nothing where only auth-int is offered. */
        Optional<String> qop() {
            String offered = parameter("qop");
            if (offered.isBlank()) {
                return Optional.of("");
            }
            for (String one : offered.split(",", -1)) {
                if (one.strip().equalsIgnoreCase("auth")) {
                    return Optional.of("auth");
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Takes a 401.
     *
     * @return whether asking again makes sense: there is a challenge that we can answer, and it is not the very one that
     *     we have answered already
     */
    boolean challenged(List<String> headers) {
        Optional<Challenge> best = Optional.empty();
        for (String header : headers) {
            for (Challenge one : parse(header)) {
                if (one.rank() > best.map(Challenge::rank).orElse(0)) {
                    best = Optional.of(one);
                }
            }
        }
        boolean again = best.isPresent() && (challenge.isEmpty() || fresh(best.get()));
        challenge = best;
        uses = 0;
        return again;
    }

    private boolean fresh(Challenge next) {
        return next.scheme().equals("digest")
                && (next.parameter("stale").equalsIgnoreCase("true")
                        || !next.parameter("nonce")
                                .equals(challenge.orElseThrow().parameter("nonce")));
    }

    /** The value of {@code Authorization}; empty before the first challenge. */
    Optional<String> authorization(String method, String uri) {
        return challenge.map(asked -> asked.scheme().equals("basic") ? basic() : digest(asked, method, uri));
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((login.name() + ':' + login.password()).getBytes(UTF_8));
    }

    private String digest(Challenge asked, String method, String uri) {
        String realm = asked.parameter("realm");
        String nonce = asked.parameter("nonce");
        String qop = asked.qop().orElse("");
        String count = "%08x".formatted(++uses);
        String cnonce = HexFormat.of().toHexDigits(random.nextLong());
        String response = response(asked, login, method, uri, count, cnonce);
        StringBuilder header = new StringBuilder("Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\""
                .formatted(quoted(login.name()), quoted(realm), quoted(nonce), uri));
        header.append(", response=\"").append(response).append('"');
        if (!asked.parameter("algorithm").isEmpty()) {
            header.append(", algorithm=").append(asked.parameter("algorithm")); // known to us, or it had no rank
        }
        if (!asked.parameter("opaque").isEmpty()) {
            header.append(", opaque=\"")
                    .append(quoted(asked.parameter("opaque")))
                    .append('"');
        }
        if (!qop.isEmpty()) {
            header.append(", qop=")
                    .append(qop)
                    .append(", nc=")
                    .append(count)
                    .append(", cnonce=\"")
                    .append(cnonce)
                    .append('"');
        }
        return header.toString();
    }

    /** RFC 7616 §3.4.1; without {@code qop}, RFC 2069's. */
    static String response(Challenge asked, CameraLogin login, String method, String uri, String count, String cnonce) {
        String hash = asked.algorithm().startsWith("SHA-256") ? "SHA-256" : "MD5";
        String nonce = asked.parameter("nonce");
        String qop = asked.qop().orElse("");
        String a1 = hash(hash, login.name() + ':' + asked.parameter("realm") + ':' + login.password());
        if (asked.algorithm().endsWith("-SESS")) {
            a1 = hash(hash, a1 + ':' + nonce + ':' + cnonce);
        }
        String a2 = hash(hash, method + ':' + uri);
        return qop.isEmpty()
                ? hash(hash, a1 + ':' + nonce + ':' + a2)
                : hash(hash, String.join(":", a1, nonce, count, cnonce, qop, a2));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Challenges of one header: schemes, each with {@code name=value} separated by commas (RFC 7235 §2.1). */
    static List<Challenge> parse(String header) {
        List<Challenge> all = new ArrayList<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = 0;
        while (at < header.length()) {
            int end = tokenEnd(header, at);
            if (end == at) {
                at++;
                continue;
            }
            String token = header.substring(at, end);
            int next = skipBlanks(header, end);
            if (next < header.length() && header.charAt(next) == '=') {
                at = value(header, skipBlanks(header, next + 1), token.toLowerCase(Locale.ROOT), parameters);
            } else {
                parameters = new LinkedHashMap<>();
                all.add(new Challenge(token.toLowerCase(Locale.ROOT), parameters));
                at = end;
            }
        }
        return all;
    }

    private static int value(String header, int from, String name, Map<String, String> into) {
        StringBuilder value = new StringBuilder();
        int at = from;
        if (at < header.length() && header.charAt(at) == '"') {
            at++;
            while (at < header.length() && header.charAt(at) != '"') {
                if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                    at++;
                }
                value.append(header.charAt(at++));
            }
            at++;
        } else {
            int end = tokenEnd(header, at);
            value.append(header, at, end);
            at = end;
        }
        if (value.length() <= LONGEST_VALUE && value.chars().noneMatch(c -> c < ' ')) {
            into.putIfAbsent(name, value.toString());
        }
        return at;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }
}
