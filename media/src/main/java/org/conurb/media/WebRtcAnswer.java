package org.conurb.media;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.conurb.kernel.BadRequest;

/**
 * Chooses what an answer says (RFC 8829 §5.3, as the side that is ICE-lite and DTLS server) and writes it.
 *
 * @param choices one for each section of the offer, in its order; nothing for a refused one
 */
record WebRtcAnswer(WebRtcOffer offer, List<Optional<Choice>> choices) {
    /**
     * What we do with one section.
     *
     * @param payloadType the offer's number for {@code codec}
     */
    record Choice(
            WebRtcOffer.Section section,
            int payloadType,
            RtpCodec codec,
            boolean sends,
            boolean receives,
            boolean nack,
            boolean pli) {}

    /** Where the peer reaches us. */
    record Addresses(List<InetAddress> hosts, int udpPort, int tcpPort) {}

    /** @throws BadRequest where no section of the offer meets a wish */
    static WebRtcAnswer to(WebRtcOffer offer, List<TrackWish> wishes) {
        List<TrackWish> open = new ArrayList<>(wishes);
        List<Optional<Choice>> choices = new ArrayList<>();
        boolean first = true;
        for (WebRtcOffer.Section section : offer.sections()) {
            Optional<Choice> choice = Optional.empty();
            for (TrackWish wish : List.copyOf(open)) {
                choice = section.bundled() || first ? choose(section, wish) : Optional.empty();
                if (choice.isPresent()) {
                    open.remove(wish);
                    break;
                }
            }
            first &= choice.isEmpty();
            choices.add(choice);
        }
        if (first) {
            throw new BadRequest(
                    "no-common-codec",
                    "The offer has no section with a codec and direction that we can serve.",
                    "Offer " + wishes + ".");
        }
        return new WebRtcAnswer(offer, List.copyOf(choices));
    }

    private static Optional<Choice> choose(WebRtcOffer.Section section, TrackWish wish) {
        boolean sends = wish.sends() && section.peerReceives();
        boolean receives = wish.receives() && section.peerSends();
        boolean possible = section.kind().equals(wish.kind())
                && section.protocol().endsWith("/TLS/RTP/SAVPF")
                && section.rtcpMux()
                && (sends || receives);
        return possible
                ? wish.codecs().stream()
                        .flatMap(codec -> best(section.codecs(), codec).stream())
                        .findFirst()
                        .map(type -> choice(section, type, sends, receives))
                : Optional.empty();
    }

    private static Choice choice(WebRtcOffer.Section section, int type, boolean sends, boolean receives) {
        java.util.Set<String> feedback = section.feedback().getOrDefault(type, java.util.Set.of());
        RtpCodec codec = java.util.Objects.requireNonNull(section.codecs().get(type));
        return new Choice(
                section, type, codec, sends, receives, feedback.contains("nack"), feedback.contains("nack pli"));
    }

    private static Optional<Integer> best(Map<Integer, RtpCodec> offered, RtpCodec codec) {
        return offered.entrySet().stream()
                .filter(entry -> entry.getValue().carries(codec))
                .min(Comparator.comparingInt(entry -> entry.getValue().distance(codec)))
                .map(Map.Entry::getKey);
    }

    /** @param ssrcs of what we send, by section; @param cname RTCP's name for us */
    String write(
            IceAgent.Credentials ice,
            String fingerprint,
            Addresses addresses,
            List<Integer> ssrcs,
            String cname,
            long id) {
        StringBuilder sdp = new StringBuilder(2048);
        sdp.append("v=0\r\no=- ").append(id).append(" 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n");
        sdp.append("a=group:BUNDLE");
        choices.forEach(choice ->
                choice.ifPresent(it -> sdp.append(' ').append(it.section().mid())));
        sdp.append("\r\na=msid-semantic: WMS *\r\n");
        IntStream.range(0, choices.size())
                .forEach(at -> choices.get(at)
                        .ifPresentOrElse(
                                choice -> accept(sdp, choice, ice, fingerprint, addresses, ssrcs.get(at), cname),
                                () -> refuse(sdp, offer.sections().get(at))));
        return sdp.toString();
    }

