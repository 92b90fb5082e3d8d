package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.conurb.media.WebRtcClient.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calling end against our own server end: each is the other's judge, and browsers are those of the server's. */
class WebRtcClientTest {
    private static final WebRtcClient.Keys KEYS = new WebRtcClient.Keys(new SecureRandom(), Instant.EPOCH);
    private static final List<TrackWish> VOICE_IN = List.of(TrackWish.receive("audio", RtpCodec.opus()));
    private static final List<TrackWish> PICTURE_OUT = List.of(TrackWish.send("video", RtpCodec.h264("42e01f")));

    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            0,
            1,
            4,
            true,
            true,
            Clock.systemUTC(),
            System::nanoTime));
    private final Heard heard = new Heard();

    private static final class Heard implements MediaListener {
        final Queue<Integer> sequences = new ConcurrentLinkedQueue<>();
        volatile boolean connected;

        @Override
        public void connected(MediaSession session) {
            connected = true;
        }

        @Override
        public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
            sequences.add(rtp.getShort(rtp.position() + 2) & 0xffff);
        }
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void whatItSendsArrivesAlsoWhereTheSequenceWraps() throws IOException {
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            client.connect(
                    workers.open(client.offerAudio(Direction.SEND), VOICE_IN, heard)
                            .answer(),
                    null);
            Eventually.isTrue("connected", () -> heard.connected);
            for (long extended = 65_534; extended < 65_538; extended++) {
                client.sendRtp(TestPeer.rtp(111, (int) extended & 0xffff, 7), 112, extended);
            }
            Eventually.isTrue("four packets", () -> heard.sequences.size() == 4);
        }
        assertThat(heard.sequences).containsExactly(65_534, 65_535, 0, 1);
    }

    @Test
    void whatItReceivesIsOpenedAndWhatIsForgedIsNot() throws IOException {
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            MediaSession session = workers.open(client.offerVideo(Direction.RECEIVE), PICTURE_OUT, heard);
            client.connect(session.answer(), null);
            Eventually.isTrue("connected", () -> heard.connected);
            session.execute(() -> session.track("video")
                    .orElseThrow()
                    .send(ByteBuffer.wrap(TestPeer.rtp(33, 500, 1)), System.nanoTime()));
            byte[] packet = new byte[2048];
            int length = receive(client, packet);
            byte[] forged = packet.clone();
            forged[20] ^= 1;

            assertThat(client.openRtp(forged, length)).isNegative();
            assertThat(client.openRtp(packet, length)).isEqualTo(112);
            assertThat(packet[12]).isEqualTo((byte) 500);
        }
    }

    private static int receive(WebRtcClient client, byte[] into) {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        Eventually.isTrue("a packet of the picture", () -> {
            try {
                int length = client.channel().read(buffer.clear());
                return length > 12 && (into[1] & 0x7f) == 102;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return buffer.position();
    }

    @Test
    void anAnswerOfAnotherServerIsRefused() throws IOException {
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            String answer = workers.open(client.offerAudio(Direction.SEND), VOICE_IN, heard)
                    .answer();
            String print = TestPeer.attribute(answer, "fingerprint:sha-256 (\\S+)");
            String other = print.startsWith("00") ? "11" + print.substring(2) : "00" + print.substring(2);

            assertThatThrownBy(() -> client.connect(answer.replace(print, other), null))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.connect("v=0", null)).hasMessageContaining("ice-ufrag");
        }
    }
}
