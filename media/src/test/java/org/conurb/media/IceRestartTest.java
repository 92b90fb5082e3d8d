package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.conurb.media.WebRtcClient.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that changes its network in the middle of a talk. */
class IceRestartTest {
    private static final WebRtcClient.Keys KEYS = new WebRtcClient.Keys(new SecureRandom(), Instant.EPOCH);

    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            1,
            4,
            true,
            true,
            Clock.systemUTC(),
            System::nanoTime));
    private final Queue<Integer> heard = new ConcurrentLinkedQueue<>();
    private final CountDownLatch connected = new CountDownLatch(1);

    @AfterEach
    void stop() {
        workers.close();
    }

    private MediaSession open(WebRtcClient client) {
        return workers.open(
                client.offerAudio(Direction.BOTH),
                List.of(new TrackWish("audio", TrackWish.Flow.BOTH, List.of(RtpCodec.opus()))),
                new MediaListener() {
                    @Override
                    public void connected(MediaSession session) {
                        connected.countDown();
                    }

                    @Override
                    public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                        heard.add(rtp.getShort(rtp.position() + 2) & 0xffff);
                    }
                });
    }

    private void say(WebRtcClient client, int from, int to) throws IOException {
        for (int sequence = from; sequence < to; sequence++) {
            client.sendRtp(TestPeer.rtp(111, sequence, 7), 112, sequence);
        }
        Eventually.isTrue("all that was said", () -> heard.size() == to);
    }

    /** Sends so many packets to the client. @return the sequence numbers that came, with their source */
    private static List<Got> hear(WebRtcClient client, MediaSession session, int from, int to) {
        session.execute(() -> {
            for (int sequence = from; sequence < to; sequence++) {
                session.tracks().getFirst().send(ByteBuffer.wrap(TestPeer.rtp(111, sequence, 9)), System.nanoTime());
            }
        });
        return IntStream.range(from, to).mapToObj(ignored -> next(client)).toList();
    }

    private record Got(int sequence, int ssrc) {}

    private static Got next(WebRtcClient client) {
        ByteBuffer packet = ByteBuffer.allocate(2_048);
        Eventually.isTrue("a packet", () -> {
            try {
                int length = client.channel().read(packet.clear());
                return length > 0 && client.openRtp(packet.array(), length) > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new Got(packet.getShort(2) & 0xffff, packet.getInt(8));
    }

    private static int port(WebRtcClient client) throws IOException {
        return ((InetSocketAddress) client.channel().getLocalAddress()).getPort();
    }

    @Test
    void whoMovesGoesOnTalkingAndHearingAndNothingGoesTheOldWay() throws Exception {
        try (WebRtcClient client = new WebRtcClient(KEYS);
                DatagramChannel old = DatagramChannel.open()) {
            MediaSession session = open(client);
            client.connect(session.answer(), null);
            assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
            say(client, 0, 3);
            List<Got> before = hear(client, session, 0, 3);
            int oldPort = port(client);

            client.move(workers.restart(session, client.offerRestart()).answer(), null);
            old.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), oldPort));
            old.configureBlocking(false);
            say(client, 3, 6);
            List<Got> after = hear(client, session, 3, 6);

            assertThat(port(client)).isNotEqualTo(oldPort);
            assertThat(session.peer().orElseThrow().getPort()).isEqualTo(port(client));
            assertThat(heard).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(after.getFirst())
                    .isEqualTo(new Got(
                            before.getLast().sequence() + 1, before.getLast().ssrc()));
            assertThat(after.getLast())
                    .isEqualTo(new Got(
                            before.getLast().sequence() + 3, before.getLast().ssrc()));
            assertThat(old.receive(ByteBuffer.allocate(2_048)))
                    .as("at the old address")
                    .isNull();
            assertThat(workers.figures().forged()).isZero();
            assertThat(session.isClosed()).isFalse();
        }
    }

    @Test
    void aRestartThatIsNeverFollowedChangesNothing() throws Exception {
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            MediaSession session = open(client);
            client.connect(session.answer(), null);
            assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
            List<Got> before = hear(client, session, 0, 3);
            workers.restart(session, client.offerRestart());
            say(client, 0, 3);
            assertThat(hear(client, session, 3, 4).getFirst().sequence())
                    .isEqualTo(before.getLast().sequence() + 1);
        }
    }
}
