package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.kernel.BadRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaSessionTest {
    /** Many more by {@code ./conurb bench hostile}. */
    private static final int MUTATIONS = Integer.getInteger("conurb.mutations", 2_000);

    private static final RtpCodec H264 = RtpCodec.h264("42e01f");
    private static final List<TrackWish> BOTH_OUT =
            List.of(TrackWish.send("video", H264), TrackWish.send("audio", RtpCodec.opus()));
    private static final List<TrackWish> BOTH_IN =
            List.of(TrackWish.receive("video", H264), TrackWish.receive("audio", RtpCodec.opus()));

    private final AtomicLong skipped = new AtomicLong();
    private final Heard heard = new Heard();
    private MediaWorkers workers = workers(true);

    /** What the session told. */
    private static final class Heard implements MediaListener {
        final Queue<Integer> sequences = new ConcurrentLinkedQueue<>();
        final AtomicInteger keyFrames = new AtomicInteger();
        final Queue<String> ends = new ConcurrentLinkedQueue<>();
        volatile boolean connected;

        @Override
        public void connected(MediaSession session) {
            connected = true;
        }

        @Override
        public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
            sequences.add(rtp.getShort(rtp.position() + 2) & 0xffff);
        }

        @Override
        public void keyFrameWanted(MediaTrack track) {
            keyFrames.incrementAndGet();
        }

        @Override
        public void closed(MediaSession session, String reason) {
            ends.add(reason);
        }
    }

    private MediaWorkers workers(boolean batches) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return MediaWorkers.start(new MediaWorkers.Settings(
                loopback,
                List.of(loopback),
                0,
                0,
                2,
                4,
                true,
                batches,
                Clock.systemUTC(),
                () -> System.nanoTime() + skipped.get()));
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private MediaSession openToSend() {
        return workers.open(TestPeer.offer("recvonly"), BOTH_OUT, heard);
    }

    private TestPeer connected(MediaSession session) throws IOException {
        TestPeer peer = new TestPeer(session).connect();
        Eventually.isTrue("connected", () -> heard.connected);
        return peer;
    }

    private static void send(MediaSession session, String kind, byte[]... packets) {
        session.execute(() -> {
            for (byte[] packet : packets) {
                session.track(kind).orElseThrow().send(ByteBuffer.wrap(packet), System.nanoTime());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void packetsReachThePeerUnderOneSourceThatGoesOn(SrtpProfile profile) throws IOException {
        MediaSession session = openToSend();
        try (TestPeer peer = new TestPeer(session, profile).connect()) {
            Eventually.isTrue("connected", () -> heard.connected);
            send(session, "video", TestPeer.rtp(33, 500, 1), TestPeer.rtp(33, 502, 1), TestPeer.rtp(33, 9, 2));

            byte[] first = peer.receiveRtp();
            byte[] third = peer.receiveRtp();
            byte[] other = peer.receiveRtp();

            assertThat(first[1]).isEqualTo((byte) 102);
            assertThat(first[12]).isEqualTo((byte) 500);
            assertThat(Bytes.i32(first, 8)).isEqualTo(Bytes.i32(other, 8));
            assertThat(Bytes.u16(third, 2) - Bytes.u16(first, 2))
                    .as("a loss stays visible")
                    .isEqualTo(2);
            assertThat(Bytes.u16(other, 2) - Bytes.u16(third, 2))
                    .as("another source follows")
                    .isEqualTo(1);
            assertThat(Bytes.i32(third, 4) - Bytes.i32(first, 4)).isEqualTo(2 * 3600);
            assertThat(Bytes.i32(other, 4) - Bytes.i32(third, 4)).isBetween(1, 90_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsWithAndWithoutBatches(boolean batches) throws IOException {
        workers.close();
        workers = workers(batches);
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session)) {
            byte[][] packets = new byte[300][];
            Arrays.setAll(packets, i -> TestPeer.rtp(33, i, 1));
            send(session, "audio", packets);
            int start = Bytes.u16(peer.receiveRtp(), 2);
            for (int i = 1; i < 300; i++) {
                assertThat(Bytes.u16(peer.receiveRtp(), 2)).isEqualTo(start + i);
            }
        }
    }

    @Test
    void aLostPacketIsSentAgainAndASourceReports() throws IOException {
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session)) {
            send(session, "video", TestPeer.rtp(33, 500, 1), TestPeer.rtp(33, 501, 1));
            byte[] first = peer.receiveRtp();
            byte[] second = peer.receiveRtp();
            CompoundWriter nack = new CompoundWriter();
            nack.start();
            nack.receiverReport(7, 0, List.of());
            nack.lost(7, Bytes.i32(first, 8), Bytes.u16(first, 2), 2);
            nack.pictureLoss(7, Bytes.i32(first, 8));

            peer.sendRtcp(Arrays.copyOf(nack.bytes, nack.length()), 1);

            assertThat(peer.receiveRtp()).isEqualTo(first);
            assertThat(peer.receiveRtp()).isEqualTo(second);
            Eventually.isTrue("key frame wanted", () -> heard.keyFrames.get() == 1);
            byte[] report = peer.receiveRtcp(200);
            assertThat(Bytes.i32(report, 4)).isEqualTo(Bytes.i32(first, 8));
            assertThat(Bytes.i32(report, 20)).as("packets").isEqualTo(2);
        }
    }

    @Test
    void aLostPacketThatStandsInARingIsSentAgainFromThere() throws IOException {
        PacketRing ring = new PacketRing(128 << 10);
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session)) {
            session.execute(() -> {
                ByteBuffer packet = ByteBuffer.wrap(TestPeer.rtp(33, 500, 1));
                long position = ring.append(0, 0, 0, packet);
                session.track("video").orElseThrow().sendFrom(ring, position, packet, System.nanoTime());
            });
            byte[] first = peer.receiveRtp();
            CompoundWriter nack = new CompoundWriter();
            nack.start();
            nack.receiverReport(7, 0, List.of());
            nack.lost(7, Bytes.i32(first, 8), Bytes.u16(first, 2), 1);

            peer.sendRtcp(Arrays.copyOf(nack.bytes, nack.length()), 1);

            assertThat(peer.receiveRtp()).isEqualTo(first);
        }
    }

    @Test
    void forgedReplayedAndForeignPacketsAreDropped() throws IOException {
        MediaSession session = workers.open(TestPeer.offer("sendonly"), BOTH_IN, heard);
        try (TestPeer peer = connected(session)) {
            byte[] good = peer.protectedRtp(102, 10, 99);
            byte[] forged = peer.protectedRtp(102, 11, 99);
            forged[20] ^= 1;
            peer.send(good);
            peer.send(good);
            peer.send(forged);
            peer.send(peer.protectedRtp(96, 12, 99)); // VP8 was not chosen
            peer.send(peer.protectedRtp(102, 13, 99));
            peer.send(Arrays.copyOf(good, 13));

            Eventually.isTrue("both good ones", () -> heard.sequences.size() == 2);
            assertThat(heard.sequences).containsExactly(10, 13);
            Eventually.isTrue("the others counted", () -> workers.figures().forged() == 3);
            byte[] asked = peer.receiveRtcp(201);
            assertThat(Bytes.u8(asked, 1))
                    .as("report, name, then the loss of 11 is told")
                    .isEqualTo(201);
        }
    }

    @Test
    void packetsOfAnAddressThatPassedNoCheckAreIgnored() throws IOException {
        MediaSession session = workers.open(TestPeer.offer("sendonly"), BOTH_IN, heard);
        try (TestPeer peer = connected(session);
                TestPeer stranger = new TestPeer(session)) {
            stranger.send(peer.protectedRtp(102, 10, 99));
            peer.send(peer.protectedRtp(102, 11, 99));
            Eventually.isTrue("the peer's", () -> !heard.sequences.isEmpty());
            assertThat(heard.sequences).containsExactly(11);
        }
    }

    @Test
    void endsWhenChecksStop() throws IOException {
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session)) {
            skipped.addAndGet(Duration.ofSeconds(29).toNanos());
            peer.check();
            skipped.addAndGet(Duration.ofSeconds(29).toNanos());
            peer.check();
            assertThat(session.isClosed()).isFalse();
            skipped.addAndGet(Duration.ofSeconds(31).toNanos());
            Eventually.isTrue("the end", () -> !heard.ends.isEmpty());
            assertThat(heard.ends).containsExactly("no consent");
            assertThat(workers.figures().sessions()).isZero();
        }
    }

    @Test
    void endsWhenThePeerSaysGoodBye() throws IOException {
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session)) {
            peer.sayGoodBye();
            Eventually.isTrue("the end", () -> !heard.ends.isEmpty());
            assertThat(heard.ends).containsExactly("peer closed");
        }
    }

    @Test
    void anotherCertificateThanPromisedEndsTheSession() throws IOException {
        String other = "AB:".repeat(31) + "CD";
        MediaSession session = workers.open(TestPeer.offer("recvonly", other), BOTH_OUT, heard);
        try (TestPeer peer = new TestPeer(session)) {
            assertThatThrownBy(peer::connect).isInstanceOf(IOException.class);
            Eventually.isTrue("the end", session::isClosed);
            assertThat(heard.connected).isFalse();
        }
    }

    @Test
    void aFullHouseSaysSo() {
        for (int i = 0; i < 4; i++) {
            openToSend();
        }
        assertThatThrownBy(this::openToSend).isInstanceOf(MediaFull.class);
    }

    /** A check with one octet changed, and noise that begins as DTLS, RTP and RTCP do (RFC 7983, RFC 5761). */
    private static byte[] hostile(int kind, TestPeer peer, Random random) {
        byte[] bytes = kind == 0 ? peer.checkRequest() : new byte[random.nextInt(2, 1_600)];
        if (kind == 0) {
            bytes[random.nextInt(1, bytes.length)] = (byte) random.nextInt();
            return bytes;
        }
        random.nextBytes(bytes);
        bytes[0] = (byte) (kind == 1 ? random.nextInt(20, 64) : 0x80 | random.nextInt(64));
        bytes[1] = kind == 3 ? (byte) random.nextInt(192, 224) : bytes[1];
        return bytes;
    }

    @Test
    void hostileDatagramsHurtNobody() throws IOException {
        MediaSession session = openToSend();
        try (TestPeer peer = connected(session);
                TestPeer stranger = new TestPeer(session)) {
            Random random = new Random(11);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] bytes = hostile(i % 4, peer, random);
                (i % 2 == 0 ? peer : stranger).send(bytes);
            }
            peer.check();
            send(session, "video", TestPeer.rtp(33, 500, 1));
            assertThat(peer.receiveRtp()[12]).isEqualTo((byte) 500);
        }
    }

    @Test
    void hostileConnectionsAreClosedAndOthersServed() throws IOException {
        MediaSession session = openToSend();
        for (byte[] hostile :
                new byte[][] {{0, 0}, {(byte) 0xff, (byte) 0xff, 1}, {0, 20, 1, 2, 3}, {0, 4, 1, 2, 3, 4}}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), workers.tcpPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(hostile);
                if (hostile.length == 5) {
                    skipped.addAndGet(Duration.ofSeconds(6).toNanos()); // it never says the rest
                }
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
        try (TestPeer peer = new TestPeer(session);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), workers.tcpPort())) {
            byte[] check = peer.checkRequest();
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[] {0, (byte) check.length});
            socket.getOutputStream().write(check, 0, 30);
            socket.getOutputStream().write(check, 30, check.length - 30);
            byte[] head = socket.getInputStream().readNBytes(4);
            assertThat(Bytes.u16(head, 2)).isEqualTo(StunMessage.BINDING_SUCCESS);
            assertThat(session.isOverTcp()).isTrue();
        }
    }

    @Test
    void offersThatCannotBeAnsweredSayWhy() {
        String offer = TestPeer.offer("recvonly");
        for (String wrong : List.of(
                "",
                "v=0",
                offer.replace("a=ice-pwd:0123456789012345678901", ""),
                offer.replace("actpass", "passive"),
                offer.replace("sha-256", "sha-1"),
                offer.replace("recvonly", "sendonly"),
                offer.replace("H264", "H265").replace("opus", "speex"),
                offer + "m=video 9\n",
                offer + "m=audio 9 UDP/TLS/RTP/SAVPF 0\n".repeat(20),
                offer + "a=ssrc:x cname:y\n")) {
            assertThatThrownBy(() -> workers.open(wrong, BOTH_OUT, heard)).isInstanceOf(BadRequest.class);
        }
        Random random = new Random(4);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder torn = new StringBuilder(offer);
            for (int cuts = random.nextInt(1, 8); cuts > 0; cuts--) {
                torn.setCharAt(random.nextInt(torn.length()), (char) random.nextInt(9, 128));
            }
            try {
                WebRtcAnswer.to(WebRtcOffer.parse(torn.toString()), BOTH_OUT);
            } catch (BadRequest expected) {
                assertThat(expected.remedy()).isNotEmpty();
            }
        }
    }

    @Test
    void aHandshakeFragmentOfAHugeMessageIsNotLetIn() {
        byte[] record = new byte[13 + 12 + 10];
        record[0] = 22;
        record[1] = (byte) 0xfe;
        record[2] = (byte) 0xfd;
        Bytes.put16(record, 11, 22);
        record[13] = 1;
        Bytes.put16(record, 15, 22);
        record[24] = 10;
        Bytes.put16(record, 14 + 1, 1000);
        assertThat(DtlsGuard.admits(record, record.length)).isTrue();
        record[14] = 1; // 66,536 octets
        assertThat(DtlsGuard.admits(record, record.length)).isFalse();
        assertThat(DtlsGuard.admits(record, record.length - 1)).isFalse();
    }
}
