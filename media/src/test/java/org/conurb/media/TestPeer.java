package org.conurb.media;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** The other end of a session over UDP, in our hands: checks, handshake, and packets right or wrong. */
final class TestPeer implements AutoCloseable {
    static final String FRAGMENT = "peer";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DtlsIdentity IDENTITY = DtlsIdentity.make(RANDOM, Instant.EPOCH);

    final DatagramSocket socket;
    private final String localFragment;
    private final HmacSha1 key;
    private final int port;
    private final DtlsServer.Fingerprint server;
    private final SrtpProfile profile;
    SrtpTransform incoming;
    SrtpTransform outgoing;
    private DTLSTransport association;

    static String offer(String direction) {
        return offer(direction, IDENTITY.fingerprint());
    }

    static String offer(String direction, String fingerprint) {
        return """
                v=0
                o=- 1 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1
                m=video 9 UDP/TLS/RTP/SAVPF 96 102
                c=IN IP4 0.0.0.0
                a=ice-ufrag:peer
                a=ice-pwd:0123456789012345678901
                a=fingerprint:sha-256 %s
                a=setup:actpass
                a=mid:0
                a=%s
                a=rtcp-mux
                a=rtpmap:96 VP8/90000
                a=rtpmap:102 H264/90000
                a=rtcp-fb:102 nack
                a=rtcp-fb:102 nack pli
                a=fmtp:102 packetization-mode=1;profile-level-id=42e01f
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                a=mid:1
                a=%s
                a=rtcp-mux
                a=rtpmap:111 opus/48000/2
                """.formatted(fingerprint, direction, direction);
    }

    TestPeer(MediaSession session) throws IOException {
        this(session, SrtpProfile.AES128_CM_HMAC_SHA1_80);
    }

    TestPeer(MediaSession session, SrtpProfile profile) throws IOException {
        this.profile = profile;
        this.localFragment = attribute(session.answer(), "ice-ufrag:(\\S+)");
        this.key = new HmacSha1(attribute(session.answer(), "ice-pwd:(\\S+)").getBytes(StandardCharsets.US_ASCII));
        this.server = new DtlsServer.Fingerprint("sha-256", attribute(session.answer(), "fingerprint:sha-256 (\\S+)"));
        this.port = Integer.parseInt(attribute(session.answer(), "candidate:\\S+ 1 udp \\S+ \\S+ (\\d+) typ host"));
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(1 << 20);
    }

    static String attribute(String sdp, String pattern) {
        Matcher found = Pattern.compile("a=" + pattern).matcher(sdp);
        if (!found.find()) {
            throw new AssertionError(pattern + " not in " + sdp);
        }
        return found.group(1);
    }

    byte[] checkRequest() {
        byte[] transaction = new byte[12];
        RANDOM.nextBytes(transaction);
        StunWriter writer = new StunWriter()
                .request(transaction)
                .attribute(StunMessage.USERNAME, (localFragment + ":" + FRAGMENT).getBytes(StandardCharsets.UTF_8))
                .attribute(StunMessage.PRIORITY, new byte[] {1, 2, 3, 4})
                .attribute(StunMessage.ICE_CONTROLLING, new byte[8])
                .attribute(StunMessage.USE_CANDIDATE, new byte[0])
                .integrity(key)
                .fingerprint();
        return Arrays.copyOf(writer.bytes(), writer.length());
    }

    /** Until a check of ours is answered: this one, as others may have been before, and again where it was lost. */
    TestPeer check() throws IOException {
        for (int tries = 0; tries < 40; tries++) {
            byte[] request = checkRequest();
            send(request);
            if (answered(request)) {
                return this;
            }
        }
        throw new AssertionError("no answer to 40 checks");
    }

    private boolean answered(byte[] request) throws IOException {
        try {
            while (true) {
                byte[] packet = receive(500);
                StunMessage answer = StunMessage.parse(packet, packet.length);
                if (answer != null
                        && answer.type() == StunMessage.BINDING_SUCCESS
                        && answer.isFrom(key)
                        && Arrays.equals(packet, 8, 20, request, 8, 20)) {
                    return true;
                }
            }
        } catch (SocketTimeoutException lost) {
            return false;
        }
    }

    TestPeer connect() throws IOException {
        check();
        JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(RANDOM);
        DtlsClient client = new DtlsClient(crypto, IDENTITY, profile, server);
        association = new DTLSClientProtocol().connect(client, new Wire());
        incoming = profile.transform(client.keyingMaterial(), false, new SrtpScratch());
        outgoing = profile.transform(client.keyingMaterial(), true, new SrtpScratch());
        return this;
    }

    void send(byte[] packet) throws IOException {
        send(packet, packet.length);
    }

    void send(byte[] packet, int length) throws IOException {
        socket.send(new DatagramPacket(packet, length, InetAddress.getLoopbackAddress(), port));
    }

    byte[] receive(int patienceMs) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.setSoTimeout(patienceMs);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** The next RTP packet, opened. */
    byte[] receiveRtp() throws IOException {
        while (true) {
            byte[] packet = receive(10_000);
            if ((packet[0] & 0xc0) == 0x80 && !RtpHeader.isRtcp(packet)) {
                return open(packet);
            }
        }
    }

    private byte[] open(byte[] packet) {
        int length = incoming.openRtp(packet, packet.length, 12, Bytes.u16(packet, 2));
        if (length < 0) {
            throw new AssertionError("forged");
        }
        return Arrays.copyOf(packet, length);
    }

    byte[] receiveRtcp(int type) throws IOException {
        while (true) {
            byte[] packet = receive(10_000);
            if ((packet[0] & 0xc0) == 0x80 && RtpHeader.isRtcp(packet) && Bytes.u8(packet, 1) == type) {
                return Arrays.copyOf(packet, incoming.openRtcp(packet, packet.length));
            }
        }
    }

    byte[] protectedRtp(int payloadType, int sequence, int ssrc) {
        byte[] packet = Arrays.copyOf(rtp(payloadType, sequence, ssrc), 200);
        return Arrays.copyOf(packet, outgoing.protectRtp(packet, 112, 12, sequence));
    }

    static byte[] rtp(int payloadType, int sequence, int ssrc) {
        byte[] packet = new byte[112];
        packet[0] = (byte) 0x80;
        packet[1] = (byte) payloadType;
        Bytes.put16(packet, 2, sequence);
        Bytes.put32(packet, 4, sequence * 3600);
        Bytes.put32(packet, 8, ssrc);
        packet[12] = (byte) sequence;
        return packet;
    }

    void sendRtcp(byte[] plain, int index) throws IOException {
        byte[] packet = Arrays.copyOf(plain, plain.length + SrtpTransform.MAX_GROWTH);
        send(packet, outgoing.protectRtcp(packet, plain.length, index));
    }

    void sayGoodBye() throws IOException {
        association.close();
    }

    @Override
    public void close() {
        socket.close();
    }

    private final class Wire implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 1500;
        }

        @Override
        public int getSendLimit() {
            return 1200;
        }

        @Override
        public int receive(byte[] into, int offset, int length, int waitMs) throws IOException {
            try {
                byte[] packet = TestPeer.this.receive(Math.max(1, waitMs));
                System.arraycopy(packet, 0, into, offset, Math.min(length, packet.length));
                return Math.min(length, packet.length);
            } catch (SocketTimeoutException e) {
                return -1;
            }
        }

        @Override
        public void send(byte[] bytes, int offset, int length) throws IOException {
            TestPeer.this.send(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        @Override
        public void close() {}
    }
}
