package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a phone says of its media (RFC 8866, 3264): the first audio section that we can take, and the floor channel of TS
 * 24.380 4.3 where there is one.
 *
 * @param section place of the audio among the sections
 * @param kinds media and transport of each section, as {@code audio RTP/AVP 0}
 * @param address where voice is sent to; port 0 or an unspecified address where nowhere
 * @param codecs ours by their payload types, in the order of the phone
 * @param keyEvents payload type of telephone-event (RFC 4733); -1 for none
 * @param keyClock its clock rate, which an answer repeats
 * @param sends whether the phone sends
 * @param receives whether it wants to be sent anything
 * @param floor place of the floor channel; -1 for none
 * @param floorPort of the phone
 */
record SipSdp(
        int section,
        List<String> kinds,
        InetSocketAddress address,
        Map<SipCodec, Integer> codecs,
        int keyEvents,
        int keyClock,
        boolean sends,
        boolean receives,
        boolean sharesRtcp,
        int floor,
        int floorPort) {
    static final String TYPE = "application/sdp";
    private static final int MOST_LINES = 200;
    private static final int MOST_SECTIONS = 8;

    /** One {@code m=} with what belongs to it. */
    private static final class Section {
        private final String media;
        private final int port;
        private final String transport;
        private final List<String> formats;
        private final List<String> attributes = new ArrayList<>();
        private @Nullable String connection;

        Section(String line) throws SipFailure {
            String[] parts = line.strip().split(" +");
            if (parts.length < 4 || parts.length > 40) {
                throw bad();
            }
            media = parts[0];
            port = SipMessage.number(parts[1].split("/", 2)[0], 65_535);
            transport = parts[2];
            formats = List.of(parts).subList(3, parts.length);
        }

        Optional<String> format(String kind, String format) {
            String start = kind + ':' + format + ' ';
            return attributes.stream()
                    .filter(each -> each.startsWith(start))
                    .map(each -> each.substring(start.length()))
                    .findFirst();
        }
    }

    /** @throws SipFailure 400 for what is no description, 488 where there is nothing in it that we could take */
    static SipSdp read(byte[] body) throws SipFailure {
        String[] lines = new String(body, UTF_8).split("\r?\n", -1);
        if (lines.length > MOST_LINES || !lines[0].equals("v=0")) {
            throw bad();
        }
        List<Section> sections = new ArrayList<>();
        List<String> attributes = new ArrayList<>();
        String connection = "";
        for (String line : lines) {
            if (line.isEmpty()) {
                continue;
            }
            if (line.length() < 2 || line.charAt(1) != '=') {
                throw bad();
            }
            String value = line.substring(2);
            switch (line.charAt(0)) {
                case 'm' -> sections.add(new Section(value));
                case 'c' -> {
                    if (sections.isEmpty()) {
                        connection = value;
                    } else {
                        sections.getLast().connection = value;
                    }
                }
                case 'a' -> (sections.isEmpty() ? attributes : sections.getLast().attributes).add(value);
                default -> {} // who and when: nothing to us
            }
            if (sections.size() > MOST_SECTIONS) {
                throw bad();
            }
        }
        int floor = -1;
        for (int i = 0; i < sections.size(); i++) {
            Section each = sections.get(i);
            if (each.media.equals("application") && each.formats.contains("MCPTT") && each.port > 0) {
                floor = i;
            }
        }
        for (int i = 0; i < sections.size(); i++) {
            Section each = sections.get(i);
            if (each.media.equals("audio") && each.transport.equals("RTP/AVP") && each.port > 0) {
                Map<SipCodec, Integer> codecs = codecs(each);
                if (!codecs.isEmpty()) {
                    return of(i, sections, codecs, attributes, connection, floor);
                }
            }
        }
        throw new SipFailure(488, "Not Acceptable Here");
    }

    private static SipSdp of(
            int at,
            List<Section> sections,
            Map<SipCodec, Integer> codecs,
            List<String> session,
            String connection,
            int floor)
            throws SipFailure {
        Section audio = sections.get(at);
        InetAddress host = address(audio.connection == null ? connection : audio.connection);
        String direction =
                direction(audio.attributes).or(() -> direction(session)).orElse("sendrecv");
        KeyEvents keys = keyEvents(audio);
        return new SipSdp(
                at,
                sections.stream()
                        .map(each -> each.media + ' ' + each.transport + ' ' + each.formats.getFirst())
                        .toList(),
                new InetSocketAddress(host, audio.port),
                codecs,
                keys.type(),
                keys.clock(),
                direction.startsWith("send"),
                (direction.equals("sendrecv") || direction.equals("recvonly")) && !host.isAnyLocalAddress(),
                audio.attributes.contains("rtcp-mux"),
                floor,
                floor < 0 ? 0 : sections.get(floor).port);
    }

    private static Optional<String> direction(List<String> attributes) {
        return attributes.stream()
                .filter(List.of("sendrecv", "sendonly", "recvonly", "inactive")::contains)
                .findFirst();
    }

    private static Map<SipCodec, Integer> codecs(Section audio) throws SipFailure {
        Map<SipCodec, Integer> found = new java.util.LinkedHashMap<>();
        for (String format : audio.formats) {
            int type = SipMessage.number(format, 127);
            for (SipCodec codec : SipCodec.values()) {
                boolean fixed = codec.fixedType() == type;
                if (audio.format("rtpmap", format).map(codec::isMap).orElse(fixed)) {
                    found.putIfAbsent(codec, type);
                }
            }
        }
        return found;
    }

    private record KeyEvents(int type, int clock) {}

    private static KeyEvents keyEvents(Section audio) throws SipFailure {
        for (String format : audio.formats) {
            String map = audio.format("rtpmap", format).orElse("").toLowerCase(Locale.ROOT);
            if (map.startsWith("telephone-event/")) {
                String clock = map.substring("telephone-event/".length())
                        .split("/", 2)[0]
                        .strip();
                return new KeyEvents(SipMessage.number(format, 127), SipMessage.number(clock, 192_000));
            }
        }
        return new KeyEvents(-1, 8_000);
    }

    /** Numbers only: nobody's name is looked up because a peer says so. */
    private static InetAddress address(String connection) throws SipFailure {
        String[] parts = connection.strip().split(" +");
        boolean four = parts.length == 3 && parts[0].equals("IN") && parts[1].equals("IP4");
        boolean six = parts.length == 3 && parts[0].equals("IN") && parts[1].equals("IP6");
        try {
            if (four) {
                return InetAddress.ofLiteral(parts[2].split("/", 2)[0]);
            }
            if (six && parts[2].indexOf(':') >= 0) {
                return InetAddress.ofLiteral(parts[2].split("/", 2)[0]);
            }
        } catch (IllegalArgumentException notNumbers) {
            throw new SipFailure(488, "Not Acceptable Here");
        }
        throw bad();
    }

    private static SipFailure bad() {
        return new SipFailure(400, "Bad Session Description");
    }

    /** What of the phone's codecs we use: Opus where it has it, so that nothing needs to be converted. */
    SipCodec codec() {
        for (SipCodec codec : SipCodec.values()) {
            if (codecs.containsKey(codec)) {
                return codec;
            }
        }
        throw new IllegalStateException("A description without a codec was read");
    }

    int type(SipCodec codec) {
        return codecs.getOrDefault(codec, codec.fixedType());
    }

    /** Our answer to it. @param port of ours, where voice and floor messages come */
    byte[] answer(InetAddress own, int port, SipCodec codec, long session, int version) {
        StringBuilder text = head(own, session, version);
        for (int i = 0; i < kinds.size(); i++) {
            if (i == section) {
                audio(text, port, Map.of(codec, type(codec)), keyEvents, keyClock);
                text.append("a=")
                        .append(sends ? receives ? "sendrecv" : "recvonly" : receives ? "sendonly" : "inactive")
                        .append("\r\n");
                if (sharesRtcp) {
                    text.append("a=rtcp-mux\r\n");
                }
            } else if (i == floor) {
                text.append("m=application ").append(port).append(" udp MCPTT\r\na=fmtp:MCPTT mc_queueing\r\n");
            } else {
                String[] kind = kinds.get(i).split(" ");
                text.append("m=")
                        .append(kind[0])
                        .append(" 0 ")
                        .append(kind[1])
                        .append(' ')
                        .append(kind[2])
                        .append("\r\n");
            }
        }
        return text.toString().getBytes(UTF_8);
    }

    /** What we offer. */
    static byte[] offer(InetAddress own, int port, long session) {
        StringBuilder text = head(own, session, 1);
        Map<SipCodec, Integer> all = new java.util.LinkedHashMap<>();
        for (SipCodec codec : SipCodec.values()) {
            all.put(codec, codec == SipCodec.OPUS ? SipCodec.OUR_OPUS : codec.fixedType());
        }
        audio(text, port, all, SipCodec.OUR_EVENTS, 8_000);
        return text.append("a=sendrecv\r\n").toString().getBytes(UTF_8);
    }

    private static StringBuilder head(InetAddress own, long session, int version) {
        String address = "IN %s %s".formatted(own.getAddress().length == 4 ? "IP4" : "IP6", own.getHostAddress());
        return new StringBuilder(
                "v=0\r\no=- %d %d %s\r\ns=-\r\nc=%3$s\r\nt=0 0\r\n".formatted(session, version, address));
    }

    private static void audio(StringBuilder text, int port, Map<SipCodec, Integer> codecs, int events, int clock) {
        text.append("m=audio ").append(port).append(" RTP/AVP");
        codecs.values().forEach(type -> text.append(' ').append(type));
        if (events >= 0) {
            text.append(' ').append(events);
        }
        text.append("\r\n");
        codecs.forEach((codec, type) -> {
            text.append("a=rtpmap:%d %s\r\n".formatted(type, codec.map()));
            if (codec == SipCodec.OPUS) {
                text.append("a=fmtp:%d useinbandfec=1;stereo=0;maxplaybackrate=16000\r\n".formatted(type));
            }
        });
        if (events >= 0) {
            text.append("a=rtpmap:%1$d telephone-event/%2$d\r\na=fmtp:%1$d 0-16\r\n".formatted(events, clock));
        }
        text.append("a=ptime:20\r\na=rtcp:").append(port).append("\r\n");
    }
}
