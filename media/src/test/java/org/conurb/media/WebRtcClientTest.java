package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

    @Test
    void whoOffersToTalkAndToHearTwoHasThreeTracksInThatOrder() throws IOException {
        List<TrackWish> wishes = List.of(
                new TrackWish("audio", TrackWish.Flow.BOTH, List.of(RtpCodec.opus())),
                TrackWish.send("audio", RtpCodec.opus()),
                TrackWish.send("audio", RtpCodec.opus()));
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            MediaSession session = workers.open(client.offerVoices(2), wishes, heard);
            client.connect(session.answer(), null);
            Eventually.isTrue("connected", () -> heard.connected);
            client.sendRtp(TestPeer.rtp(111, 3, 7), 112, 3);
            Eventually.isTrue("a packet", () -> heard.sequences.size() == 1);

            assertThat(session.tracks()).extracting(MediaTrack::sends).containsExactly(false, true, true);
        }
    }

    @Test
    void anAnswerTakesTheNamesOfTheOfferAndTellsWhereItIs() throws IOException {
        String offer = String.join(
                "\r\n",
                "v=0",
                "a=ice-ufrag:server",
                "m=audio 9 UDP/TLS/RTP/SAVPF 96",
                "a=mid:voice",
                "a=rtpmap:96 opus/48000/2",
                "a=candidate:1 1 udp 2015363327 127.0.0.1 " + workers.udpPorts().getFirst() + " typ host",
                "");
        try (WebRtcClient client = new WebRtcClient(KEYS)) {
            String sdp = client.answerAudio(offer);
            WebRtcOffer answer = WebRtcOffer.parse(sdp);
            int port = ((InetSocketAddress) client.channel().getLocalAddress()).getPort();

            assertThat(answer.sections()).singleElement().satisfies(section -> {
                assertThat(section.mid()).isEqualTo("voice");
                assertThat(section.codecs()).containsOnlyKeys(96);
                assertThat(section.peerSends()).isFalse();
            });
            assertThat(sdp).contains(" 127.0.0.1 " + port + " typ host");
            assertThatThrownBy(() -> client.answerAudio("v=0")).hasMessageContaining("mid");
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
