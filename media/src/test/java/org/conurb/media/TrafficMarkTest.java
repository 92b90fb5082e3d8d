package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.conurb.media.WebRtcClient.Direction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a receiving socket sees in the IP headers of what a session sends. */
class TrafficMarkTest {
    private static final WebRtcClient.Keys KEYS = new WebRtcClient.Keys(new SecureRandom(), Instant.EPOCH);
    private static final int EF = 0xb8;
    private static final int AF42 = 0x90;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.1, false",
        "::, 127.0.0.1, true",
        "::, ::1, true",
        "::1, ::1, false"
    })
    void voiceIsExpeditedAndVideoComesNext(String bind, String candidate, boolean batches) throws Exception {
        assumeTrue(NativeSockets.here().isPresent(), "Marks are read on 64-bit Linux with native access only.");
        try (MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
                InetAddress.getByName(bind),
                List.of(InetAddress.getByName(candidate)),
                0,
                -1,
                1,
                4,
                true,
                batches,
                Clock.systemUTC(),
                System::nanoTime))) {
            assertThat(marks(workers, TrackWish.send("audio", RtpCodec.opus()))).containsExactly(EF, EF);
            assertThat(marks(workers, TrackWish.send("video", RtpCodec.h264("42e01f"))))
                    .containsExactly(AF42, AF42);
        }
    }

    private static List<Integer> marks(MediaWorkers workers, TrackWish wish) throws Exception {
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            CountDownLatch connected = new CountDownLatch(1);
            MediaSession session = workers.open(offer(client, wish), List.of(wish), new MediaListener() {
                @Override
                public void connected(MediaSession media) {
                    connected.countDown();
                }
            });
            client.connect(session.answer(), null);
            assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
            MarkedSocket socket = new MarkedSocket(client.channel());
            session.execute(() -> {
                MediaTrack track = session.tracks().getFirst();
                track.send(ByteBuffer.wrap(TestPeer.rtp(111, 1, 1)), System.nanoTime());
                track.send(ByteBuffer.wrap(TestPeer.rtp(111, 2, 1)), System.nanoTime());
            });
            return List.of(socket.nextRtp().mark(), socket.nextRtp().mark());
        }
    }

    private static String offer(WebRtcClient client, TrackWish wish) throws IOException {
        return wish.kind().equals("audio")
                ? client.offerAudio(Direction.RECEIVE)
                : client.offerVideo(Direction.RECEIVE);
    }
}
