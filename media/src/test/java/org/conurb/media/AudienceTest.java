package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sessions on two workers, called by real peers. */
class AudienceTest {
    private static final RtpCodec OPUS = RtpCodec.opus();

    private final WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            2,
            64,
            true,
            true,
            Clock.systemUTC(),
            System::nanoTime));
    private final Fanout fanout = new Fanout(System::nanoTime);
    private final List<WebRtcClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (WebRtcClient client : clients) {
            client.close();
        }
        workers.close();
    }

    private record Peer(WebRtcClient client, MediaSession session) {}

    private Peer peer(WebRtcClient.Direction direction, MediaListener listener) throws Exception {
        WebRtcClient client = new WebRtcClient(keys);
        clients.add(client);
        CountDownLatch connected = new CountDownLatch(1);
        MediaSession session = workers.open(
                client.offerAudio(direction),
                List.of(new TrackWish("audio", TrackWish.Flow.BOTH, List.of(OPUS))),
                new MediaListener() {
                    @Override
                    public void connected(MediaSession media) {
                        connected.countDown();
                    }

                    @Override
                    public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                        listener.rtp(track, rtp, arrivalNanos);
                    }
                });
        client.connect(session.answer(), null);
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        return new Peer(client, session);
    }

    private static MediaTrack track(Peer peer) {
        return peer.session().tracks().getFirst();
    }

    private static byte[] voice(int sequence, boolean marker) {
        ByteBuffer rtp = ByteBuffer.allocate(40);
        rtp.put((byte) 0x80).put((byte) (marker ? 0xef : 0x6f)).putShort((short) sequence);
        rtp.putInt(sequence * 960).putInt(7).putInt(sequence);
        return rtp.array();
    }

    /** Sequence numbers, markers and the number that the talker put into the payload, of what a listener got. */
    private record Got(int sequence, boolean marker, int said, int ssrc) {}

    private static List<Got> receive(Peer listener, int packets) throws Exception {
        List<Got> got = new ArrayList<>();
        while (got.size() < packets) {
            ByteBuffer rtp = next(listener.client());
            if (rtp == null) {
                break;
            }
            got.add(new Got(rtp.getShort(2) & 0xffff, rtp.get(1) < 0, rtp.getInt(12), rtp.getInt(8)));
        }
        return got;
    }

    /** The next RTP packet, opened; null where none comes for five seconds. */
    private static @Nullable ByteBuffer next(WebRtcClient client) throws Exception {
        ByteBuffer datagram = ByteBuffer.allocate(2_000);
        for (int turns = 0; turns < 5_000; turns++) {
            int read = client.channel().read(datagram.clear());
            int opened = read > 0 ? client.openRtp(datagram.array(), read) : -1;
            if (opened >= 0) {
                return datagram.rewind().limit(opened);
            }
            if (read <= 0) {
                Thread.sleep(1);
            }
        }
        return null;
    }

    @Test
    void allHearOnWhateverWorker() throws Exception {
        Audience audience = fanout.audience();
        Peer talker = peer(WebRtcClient.Direction.SEND, new MediaListener() {
            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                audience.forward(rtp, arrivalNanos);
            }
        });
        List<Peer> listeners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            listeners.add(peer(WebRtcClient.Direction.RECEIVE, new MediaListener() {}));
        }
        assertThat(listeners.stream().map(peer -> peer.session().worker).distinct())
                .as("they are on both workers")
                .hasSize(2);
        AtomicInteger sunk = new AtomicInteger();
        List<Ear> ears =
                new ArrayList<>(listeners.stream().map(AudienceTest::track).toList());
        ears.add((RtpSink) (rtp, arrival) -> sunk.incrementAndGet());
        audience.add(ears);
        audience.add(track(listeners.getFirst()));
        assertThat(audience.size()).isEqualTo(7);

        for (int sequence = 100; sequence < 120; sequence++) {
            talker.client().sendRtp(voice(sequence, false), 40, sequence);
            Thread.sleep(2);
        }
        for (Peer listener : listeners) {
            List<Got> got = receive(listener, 20);
            assertThat(got).extracting(Got::said).containsExactly(numbers(100, 120));
            assertThat(got.getFirst().marker())
                    .as("the spurt's first packet is marked")
                    .isTrue();
            assertThat(got.stream().skip(1)).noneMatch(Got::marker);
        }
        assertThat(sunk).hasValue(20);
    }

    private static Integer[] numbers(int from, int to) {
        return java.util.stream.IntStream.range(from, to).boxed().toArray(Integer[]::new);
    }

    @Test
    void aListenerSeesOneStreamAcrossTalkers() throws Exception {
        Peer listener = peer(WebRtcClient.Direction.RECEIVE, new MediaListener() {});
        List<Got> all = new ArrayList<>();
        for (int talk = 0; talk < 3; talk++) {
            Audience audience = fanout.audience();
            Peer talker = peer(WebRtcClient.Direction.SEND, new MediaListener() {
                @Override
                public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                    audience.forward(rtp, arrivalNanos);
                }
            });
            audience.add(track(listener));
            for (int i = 0; i < 5; i++) {
                talker.client().sendRtp(voice(talk * 10_000 + i, false), 40, talk * 10_000 + i);
                Thread.sleep(2);
            }
            all.addAll(receive(listener, 5));
            audience.close();
            talker.client().sendRtp(voice(talk * 10_000 + 6, false), 40, talk * 10_000 + 6);
        }
        assertThat(all).hasSize(15);
        assertThat(all.stream().map(Got::ssrc).distinct()).hasSize(1);
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).sequence()).isEqualTo(all.get(i - 1).sequence() + 1 & 0xffff);
        }
        assertThat(all.stream().filter(Got::marker)).hasSize(3);
    }

    @Test
    void whatWaitedLongInTheSystemIsNotPassedOn() throws Exception {
        Audience audience = fanout.audience();
        AtomicInteger sunk = new AtomicInteger();
        audience.add((RtpSink) (rtp, arrival) -> sunk.incrementAndGet());
        Peer talker = peer(WebRtcClient.Direction.SEND, new MediaListener() {
            @Override
            public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
                audience.forward(rtp, arrivalNanos);
            }
        });
        talker.client().sendRtp(voice(1, false), 40, 1);
        Eventually.isTrue("the first", () -> sunk.get() == 1);
        CountDownLatch held = new CountDownLatch(1);
        talker.session().execute(() -> waitFor(held));
        for (int sequence = 2; sequence < 252; sequence++) {
            talker.client().sendRtp(voice(sequence, false), 40, sequence);
        }
        TimeUnit.MILLISECONDS.sleep(150); // in the system's queue, by its own clock
        held.countDown();
        Eventually.isTrue("all others", () -> fanout.shed() == 250);
        assertThat(sunk.get()).isOne();
        talker.client().sendRtp(voice(252, false), 40, 252);
        Eventually.isTrue("what comes after", () -> sunk.get() == 2);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoIsRemovedHearsNoMore() {
        Audience audience = fanout.audience();
        AtomicInteger one = new AtomicInteger();
        AtomicInteger two = new AtomicInteger();
        RtpSink first = (rtp, arrival) -> one.incrementAndGet();
        RtpSink second = (rtp, arrival) -> two.incrementAndGet();
        audience.add(List.of(first, second));
        audience.forward(ByteBuffer.wrap(voice(1, false)), System.nanoTime());
        audience.remove(first);
        audience.forward(ByteBuffer.wrap(voice(2, false)), System.nanoTime());
        audience.close();
        audience.forward(ByteBuffer.wrap(voice(3, false)), System.nanoTime());
        assertThat(one).hasValue(1);
        assertThat(two).hasValue(2);
    }
}
