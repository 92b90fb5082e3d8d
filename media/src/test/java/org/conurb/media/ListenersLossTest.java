package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A talker is told what its listeners lose, on whatever worker they are, so that its encoder protects its voice for them. */
class ListenersLossTest {
    private static final int TENTH = 26;
    private static final int FIFTH = 51;
    private static final int MOST_PACKETS = 1_000;
    private static final List<TrackWish> VOICE_IN = List.of(TrackWish.receive("audio", RtpCodec.opus()));
    private static final List<TrackWish> VOICE_OUT = List.of(TrackWish.send("audio", RtpCodec.opus()));

    private final AtomicLong skipped = new AtomicLong();
    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            2,
            8,
            true,
            true,
            Clock.systemUTC(),
            () -> System.nanoTime() + skipped.get()));
    private final Audience audience = new Fanout(() -> System.nanoTime() + skipped.get()).audience();
    private final List<TestPeer> peers = new ArrayList<>();
    private int sequence;

    @AfterEach
    void stop() {
        peers.forEach(TestPeer::close);
        workers.close();
    }

    private record Line(TestPeer peer, MediaSession session) {
        MediaTrack track() {
            return session.tracks().getFirst();
        }

        /** @param index of SRTCP, never the same twice */
        void reports(int fractionLost, int index) throws IOException {
            ByteBuffer report = ByteBuffer.allocate(32);
            RtcpWriter.receiverReport(
                    report, 7, new RtcpWriter.ReceptionReport(track().out.ssrc, fractionLost, 0, 0, 0, 0, 0));
            peer.sendRtcp(report.array(), index);
        }
    }

    private Line line(String direction, List<TrackWish> wishes) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        MediaSession session = workers.open(TestPeer.offer(direction), wishes, new MediaListener() {
            @Override
            public void connected(MediaSession media) {
                connected.countDown();
            }

            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                audience.forward(rtp, arrivalNanos);
            }

            @Override
            public int lostBeyond(MediaTrack track) {
                return audience.lost();
            }
        });
        assertThat(session.answer()).contains("useinbandfec=1");
        TestPeer peer = new TestPeer(session);
        peers.add(peer);
        peer.connect();
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return new Line(peer, session);
    }

    private Line talker() throws Exception {
        return line("sendonly", VOICE_IN);
    }

    private Line listener() throws Exception {
        Line listener = line("recvonly", VOICE_OUT);
        audience.add(listener.track());
        return listener;
    }

    /** Talks until a report says what is awaited. @param each packet of so many is lost on the way to us; 0 for none */
    private void talkUntilTold(Line talker, int each, IntPredicate awaited) throws IOException {
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < MOST_PACKETS; i++) {
            int number = sequence++;
            if (each == 0 || number % each != 0) {
                talker.peer().send(talker.peer().protectedRtp(111, number, 99));
            }
            int fraction = report(talker.peer());
            if (fraction >= 0) {
                told.add(fraction);
                if (awaited.test(fraction)) {
                    return;
                }
            }
        }
        throw new AssertionError("was told " + told);
    }

    /** What a report that comes now says of us; -1 where none comes. */
    private static int report(TestPeer peer) throws IOException {
        try {
            byte[] packet = peer.receive(10);
            boolean report = (packet[0] & 0xc0) == 0x80 && Bytes.u8(packet, 1) == RtcpPacket.RECEIVER_REPORT;
            RtcpPacket opened = new RtcpPacket();
            if (report
                    && opened.wrap(
                            ByteBuffer.wrap(Arrays.copyOf(packet, peer.incoming.openRtcp(packet, packet.length))))
                    && opened.next()
                    && opened.reports() == 1) {
                return opened.reportFractionLost(0);
            }
        } catch (SocketTimeoutException none) {
            return -1;
        }
        return -1;
    }

    @Test
    void whatListenersLoseIsToldToTheTalkerUntilTheyAreGone() throws Exception {
        Line talker = talker();
        Line near = listener();
        Line far = listener();
        assertThat(near.session().worker).isNotSameAs(far.session().worker);
        near.reports(TENTH, 1);
        talkUntilTold(talker, 0, fraction -> fraction == TENTH);
        far.reports(FIFTH, 1);
        talkUntilTold(talker, 0, fraction -> fraction == FIFTH);
        audience.remove(far.track());
        talkUntilTold(talker, 0, fraction -> fraction == TENTH);
        audience.remove(near.track());
        talkUntilTold(talker, 0, fraction -> fraction == 0);
    }

    @Test
    void itsOwnLossIsToldWhereThatIsMore() throws Exception {
        Line talker = talker();
        listener().reports(TENTH, 1);
        talkUntilTold(talker, 3, fraction -> fraction > 70 && fraction < 100);
        talkUntilTold(talker, 0, fraction -> fraction == TENTH);
    }

    @Test
    void whoHasNotReportedLatelyCountsNoMore() throws Exception {
        Line talker = talker();
        Line listener = listener();
        listener.reports(TENTH, 1);
        talkUntilTold(talker, 0, fraction -> fraction == TENTH);
        skipped.addAndGet(Duration.ofSeconds(11).toNanos());
        talkUntilTold(talker, 0, fraction -> fraction == 0);
        listener.reports(FIFTH, 2);
        talkUntilTold(talker, 0, fraction -> fraction == FIFTH);
    }

    @Test
    void oneBadLineAmongTwentyCostsNobody() {
        ReportedLosses losses = new ReportedLosses();
        assertThat(losses.ninetiethPercentile()).isZero();
        losses.add(FIFTH);
        assertThat(losses.ninetiethPercentile()).as("of one").isEqualTo(FIFTH);
        for (int i = 0; i < 19; i++) {
            losses.add(3);
        }
        assertThat(losses.ninetiethPercentile()).as("one of twenty").isEqualTo(3);
        ReportedLosses others = new ReportedLosses();
        others.add(255);
        others.add(255);
        losses.add(others);
        assertThat(losses.ninetiethPercentile()).as("three of twenty-two").isEqualTo(FIFTH);
    }
}
