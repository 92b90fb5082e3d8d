package org.conurb.media;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of a WebRTC session over UDP, for programs that take part without a browser: it offers by WHIP or WHEP
 * (RFC 9725), proves itself to an ICE-lite server (RFC 8445), agrees on keys (RFC 5764) and exchanges RTP and RTCP. One
 * socket, one server, one thread at a time.
 */
public final class WebRtcClient implements AutoCloseable {
    private static final int MAX_DATAGRAM = 1500;
    private static final int MOST_SOURCES = 16;
    private static final int CHECKS = 40;
    private static final int CHECK_PATIENCE_MS = 500;

    private final SrtpProfile profile = SrtpProfile.AES128_CM_HMAC_SHA1_80;
    private final Keys keys;
    private final Map<Integer, Unwrapper> sequences = new HashMap<>();
    private Names names;
    private @Nullable Names coming;
    private DatagramChannel channel;
    private final ByteBuffer packet = ByteBuffer.allocate(MAX_DATAGRAM + SrtpTransform.MAX_GROWTH);
    private @Nullable Selector waiting;
    private boolean answering;
    private boolean asked;
    private @Nullable String serverFragment;
    private @Nullable HmacSha1 serverKey;
    private @Nullable SrtpTransform incoming;
    private @Nullable SrtpTransform outgoing;

    /** What to offer. */
    public enum Direction {
        SEND("sendonly"),
        RECEIVE("recvonly"),
        BOTH("sendrecv");

        private final String attribute;

        Direction(String attribute) {
            this.attribute = attribute;
        }
    }

    /** Key and certificate, which many clients may share, and where chance comes from. */
    public static final class Keys {
        private final DtlsIdentity identity;
        private final SecureRandom random;

        /** @param now from when the certificate is valid */
        public Keys(SecureRandom random, Instant now) {
            this.random = random;
            this.identity = DtlsIdentity.make(random, now);
        }

        private String word(int octets) {
            byte[] drawn = new byte[octets];
            random.nextBytes(drawn);
            return HexFormat.of().formatHex(drawn);
        }
    }