    private static void refuse(StringBuilder sdp, WebRtcOffer.Section section) {
        sdp.append("m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\na=inactive\r\n"
                .formatted(section.kind(), section.protocol(), section.formats().split(" ")[0], section.mid()));
    }

    private static void accept(
            StringBuilder sdp,
            Choice choice,
            IceAgent.Credentials ice,
            String fingerprint,
            Addresses addresses,
            int ssrc,
            String cname) {
        int type = choice.payloadType();
        sdp.append("m=%s 9 %s %d\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\n"
                .formatted(
                        choice.section().kind(),
                        choice.section().protocol(),
                        type,
                        choice.section().mid()));
        sdp.append(choice.sends() ? choice.receives() ? "a=sendrecv\r\n" : "a=sendonly\r\n" : "a=recvonly\r\n");
        sdp.append("a=rtcp-mux\r\na=rtpmap:%d %s\r\n"
                .formatted(type, choice.codec().encoding()));
        if (!choice.codec().answered().isEmpty()) {
            sdp.append("a=fmtp:%d %s\r\n".formatted(type, choice.codec().answered()));
        }
        if (choice.nack()) {
            sdp.append("a=rtcp-fb:%d nack\r\n".formatted(type));
        }
        if (choice.pli()) {
            sdp.append("a=rtcp-fb:%d nack pli\r\n".formatted(type));
        }
        sdp.append("a=setup:passive\r\na=fingerprint:sha-256 %s\r\n".formatted(fingerprint));
        sdp.append(credentials(ice)).append(candidates(addresses));
        if (choice.sends()) {
            String msid = "conurb conurb-" + choice.section().mid();
            sdp.append("a=msid:%s\r\na=ssrc:%s cname:%s\r\na=ssrc:%2$s msid:%1$s\r\n"
                    .formatted(msid, Integer.toUnsignedString(ssrc), cname));
        }
    }

    /** What a restart tells a WHIP or WHEP client (RFC 9725 §4.3.3), {@code application/trickle-ice-sdpfrag}. */
    String fragment(IceAgent.Credentials ice, Addresses addresses) {
        StringBuilder sdp = new StringBuilder("a=ice-lite\r\n").append(credentials(ice));
        choices.stream()
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(choice -> sdp.append("m=%s 9 %s 0\r\na=mid:%s\r\n"
                                .formatted(
                                        choice.section().kind(),
                                        choice.section().protocol(),
                                        choice.section().mid()))
                        .append(candidates(addresses)));
        return sdp.toString();
    }

    private static String credentials(IceAgent.Credentials ice) {
        return "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n".formatted(ice.fragment(), ice.password());
    }

    /** Host candidates (RFC 8839 §5.1, RFC 6544 §4.5): UDP first, TCP for where UDP is closed. */
    private static String candidates(Addresses addresses) {
        StringBuilder lines = new StringBuilder();
        int order = 0;
        for (InetAddress host : addresses.hosts()) {
            int local = 65_535 - order++ - (host instanceof Inet6Address ? 1_000 : 0);
            String address = host.getHostAddress().replaceFirst("%.*", "");
            if (addresses.udpPort() > 0) {
                lines.append("a=candidate:%d 1 udp %d %s %d typ host\r\n"
                        .formatted(order, 126L << 24 | (long) local << 8 | 255, address, addresses.udpPort()));
            }
            if (addresses.tcpPort() > 0) {
                lines.append("a=candidate:%d 1 tcp %d %s %d typ host tcptype passive\r\n"
                        .formatted(
                                100 + order,
                                90L << 24 | (long) (2 << 13 | local & 0x1fff) << 8 | 255,
                                address,
                                addresses.tcpPort()));
            }
        }
        return lines.append("a=end-of-candidates\r\n").toString();
    }
}
