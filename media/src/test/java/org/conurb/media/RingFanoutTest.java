package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingFanoutTest {
    private final PacketRing ring = new PacketRing(128 << 10);
    private final RingFanout fanout = new RingFanout(ring);
    private final MediaWorkers workers = MediaWorkers.start(
            MediaWorkers.Settings.of(InetAddress.getLoopbackAddress(), 0, -1, java.time.Clock.systemUTC()));

    @AfterEach
    void stop() {
        workers.close();
    }

    private void append(int from, int to) {
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
                });
    }

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
