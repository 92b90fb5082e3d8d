package org.conurb.video;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtspTest {
    /** What a framer gave, told in short. */
    private static final class Heard implements RtspFramer.Sink {
        private final List<String> all = new ArrayList<>();

        @Override
        public void interleaved(int channel, ByteBuffer packet) {
            all.add(channel + ":" + packet.remaining());
        }

        @Override
        public void message(RtspAnswer message) {
            all.add(message.status() + message.method() + ":" + message.body().length);
        }
    }

    private static byte[] recorded() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nabc".getBytes(US_ASCII));
        out.write(packet(0, 1000));
        out.write(new byte[] {0, 0, 1});
        out.write(packet(1, 60));
        out.write("RTSP/1.0 200 OK\nCSeq: 3\n\n".getBytes(US_ASCII));
        out.write(packet(0, 20));
        out.write("OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static byte[] packet(int channel, int length) {
        ByteBuffer packet = ByteBuffer.allocate(4 + length);
        packet.put((byte) '$').put((byte) channel).putShort((short) length).put((byte) 0x80);
        return packet.array();
    }

    @Test
    void messagesAndPacketsComeOutTheSameHoweverTheBytesAreCut() throws Exception {
        byte[] bytes = recorded();
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Heard heard = new Heard();
            RtspFramer framer = new RtspFramer(heard);
            ByteBuffer in = ByteBuffer.allocate(100_000);
            for (int at = 0; at < bytes.length; ) {
                int n = Math.min(bytes.length - at, 1 + random.nextInt(seed == 0 ? 1 : 400));
                in.put(bytes, at, n).flip();
                framer.take(in);
                in.compact();
                at += n;
            }
            assertThat(heard.all).containsExactly("200:3", "0:1000", "1:60", "200:0", "0:20", "0OPTIONS:0");
        }
    }

    @Test
    void randomBytesEndTheConnectionOrAreSkippedAndNeverMore() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            RtspFramer framer = new RtspFramer(new Heard());
            ByteBuffer in = ByteBuffer.allocate(256 * 1024);
            byte[] some = new byte[4096];
            try {
                for (int i = 0; i < 100; i++) {
                    random.nextBytes(some);
                    if (i % 3 == 0) {
                        System.arraycopy("RTSP/1.0 2".getBytes(US_ASCII), 0, some, 0, 10);
                    }
                    in.put(some).flip();
                    framer.take(in);
                    in.compact();
                    assertThat(in.position()).isLessThanOrEqualTo(RtspFramer.LONGEST);
                }
            } catch (RtspFailure refused) {
                assertThat(refused.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void hostileAnswersAreRefused() {
        for (String text : List.of(
                "RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
                "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
                "RTSP/1.0 xyz OK\r\n\r\n",
                "RTSP/1.0 200 OK\r\n" + "X: y\r\n".repeat(100) + "\r\n",
                "RTSP/1.0 200 " + "x".repeat(20_000))) {
            assertThatThrownBy(() -> new RtspFramer(new Heard()).take(ByteBuffer.wrap(text.getBytes(US_ASCII))))
                    .isInstanceOf(RtspFailure.class);
        }
    }

    /** RFC 7616 §3.9.1 and RFC 2617 §3.5, with the client's numbers of those pages. */
    @Test
    void digestsAreThoseOfTheStandards() {
        RtspAuthentication.Challenge sha = RtspAuthentication.parse(
                        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
                                + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")
                .getFirst();
        assertThat(sha.rank()).isEqualTo(3);
        assertThat(sha.qop()).contains("auth");
        assertThat(RtspAuthentication.response(
                        sha,
                        new CameraLogin("Mufasa", "Circle of Life"),
                        "GET",
                        "/dir/index.html",
                        "00000001",
                        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
                .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
        RtspAuthentication.Challenge md5 = RtspAuthentication.parse(
                        "Digest realm=\"testrealm@host.com\", qop=\"auth\", "
                                + "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"")
                .getFirst();
        assertThat(RtspAuthentication.response(
                        md5,
                        new CameraLogin("Mufasa", "Circle Of Life"),
                        "GET",
                        "/dir/index.html",
                        "00000001",
                        "0a4f113b"))
                .isEqualTo("6629fae49393a05397450978507c4ef1");
    }

    @Test
    void theStrongestChallengeIsAnsweredAndTheSameIsNotAnsweredTwice() {
        RtspAuthentication known = new RtspAuthentication(new CameraLogin("u", "p"), new Random(1));
        List<String> offered = List.of(
                "Basic realm=\"a\"",
                "Digest realm=\"a\", nonce=\"n\", algorithm=MD5, Digest realm=\"a\", nonce=\"m\", algorithm=SHA-256");

        assertThat(known.challenged(offered)).isTrue();
        assertThat(known.authorization("DESCRIBE", "rtsp://x/").orElseThrow()).contains("algorithm=SHA-256");
        assertThat(known.challenged(offered)).isFalse();
        assertThat(known.challenged(List.of("Digest realm=\"a\", nonce=\"o\", stale=true")))
                .isTrue();
    }

    @Test
    void controlsAreJoinedToWhateverBaseTheServerNames() throws RtspFailure {
        Map<String, String> joined = Map.of(
                "trackID=1", "rtsp://h/s/trackID=1",
                "/trackID=1", "rtsp://h/s/trackID=1",
                "rtsp://h/other", "rtsp://h/other",
                "*", "rtsp://h/s",
                "", "rtsp://h/s");
        RtspConversation conversation = new RtspConversation(
                URI.create("rtsp://h/s"), CameraSource.Transport.TCP, Optional.empty(), new Random(1), new Mute());
        for (Map.Entry<String, String> one : joined.entrySet()) {
            assertThat(conversation.resolve(one.getKey())).isEqualTo(one.getValue());
        }
        assertThatThrownBy(() -> conversation.resolve("x y\r\nEvil: 1")).isInstanceOf(RtspFailure.class);
    }

    private static final class Mute implements RtspConversation.Wire {
        @Override
        public void send(ByteBuffer message) {}

        @Override
        public List<RtspConversation.Wanted> described(byte[] sdp) {
            return List.of();
        }

        @Override
        public int openPorts(int track) {
            return 0;
        }

        @Override
        public void agreed(int track, RtspConversation.Channel channel) {}

        @Override
        public void playing() {}
    }
}
