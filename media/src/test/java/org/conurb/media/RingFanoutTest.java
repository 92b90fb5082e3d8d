package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RingFanoutTest {
    private final PacketRing ring = new PacketRing(128 << 10);
    private final RingFanout fanout = new RingFanout();
    private final AtomicLong skipped = new AtomicLong();
    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            2,
            16,
            true,
            true,
            Clock.systemUTC(),
            () -> System.nanoTime() + skipped.get()));

    @BeforeEach
    void follow() {
        fanout.follow(ring);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private void append(int from, int to) {
        append(ring, from, to);
    }

    private void append(PacketRing ring, int from, int to) {
        for (int sequence = from; sequence < to; sequence++) {
            int flags = sequence % 25 == 0 ? PacketRing.KEY_START : 0;
            ring.append(0, System.nanoTime(), flags, ByteBuffer.wrap(TestPeer.rtp(33, sequence, 1)));
        }
        fanout.wake();
    }

    private MediaSession open() {
        return workers.open(
                TestPeer.offer("recvonly"),
                List.of(TrackWish.send("video", RtpCodec.h264("42e01f"))),
                new MediaListener() {
                    @Override
                    public void connected(MediaSession session) {
                        fanout.add(session, Map.of(0, session.tracks().getFirst()));
                    }

                    @Override
                    public void keyFrameWanted(MediaTrack track) {
                        wishes.incrementAndGet();
                        fanout.again(track.session());
                    }
                });
    }

    private final AtomicInteger wishes = new AtomicInteger();

    private static int number(byte[] packet) {
        return packet[12] & 0xff;
    }

    @Test
    void whoComesLateGetsTheLastKeyFrameQuicklyAndThenWhatComes() throws IOException {
        append(0, 120);
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            Eventually.isTrue("a listener", () -> fanout.listeners() == 1);
            append(120, 125);
            byte[] first = peer.receiveRtp();
            assertThat(number(first)).as("a key frame").isEqualTo(100);
            byte[] before = first;
            for (int i = 101; i < 125; i++) {
                byte[] next = peer.receiveRtp();
                assertThat(number(next)).isEqualTo(i);
                assertThat(Bytes.u16(next, 2) - Bytes.u16(before, 2)).isEqualTo(1);
                assertThat(Bytes.i32(next, 4) - Bytes.i32(before, 4)).isIn(89, 90, 91, 3600);
                before = next;
            }
            assertThat(Bytes.i32(before, 4) - Bytes.i32(first, 4))
                    .as("most of the past took no time")
                    .isLessThan(6 * 3600);
        }
    }

    @Test
    void whatALossTookIsSentAgainOutOfTheRing() throws IOException {
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            Eventually.isTrue("a listener", () -> fanout.listeners() == 1);
            append(0, 40);
            byte[] first = peer.receiveRtp();
            while (number(peer.receiveRtp()) != 39) {
                continue;
            }
            CompoundWriter nack = new CompoundWriter();
            nack.start();
            nack.receiverReport(7, 0, List.of());
            nack.lost(7, Bytes.i32(first, 8), Bytes.u16(first, 2), 1);
            peer.sendRtcp(Arrays.copyOf(nack.bytes, nack.length()), 1);
            assertThat(peer.receiveRtp()).isEqualTo(first);
        }
    }

    @Test
    void whoCannotDecodeOnGetsTheLastKeyFrameAgainButNotAllTheTime() throws IOException {
        append(0, 30);
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            byte[] last = until(peer, 29);
            askForKeyFrame(peer, last, 1);
            Eventually.isTrue("the wish", () -> wishes.get() == 1);
            append(30, 31);
            assertThat(number(peer.receiveRtp()))
                    .as("too soon: what comes goes on")
                    .isEqualTo(30);

            skipped.addAndGet(3_000_000_000L);
            askForKeyFrame(peer, last, 2);
            byte[] again = peer.receiveRtp();
            assertThat(number(again)).as("the key frame").isEqualTo(25);
            assertThat(Bytes.u16(again, 2) - Bytes.u16(last, 2))
                    .as("numbers go on")
                    .isEqualTo(2);
            until(peer, 30);
            append(31, 32);
            assertThat(number(peer.receiveRtp())).isEqualTo(31);
        }
    }

    private static byte[] until(TestPeer peer, int number) throws IOException {
        byte[] packet = peer.receiveRtp();
        while (number(packet) != number) {
            packet = peer.receiveRtp();
        }
        return packet;
    }

    private static void askForKeyFrame(TestPeer peer, byte[] of, int index) throws IOException {
        CompoundWriter wish = new CompoundWriter();
        wish.start();
        wish.receiverReport(7, 0, List.of());
        wish.pictureLoss(7, Bytes.i32(of, 8));
        peer.sendRtcp(Arrays.copyOf(wish.bytes, wish.length()), index);
    }

    @Test
    void aSourceThatBeginsAnewGoesOnWithItsNextKeyFrame() throws IOException {
        append(0, 3);
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            byte[] last = until(peer, 2);
            PacketRing next = new PacketRing(128 << 10);
            fanout.follow(next);
            append(3, 5); // of a connection that is over
            append(next, 60, 80);
            byte[] first = peer.receiveRtp();
            assertThat(number(first)).isEqualTo(75);
            assertThat(Bytes.u16(first, 2) - Bytes.u16(last, 2)).isEqualTo(1);
            assertThat(Bytes.i32(first, 8)).isEqualTo(Bytes.i32(last, 8));
        }
    }

    @Test
    void whoFellBehindGoesOnAtAKeyFrame() throws IOException {
        append(0, 3);
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            until(peer, 2);
            for (int sequence = 3; sequence < 2_008; sequence++) {
                int flags = sequence % 25 == 0 ? PacketRing.KEY_START : 0;
                ring.append(0, System.nanoTime(), flags, ByteBuffer.wrap(TestPeer.rtp(33, sequence, 1)));
            }
            fanout.wake();
            assertThat(number(peer.receiveRtp())).isEqualTo(2_000 & 0xff);
        }
    }

    @Test
    void aSourceThatIsGoneForGoodEndsItsSessions() throws IOException {
        append(0, 3);
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            until(peer, 2);
            fanout.close();
            Eventually.isTrue("the end", session::isClosed);
            Eventually.isTrue("nobody", () -> fanout.listeners() == 0);
        }
        MediaSession late = open();
        try (TestPeer peer = new TestPeer(late).connect()) {
            Eventually.isTrue("the end of who comes later", late::isClosed);
            assertThat(peer).isNotNull();
        }
    }

    @Test
    void soundBeginsWithNowAndNotWithThePast() throws IOException {
        append(0, 5);
        ring.append(1, System.nanoTime(), 0, ByteBuffer.wrap(TestPeer.rtp(111, 200, 9)));
        append(5, 8);
        MediaSession session = workers.open(
                TestPeer.offer("recvonly"),
                List.of(TrackWish.send("video", RtpCodec.h264("42e01f")), TrackWish.send("audio", RtpCodec.opus())),
                new MediaListener() {
                    @Override
                    public void connected(MediaSession open) {
                        fanout.add(
                                open,
                                Map.of(0, open.tracks().get(0), 1, open.tracks().get(1)));
                    }
                });
        try (TestPeer peer = new TestPeer(session).connect()) {
            for (int i = 0; i < 8; i++) {
                assertThat(number(peer.receiveRtp())).isEqualTo(i);
            }
            ring.append(1, System.nanoTime(), 0, ByteBuffer.wrap(TestPeer.rtp(111, 201, 9)));
            fanout.wake();
            assertThat(number(peer.receiveRtp())).isEqualTo(201);
        }
    }

    @Test
    void whoLeavesGetsNothingMore() throws IOException {
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            Eventually.isTrue("a listener", () -> fanout.listeners() == 1);
            append(0, 3);
            assertThat(number(peer.receiveRtp())).isZero();
            fanout.remove(session);
            Eventually.isTrue("nobody", () -> fanout.listeners() == 0);
            long sent = workers.figures().sent();
            append(3, 30);
            MediaSession other = open();
            other.close();
            Eventually.isTrue("a turn", other::isClosed);
            assertThat(workers.figures().sent()).isEqualTo(sent);
        }
    }

    @Test
    void aSessionThatEndsLeavesByItself() throws IOException {
        MediaSession session = open();
        try (TestPeer peer = new TestPeer(session).connect()) {
            Eventually.isTrue("a listener", () -> fanout.listeners() == 1);
            append(0, 3);
            assertThat(number(peer.receiveRtp())).isZero();
            session.close();
            Eventually.isTrue("the end", session::isClosed);
            append(3, 5);
            Eventually.isTrue("nobody", () -> fanout.listeners() == 0);
        }
    }
}
