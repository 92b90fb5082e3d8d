package org.conurb.media;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.BadRequest;

/**
 * A browser's offer (RFC 8829 §5.2, RFC 8843 BUNDLE, RFC 8839 ICE, RFC 8842 DTLS): what an answer must know, and no
 * more. Candidates are not read: a lite agent learns addresses from checks.
 */
record WebRtcOffer(String fragment, String password, DtlsServer.Fingerprint fingerprint, List<Section> sections) {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_SECTIONS = 16;
    private static final int MAX_PAYLOADS = 64;

    /**
     * One {@code m=} line with its attributes.
     *
     * @param kind {@code audio}, {@code video}, {@code application}
     * @param ssrcs of what the peer sends
     */
    record Section(
            String kind,
            String protocol,
            String formats,
            String mid,
            boolean peerSends,
            boolean peerReceives,
            boolean bundled,
            boolean rtcpMux,
            Map<Integer, RtpCodec> codecs,
            Map<Integer, Set<String>> feedback,
            Set<Integer> ssrcs) {}

    /** @throws BadRequest naming what is missing */
    static WebRtcOffer parse(String sdp) {
        if (sdp.length() > MAX_LENGTH || !sdp.startsWith("v=0")) {
            throw wrong("It is not a session description (RFC 8866), or has more than 64 KB.");
        }
        List<List<String>> parts = split(sdp);
        List<String> session = parts.getFirst();
        List<Section> sections = new ArrayList<>();
        Set<String> bundle = bundle(session);
        for (List<String> part : parts.subList(1, parts.size())) {
            sections.add(section(part, bundle));
        }
        if (sections.isEmpty()) {
            throw wrong("It has no media section.");
        }
        List<String> first = parts.get(1);
        if (value(first, session, "setup").filter("passive"::equals).isPresent()) {
            throw wrong("It asks us to open DTLS; offer a=setup:actpass.");
        }
        return new WebRtcOffer(
                ice(first, session, "ice-ufrag", 4),
                ice(first, session, "ice-pwd", 22),
                fingerprint(value(first, session, "fingerprint").orElse("")),
                List.copyOf(sections));
    }

    /** The peer's new name, from an offer or a fragment of one (RFC 8840 §9). */
    static String fragment(String sdp) {
        if (sdp.length() > MAX_LENGTH) {
            throw wrong("It has more than 64 KB.");
        }
        List<String> lines = sdp.lines().toList();
        ice(lines, lines, "ice-pwd", 22);
        return ice(lines, lines, "ice-ufrag", 4);
    }

    private static List<List<String>> split(String sdp) {
        List<List<String>> parts = new ArrayList<>();
        parts.add(new ArrayList<>());
        for (String line : sdp.split("\r?\n|\r", -1)) {
            if (line.startsWith("m=")) {
                if (parts.size() > MAX_SECTIONS) {
                    throw wrong("It has more than 16 media sections.");
                }
                parts.add(new ArrayList<>());
            }
            parts.getLast().add(line);
        }
        return parts;
    }

    private static Set<String> bundle(List<String> session) {
        return attributes(session, "group").stream()
                .filter(group -> group.startsWith("BUNDLE "))
                .findFirst()
                .map(group -> (Set<String>)
                        new HashSet<>(List.of(group.substring(7).trim().split(" +"))))
                .orElse(Set.of());
    }

    private static Section section(List<String> lines, Set<String> bundle) {
        String[] media = lines.getFirst().substring(2).trim().split(" +", 4);
        if (media.length < 4) {
            throw wrong("The line \"%s\" is incomplete.".formatted(shortened(lines.getFirst())));
        }
        String mid = attributes(lines, "mid").stream().findFirst().orElse("");
        if (!mid.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw wrong("A mid is not a token.");
        }
        Map<Integer, RtpCodec> codecs = codecs(lines, media[3]);
        Map<Integer, Set<String>> feedback = new LinkedHashMap<>();
        codecs.keySet().forEach(type -> feedback.put(type, feedback(lines, type)));
        boolean sends = !has(lines, "recvonly") && !has(lines, "inactive");
        boolean receives = !has(lines, "sendonly") && !has(lines, "inactive");
        return new Section(
                media[0],
                media[2],
                media[3],
                mid,
                sends,
                receives,
                bundle.contains(mid) || bundle.isEmpty(),
                has(lines, "rtcp-mux"),
                codecs,
                feedback,
                ssrcs(lines));
    }