    public WebRtcClient(Keys keys) throws IOException {
        this.keys = keys;
        names = Names.drawnBy(keys);
        channel = open();
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel opened = DatagramChannel.open();
        opened.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 18);
        opened.configureBlocking(false);
        return opened;
    }

    /** What this end calls itself, and the key of checks that are meant for it. */
    private record Names(String fragment, String password, HmacSha1 key) {
        static Names drawnBy(Keys keys) {
            String password = keys.word(12);
            return new Names(keys.word(4), password, new HmacSha1(password.getBytes(StandardCharsets.US_ASCII)));
        }

        String lines() {
            return "a=ice-ufrag:%s\na=ice-pwd:%s\n".formatted(fragment, password);
        }
    }

    /** An offer of one video (H.264, payload type 102). */
    public String offerVideo(Direction direction) {
        return session("0") + section("video", "0", direction, """
                a=rtpmap:102 H264/90000
                a=rtcp-fb:102 nack
                a=rtcp-fb:102 nack pli
                a=fmtp:102 packetization-mode=1;profile-level-id=42e01f
                """, 102);
    }

    /** An offer of one voice (Opus, payload type 111). */
    public String offerAudio(Direction direction) {
        return session("0") + voice(0, direction);
    }

    /**
     * An offer of a voice, and to hear others at once, each in a section of its own.
     *
     * @param others 0 to 15
     */
    public String offerVoices(int others) {
        StringBuilder mids = new StringBuilder("0");
        StringBuilder sections = new StringBuilder(voice(0, Direction.SEND));
        for (int mid = 1; mid <= others; mid++) {
            mids.append(' ').append(mid);
            sections.append(voice(mid, Direction.RECEIVE));
        }
        return session(mids.toString()) + sections;
    }

    /**
     * Answers a server that offers one voice, to hear it: for servers that wait for an answer instead of giving one. They must
     * leave it to this end to check first and to open DTLS. To be connected with the same offer once they have the answer.
     *
     * @throws IOException where the offer has no voice, or no address
     */
    public String answerAudio(String offer) throws IOException {
        String mid = attribute(offer, "mid:(\\S+)").group(1);
        int type = Integer.parseInt(
                attribute(offer, "rtpmap:(\\d+) (?i:opus)/48000").group(1));
        reach(channel, offer, null);
        answering = true;
        InetSocketAddress here = (InetSocketAddress) channel.getLocalAddress();
        return session(mid)
                + section(
                        "audio",
                        mid,
                        Direction.RECEIVE,
                        """
                        a=rtpmap:%d opus/48000/2
                        a=candidate:1 1 udp 2130706431 %s %d typ host
                        a=end-of-candidates
                        """.formatted(type, here.getAddress().getHostAddress(), here.getPort()),
                        type);
    }

    private String session(String mids) {
        return lines("""
                v=0
                o=- %d 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE %s
                %sa=fingerprint:sha-256 %s
                a=setup:active
                """.formatted(keys.random.nextInt(1 << 30), mids, names.lines(), keys.identity.fingerprint()));
    }

    private static String voice(int mid, Direction direction) {
        return section("audio", String.valueOf(mid), direction, """
                a=rtpmap:111 opus/48000/2
                a=fmtp:111 minptime=10;useinbandfec=1
                """, 111);
    }

    private static String section(String kind, String mid, Direction direction, String codec, int payloadType) {
        return lines("""
                m=%1$s 9 UDP/TLS/RTP/SAVPF %2$d
                c=IN IP4 0.0.0.0
                a=mid:%3$s
                a=%4$s
                a=rtcp-mux
                a=msid:- %1$s%3$s
                %5$s""".formatted(kind, payloadType, mid, direction.attribute, codec));
    }

    private static String lines(String sdp) {
        return sdp.replace("\n", "\r\n");
    }

    /**
     * Connects as the answer says, and waits until keys are agreed on: some tens of milliseconds on one machine.
     *
     * @param server where the HTTP answer came from, where the answer's own candidate is not to be used
     * @throws IOException where the answer makes no sense, or nobody answers
     */
    public void connect(String answer, @Nullable InetAddress server) throws IOException {
        server(answer);
        Matcher print = attribute(answer, "fingerprint:(\\S+) (\\S+)");
        if (!channel.isConnected()) {
            reach(channel, answer, server);
        }
        DtlsClient client = new DtlsClient(
                new JcaTlsCryptoProvider().create(keys.random),
                keys.identity,
                profile,
                new DtlsServer.Fingerprint(print.group(1), print.group(2)));
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            waiting = selector;
            check();
            awaitCheck();
            new DTLSClientProtocol().connect(client, new Wire());
        } finally {
            waiting = null;
        }
        incoming = profile.transform(client.keyingMaterial(), false, new SrtpScratch());
        outgoing = profile.transform(client.keyingMaterial(), true, new SrtpScratch());
    }

    /** What the server calls itself. */
    private void server(String answer) throws IOException {
        serverFragment = attribute(answer, "ice-ufrag:(\\S+)").group(1);
        serverKey = new HmacSha1(attribute(answer, "ice-pwd:(\\S+)").group(1).getBytes(StandardCharsets.US_ASCII));
    }

    /** New names (RFC 8445 §9), for the offer of a restart; {@link #move} takes its answer. Packets go the old way meanwhile. */
    public String offerRestart() {
        Names drawn = Names.drawnBy(keys);
        coming = drawn;
        return lines(drawn.lines());
    }

    /**
     * Goes on from another port under the names of {@link #offerRestart}: keys and streams stay. {@link #channel} is another one
     * from then on.
     *
     * @param server as for {@link #connect}
     * @throws IOException where the answer makes no sense, or nobody answers
     */
    public void move(String answer, @Nullable InetAddress server) throws IOException {
        names = Objects.requireNonNull(coming, "a restart was not offered");
        server(answer);
        DatagramChannel old = channel;
        channel = open();
        try (old;
                Selector selector = Selector.open()) {
            reach(channel, answer, server);
            channel.register(selector, SelectionKey.OP_READ);
            waiting = selector;
            check();
        } finally {
            waiting = null;
        }
    }

    private static void reach(DatagramChannel channel, String sdp, @Nullable InetAddress server) throws IOException {
        Matcher candidate = attribute(sdp, "candidate:\\S+ 1 (?i:udp) \\S+ (\\S+) (\\d+) typ host");
        InetAddress address = server == null ? InetAddress.getByName(candidate.group(1)) : server;
        channel.connect(new InetSocketAddress(address, Integer.parseInt(candidate.group(2))));
    }

    private static Matcher attribute(String sdp, String pattern) throws IOException {
        Matcher found = Pattern.compile("a=" + pattern).matcher(sdp);
        if (!found.find()) {
            throw new IOException("The answer has no " + pattern);
        }
        return found;
    }

    private void check() throws IOException {
        for (int tries = 0; tries < CHECKS; tries++) {
            byte[] request = consent();
            if (answered(request)) {
                return;
            }
        }
        throw new SocketTimeoutException("No answer to %d checks of %s".formatted(CHECKS, channel.getRemoteAddress()));
    }

    /** A server that offers listens to no handshake before its own check is answered, and hears of a lost one a second later. */
    private void awaitCheck() throws IOException {
        for (int tries = 0; answering && !asked && tries < CHECKS; tries++) {
            next(CHECK_PATIENCE_MS);
        }
    }

    private boolean answered(byte[] request) throws IOException {
        for (byte[] bytes = next(CHECK_PATIENCE_MS); bytes != null; bytes = next(CHECK_PATIENCE_MS)) {
            StunMessage answer = StunMessage.parse(bytes, bytes.length);
            if (answer != null
                    && answer.type() == StunMessage.BINDING_SUCCESS
                    && answer.isFrom(Objects.requireNonNull(serverKey))
                    && Arrays.equals(bytes, 8, 20, request, 8, 20)) {
                return true;
            }
        }
        return false;
    }

    /** Tells the server that this end still wants packets (RFC 7675): to be called at least every 15 s. */
    public byte[] consent() throws IOException {
        byte[] transaction = new byte[12];
        keys.random.nextBytes(transaction);
        StunWriter writer = new StunWriter()
                .request(transaction)
                .attribute(
                        StunMessage.USERNAME,
                        (serverFragment + ":" + names.fragment()).getBytes(StandardCharsets.UTF_8))
                .attribute(StunMessage.PRIORITY, new byte[] {1, 2, 3, 4})
                .attribute(StunMessage.ICE_CONTROLLING, new byte[8])
                .attribute(StunMessage.USE_CANDIDATE, new byte[0])
                .integrity(Objects.requireNonNull(serverKey))
                .fingerprint();
        byte[] request = Arrays.copyOf(writer.bytes(), writer.length());
        channel.write(ByteBuffer.wrap(request));
        return request;
    }

    /** The socket, not blocking, for those who wait for many of these at once; another one after {@link #move}. */
    public DatagramChannel channel() {
        return channel;
    }

    /**
     * Takes a datagram as it came from {@link #channel} and opens it where it is RTP.
     *
     * @return length of the RTP packet now in the array; -1 for anything else, or forged
     */
    public int openRtp(byte[] bytes, int length) {
        boolean rtp = length > 12 && (bytes[0] & 0xc0) == 0x80 && !RtpHeader.isRtcp(bytes);
        int header = rtp ? 12 + 4 * (bytes[0] & 0x0f) : 0;
        if (!rtp || (bytes[0] & 0x10) != 0 || header > length) {
            return -1;
        }
        int source = Bytes.i32(bytes, 8);
        Unwrapper sequence = sequences.get(source);
        if (sequence == null) {
            sequence = Unwrapper.ofSequences();
        }
        int number = Bytes.u16(bytes, 2);
        int opened = Objects.requireNonNull(incoming).openRtp(bytes, length, header, sequence.peek(number));
        if (opened >= 0) {
            sequence.unwrap(number);
            if (sequences.size() < MOST_SOURCES) {
                sequences.putIfAbsent(source, sequence);
            }
        }
        return opened;
    }

    /**
     * Protects and sends an RTP packet without extensions or sources.
     *
     * @param extended its sequence number, counted on beyond 16 bits
     * @throws IllegalArgumentException where it is longer than a datagram should be
     */
    public void sendRtp(byte[] rtp, int length, long extended) throws IOException {
        if (length > MAX_DATAGRAM - SrtpTransform.MAX_GROWTH) {
            throw new IllegalArgumentException("A packet of %d octets".formatted(length));
        }
        byte[] bytes = packet.array();
        System.arraycopy(rtp, 0, bytes, 0, length);
        int grown = Objects.requireNonNull(outgoing).protectRtp(bytes, length, 12, extended);
        channel.write(packet.clear().limit(grown));
    }

    /** The next datagram; null where none comes in time. */
    private byte @Nullable [] next(int patienceMs) throws IOException {
        packet.clear();
        if (channel.read(packet) <= 0) {
            Selector selector = Objects.requireNonNull(waiting);
            selector.select(Math.max(1, patienceMs));
            selector.selectedKeys().clear();
            if (channel.read(packet.clear()) <= 0) {
                return null;
            }
        }
        byte[] bytes = Arrays.copyOf(packet.array(), packet.position());
        reply(bytes);
        return bytes;
    }

    /** A server that answers offers is ICE-lite and asks nothing; one that offers may want to know that we are there. */
    private void reply(byte[] bytes) throws IOException {
        StunMessage request = StunMessage.parse(bytes, bytes.length);
        if (request != null && request.type() == StunMessage.BINDING_REQUEST && request.isFrom(names.key())) {
            InetSocketAddress server = (InetSocketAddress) channel.getRemoteAddress();
            StunWriter writer = new StunWriter()
                    .answer(request, StunMessage.BINDING_SUCCESS)
                    .mapped(server.getAddress().getAddress(), server.getPort())
                    .integrity(names.key())
                    .fingerprint();
            channel.write(ByteBuffer.wrap(writer.bytes(), 0, writer.length()));
            asked = true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private final class Wire implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return MAX_DATAGRAM;
        }

        @Override
        public int getSendLimit() {
            return 1200;
        }

        @Override
        public int receive(byte[] into, int offset, int length, int waitMs) throws IOException {
            byte[] bytes = next(waitMs);
            if (bytes == null) {
                return -1;
            }
            int taken = Math.min(length, bytes.length);
            System.arraycopy(bytes, 0, into, offset, taken);
            return taken;
        }

        @Override
        public void send(byte[] bytes, int offset, int length) throws IOException {
            channel.write(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() {}
    }
}
