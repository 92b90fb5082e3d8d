package org.conurb.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.BadRequest;

/**
 * A session description (SDP, RFC 8866). Reading is tolerant of what cameras send (missing origin, LF alone, no last line
 * end, spaces) and bounded: {@value #MAX_CHARS} characters, {@value #MAX_MEDIA} media sections, {@value #MAX_ATTRIBUTES}
 * attributes each; writing is strict.
 *
 * @param origin after {@code o=}; empty where missing
 * @param name after {@code s=}
 * @param connection after {@code c=} of the session; empty where missing
 * @param attributes of the session, in order
 */
public record SessionDescription(
        String origin, String name, String connection, List<Attribute> attributes, List<Media> media) {
    public static final int MAX_CHARS = 32_768;
    public static final int MAX_MEDIA = 16;
    public static final int MAX_ATTRIBUTES = 256;

    public SessionDescription {
        attributes = List.copyOf(attributes);
        media = List.copyOf(media);
    }

    /** One {@code a=name:value}; value is empty of a flag such as {@code a=recvonly}. */
    public record Attribute(String name, String value) {}

    /** {@code a=rtpmap} (RFC 8866 §6.6). */
    public record RtpMap(String encoding, int clockRate, int channels) {}

    /**
     * One {@code m=} section.
     *
     * @param kind {@code video}, {@code audio}, {@code application}
     * @param protocol such as {@code RTP/AVP} or {@code UDP/TLS/RTP/SAVPF}
     * @param formats payload types, as text
     * @param connection its own {@code c=}; empty where missing
     */
    public record Media(
            String kind,
            int port,
            String protocol,
            List<String> formats,
            String connection,
            List<Attribute> attributes) {
        public Media {
            formats = List.copyOf(formats);
            attributes = List.copyOf(attributes);
        }

        /** The value of the first attribute of this name. */
        public Optional<String> attribute(String name) {
            return first(attributes, name);
        }

        /** The values of all attributes of this name, in order. */
        public List<String> attributes(String name) {
            return all(attributes, name);
        }

        public boolean has(String flag) {
            return attribute(flag).isPresent();
        }

        /** Formats that are payload types, in the order of preference. */
        public List<Integer> payloadTypes() {
            return formats.stream()
                    .map(text -> number(text, -1))
                    .filter(n -> n >= 0 && n < 128)
                    .toList();
        }

        /** What a payload type stands for: by {@code a=rtpmap}, else by RFC 3551 §6 for PCMU (0) and PCMA (8). */
        public Optional<RtpMap> rtpMap(int payloadType) {
            return attributes("rtpmap").stream()
                    .flatMap(value -> of(value, payloadType).stream())
                    .findFirst()
                    .flatMap(Media::rtpMap)
                    .or(() -> switch (payloadType) {
                        case 0 -> Optional.of(new RtpMap("PCMU", 8_000, 1));
                        case 8 -> Optional.of(new RtpMap("PCMA", 8_000, 1));
                        default -> Optional.empty();
                    });
        }

        /** {@code a=fmtp} of a payload type: names in lower case. */
        public Map<String, String> formatParameters(int payloadType) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (String value : attributes("fmtp")) {
                for (String pair : of(value, payloadType).orElse("").split(";")) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    if (!name.isBlank()) {
                        parameters.putIfAbsent(
                                name.strip().toLowerCase(Locale.ROOT),
                                equals < 0 ? "" : pair.substring(equals + 1).strip());
                    }
                }
            }
            return parameters;
        }

        private static Optional<RtpMap> rtpMap(String text) {
            String[] parts = text.split("/", 4);
            int rate = parts.length > 1 ? number(parts[1].strip(), 0) : 0;
            int channels = parts.length > 2 ? number(parts[2].strip(), 1) : 1;
            return rate > 0 && channels > 0 && channels <= 16
                    ? Optional.of(new RtpMap(parts[0].strip(), rate, channels))
                    : Optional.empty();
        }

        /** The rest of an attribute's value that begins with this payload type. */
        private static Optional<String> of(String value, int payloadType) {
            String stripped = value.strip();
            int space = stripped.indexOf(' ');
            return space > 0 && number(stripped.substring(0, space), -1) == payloadType
                    ? Optional.of(stripped.substring(space + 1).strip())
                    : Optional.empty();
        }
    }

    public Optional<String> attribute(String name) {
        return first(attributes, name);
    }

    public List<String> attributes(String name) {
        return all(attributes, name);
    }

    /**
     * Reads one.
     *
     * @throws BadRequest code {@code session-description}: too long, no {@code v=0}, or a media line that cannot be read
     */
    public static SessionDescription parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw fault("is longer than %d characters".formatted(MAX_CHARS));
        }
        String origin = "";
        String name = "";
        String connection = "";
        boolean versioned = false;
        List<Attribute> session = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.length() < 2 || line.charAt(1) != '=') {
                continue; // cameras leave stray lines; what matters is checked below
            }
            String value = line.substring(2).strip();
            switch (line.charAt(0)) {
                case 'v' -> versioned = "0".equals(value);
                case 'o' -> origin = value;
                case 's' -> name = value;
                case 'c' -> {
                    if (sections.isEmpty()) {
                        connection = value;
                    } else {
                        sections.getLast().connection = value;
                    }
                }
                case 'm' -> sections.add(section(value, sections.size()));
                case 'a' -> attribute(sections.isEmpty() ? session : sections.getLast().attributes, value);
                default -> {
                    // times, bandwidths, keys: nothing of ours depends on them
                }
            }
        }
        if (!versioned) {
            throw fault("has no line v=0");
        }
        return new SessionDescription(
                origin,
                name,
                connection,
                session,
                sections.stream().map(Section::toMedia).toList());
    }

    /** The text, CRLF after each line (RFC 8866 §5). */
    public String write() {
        StringBuilder out = new StringBuilder(1024);
        line(out, 'v', "0");
        line(out, 'o', origin.isEmpty() ? "- 0 0 IN IP4 127.0.0.1" : origin);
        line(out, 's', name.isEmpty() ? "-" : name);
        if (!connection.isEmpty()) {
            line(out, 'c', connection);
        }
        line(out, 't', "0 0");
        attributes.forEach(attribute -> line(out, attribute));
        for (Media section : media) {
            line(
                    out,
                    'm',
                    "%s %d %s %s"
                            .formatted(
                                    section.kind(),
                                    section.port(),
                                    section.protocol(),
                                    String.join(" ", section.formats())));
            if (!section.connection().isEmpty()) {
                line(out, 'c', section.connection());
            }
            section.attributes().forEach(attribute -> line(out, attribute));
        }
        return out.toString();
    }

    private static void line(StringBuilder out, Attribute attribute) {
        line(out, 'a', attribute.value().isEmpty() ? attribute.name() : attribute.name() + ":" + attribute.value());
    }

    private static void line(StringBuilder out, char type, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("A line of a session description holds a line end.");
        }
        out.append(type).append('=').append(value).append("\r\n");
    }

    private static Section section(String value, int before) {
        if (before >= MAX_MEDIA) {
            throw fault("has more than %d media sections".formatted(MAX_MEDIA));
        }
        String[] parts = value.split("\\s+");
        int port = parts.length < 3 ? -1 : number(parts[1].split("/", 2)[0], -1);
        if (port < 0 || port > 65_535) {
            throw fault("has a media line that cannot be read");
        }
        return new Section(parts[0], port, parts[2], List.of(Arrays.copyOfRange(parts, 3, Math.min(parts.length, 67))));
    }

    private static void attribute(List<Attribute> into, String value) {
        if (into.size() >= MAX_ATTRIBUTES) {
            throw fault("has more than %d attributes in one section".formatted(MAX_ATTRIBUTES));
        }
        int colon = value.indexOf(':');
        into.add(
                colon < 0
                        ? new Attribute(value, "")
                        : new Attribute(
                                value.substring(0, colon).strip(),
                                value.substring(colon + 1).strip()));
    }

    private static Optional<String> first(List<Attribute> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equalsIgnoreCase(name))
                .map(Attribute::value)
                .findFirst();
    }

    private static List<String> all(List<Attribute> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equalsIgnoreCase(name))
                .map(Attribute::value)
                .toList();
    }

    private static int number(String text, int otherwise) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }

    private static BadRequest fault(String what) {
        return new BadRequest(
                "session-description",
                "The session description %s.".formatted(what),
                "Check what the camera or the caller sends: it must be SDP as RFC 8866 writes it.");
    }

    /** A media section while its lines are read. */
    private static final class Section {
        private final String kind;
        private final int port;
        private final String protocol;
        private final List<String> formats;
        private final List<Attribute> attributes = new ArrayList<>();
        private String connection = "";

        private Section(String kind, int port, String protocol, List<String> formats) {
            this.kind = kind;
            this.port = port;
            this.protocol = protocol;
            this.formats = formats;
        }

        private Media toMedia() {
            return new Media(kind, port, protocol, formats, connection, attributes);
        }
    }
}