    private static Map<Integer, RtpCodec> codecs(List<String> lines, String formats) {
        Map<Integer, String> formatOf = numbered(attributes(lines, "fmtp"));
        Map<Integer, String> encodingOf = numbered(attributes(lines, "rtpmap"));
        encodingOf.putIfAbsent(0, "PCMU/8000");
        encodingOf.putIfAbsent(8, "PCMA/8000");
        Map<Integer, RtpCodec> codecs = new LinkedHashMap<>();
        for (String format : formats.split(" +")) {
            int type = number(format, 127);
            String encoding = encodingOf.get(type);
            if (encoding != null && codecs.size() < MAX_PAYLOADS) {
                String[] parts = encoding.split("/");
                int rate = parts.length > 1 ? number(parts[1], 1_000_000) : -1;
                int channels = parts.length > 2 ? number(parts[2], 255) : 1;
                if (rate > 0 && channels > 0) {
                    codecs.put(type, new RtpCodec(parts[0], rate, channels, formatOf.getOrDefault(type, "")));
                }
            }
        }
        return codecs;
    }

    private static Map<Integer, String> numbered(List<String> values) {
        Map<Integer, String> byType = new LinkedHashMap<>();
        for (String value : values) {
            String[] parts = value.split(" +", 2);
            int type = number(parts[0], 127);
            if (type >= 0 && parts.length == 2) {
                byType.put(type, parts[1].trim());
            }
        }
        return byType;
    }

    private static Set<String> feedback(List<String> lines, int type) {
        Set<String> kinds = new HashSet<>();
        for (String value : attributes(lines, "rtcp-fb")) {
            String[] parts = value.split(" +", 2);
            if (parts.length == 2 && (parts[0].equals("*") || number(parts[0], 127) == type)) {
                kinds.add(parts[1].trim());
            }
        }
        return kinds;
    }

    private static Set<Integer> ssrcs(List<String> lines) {
        Set<Integer> found = new HashSet<>();
        for (String value : attributes(lines, "ssrc")) {
            try {
                found.add(Integer.parseUnsignedInt(value.split(" ", 2)[0]));
            } catch (NumberFormatException notOne) {
                throw wrong("\"a=ssrc:%s\" has no number.".formatted(shortened(value)));
            }
            if (found.size() > MAX_PAYLOADS) {
                throw wrong("It names more than 64 sources in one section.");
            }
        }
        return found;
    }

    private static String ice(List<String> first, List<String> session, String name, int least) {
        String text = value(first, session, name).orElse("");
        if (text.length() < least
                || text.length() > 256
                || !text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw wrong("a=%s is missing or not of RFC 8839 §5.4.".formatted(name));
        }
        return text;
    }

    private static DtlsServer.Fingerprint fingerprint(String value) {
        String[] parts = value.trim().split(" +");
        if (parts.length != 2 || !DtlsIdentity.accepts(parts[0])) {
            throw wrong("a=fingerprint is missing or not of sha-256, sha-384 or sha-512.");
        }
        return new DtlsServer.Fingerprint(parts[0], parts[1]);
    }

    private static Optional<String> value(List<String> section, List<String> session, String name) {
        return attributes(section, name).stream()
                .findFirst()
                .or(() -> attributes(session, name).stream().findFirst());
    }

    private static List<String> attributes(List<String> lines, String name) {
        String prefix = "a=" + name + ":";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).trim())
                .toList();
    }

    private static boolean has(List<String> lines, String flag) {
        return lines.contains("a=" + flag);
    }

    /** @return -1 for what is no number of 0 to {@code most} */
    private static int number(String text, int most) {
        boolean digits = !text.isEmpty() && text.length() < 8 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int value = digits ? Integer.parseInt(text) : -1;
        return value <= most ? value : -1;
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }

    private static BadRequest wrong(String detail) {
        return new BadRequest(
                "offer-not-understood", "The offer cannot be answered. " + detail, "Send the offer of a WebRTC peer.");
    }
}
