package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RtspServerTest {
    private static final Digest DIGEST = new Digest("viewer", "secret");

    @TempDir
    Path folder;

    private final List<SimCamera> cameras = Cameras.many(3);
    private RtspServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RtspServer(0, cameras, DIGEST, Clock.systemUTC(), new Random(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"tcp,1,1280,720", "udp,2,1280,720", "tcp,3/sub,640,360", "udp,1/sub,640,360"})
    void aReaderOfAnotherMakerDecodesEveryPicture(String transport, String path, int width, int height)
            throws Exception {
        Path file = record(transport, path);
        assertThat(probe(file)).startsWith("h264,%d,%d,".formatted(width, height));
        assertThat(Integer.parseInt(probe(file).split(",")[3].strip())).isBetween(45, 110);
        assertThat(run("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"BLACK", "FROZEN", "MOVED"})
    void picturesOfAFaultyCameraDecodeToo(Fault fault) throws Exception {
        cameras.getFirst().suffer(fault);
        Path file = record("tcp", "1");
        assertThat(run("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
                .isEmpty();
        String filter = fault == Fault.BLACK ? "blackframe=90:40" : "freezedetect=n=0.0005:d=1";
        String found = run("ffmpeg", "-v", "info", "-i", file.toString(), "-vf", filter, "-f", "null", "-");
        switch (fault) {
            case BLACK -> assertThat(found).contains("pblack");
            case FROZEN -> assertThat(found).contains("freeze_start");
            default -> assertThat(found).doesNotContain("freeze_start");
        }
    }

    @Test
    void nobodySeesAnythingWithoutThePassword() throws Exception {
        try (Client client = new Client("viewer", "wrong")) {
            assertThat(client.ask("DESCRIBE", "1", "")).startsWith("RTSP/1.0 401");
            assertThat(client.authorized("DESCRIBE", "1", "")).startsWith("RTSP/1.0 401");
            assertThat(client.ask("OPTIONS", "1", "")).startsWith("RTSP/1.0 200");
        }
    }

    @Test
    void aStoppedCameraEndsItsConnectionsUntilItIsMended() throws Exception {
        try (Client client = playing("2")) {
            assertThat(client.packet()).isPositive();
            cameras.get(1).suffer(Fault.STOP);
            assertThat(client.ends()).isTrue();
            try (Client other = playing("1")) {
                assertThat(other.packet()).isPositive();
            }
            try (Client again = new Client("viewer", "secret")) {
                assertThat(again.ask("DESCRIBE", "2", "")).isEmpty();
            }
        }
        cameras.get(1).suffer(Fault.NONE);
        try (Client client = playing("2")) {
            assertThat(client.packet()).isPositive();
        }
    }

    @Test
    void aCutEndsAConnectionOnce() throws Exception {
        try (Client client = playing("1")) {
            cameras.getFirst().cut();
            assertThat(client.ends()).isTrue();
        }
        try (Client client = playing("1")) {
            assertThat(client.packet()).isPositive();
        }
    }

    @Test
    void aStalledCameraKeepsItsConnectionAndSaysNothing() throws Exception {
        try (Client client = playing("1")) {
            cameras.getFirst().suffer(Fault.STALL);
            client.socket.setSoTimeout(400);
            boolean silent = false;
            for (int i = 0; i < 2_000 && !silent; i++) {
                try {
                    client.packet();
                } catch (java.net.SocketTimeoutException e) {
                    silent = true;
                }
            }
            assertThat(silent).isTrue();
            cameras.getFirst().suffer(Fault.NONE);
            client.socket.setSoTimeout(5_000);
            assertThat(client.packet()).isPositive();
        }
    }

    @Test
    void rubbishClosesOnlyItsOwnConnection() throws Exception {
        Random random = new Random(4);
        try (Client bystander = playing("1")) {
            for (int i = 0; i < 40; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    byte[] rubbish = new byte[1 + random.nextInt(20_000)];
                    random.nextBytes(rubbish);
                    if (i % 2 == 0) {
                        byte[] start = "DESCRIBE rtsp://x/cameras/1 RTSP/1.0\r\nContent-Length: -4\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII);
                        System.arraycopy(start, 0, rubbish, 0, Math.min(start.length, rubbish.length));
                    }
                    socket.getOutputStream().write(rubbish);
                } catch (IOException refused) {
                    // closed while it was written to, as it should be
                }
            }
            assertThat(bystander.packet()).isPositive();
        }
    }

    private Client playing(String camera) throws Exception {
        Client client = new Client("viewer", "secret");
        client.ask("DESCRIBE", camera, "");
        assertThat(client.authorized("DESCRIBE", camera, "")).contains("a=rtpmap:96 H264/90000");
        assertThat(client.authorized("SETUP", camera + "/track0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"))
                .contains("interleaved=0-1");
        assertThat(client.authorized("PLAY", camera, "")).startsWith("RTSP/1.0 200");
        return client;
    }

    private Path record(String transport, String path) throws Exception {
        Path file = folder.resolve("out.mp4");
        assumeTrue(installed(), "ffmpeg and ffprobe are not installed");
        String url = "rtsp://viewer:secret@127.0.0.1:%d/cameras/%s".formatted(server.port(), path);
        run("ffmpeg", "-v", "error", "-rtsp_transport", transport, "-i", url, "-t", "3", "-c", "copy", file.toString());
        assertThat(file).exists();
        return file;
    }

    private static boolean installed() {
        return Files.isExecutable(Path.of("/usr/bin/ffmpeg")) && Files.isExecutable(Path.of("/usr/bin/ffprobe"));
    }

    private static String probe(Path file) throws Exception {
        return run(
                "ffprobe",
                "-v",
                "error",
                "-count_frames",
                "-show_entries",
                "stream=codec_name,width,height,nb_read_frames",
                "-of",
                "csv=p=0",
                file.toString());
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out;
    }

    /** A client that speaks just enough. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        private final DataInputStream in =
                new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        private final String user;
        private final String password;
        private String nonce = "";

        Client(String user, String password) throws IOException {
            this.user = user;
            this.password = password;
            socket.setSoTimeout(5_000);
        }

        String authorized(String method, String camera, String headers) throws IOException {
            String uri = "rtsp://127.0.0.1/cameras/" + camera;
            String response = Digest.md5(Digest.md5(user + ":" + Digest.REALM + ":" + password) + ":" + nonce + ":"
                    + Digest.md5(method + ":" + uri));
            return ask(
                    method,
                    camera,
                    headers
                            + "Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\"\r\n"
                                    .formatted(user, Digest.REALM, nonce, uri, response));
        }

        String ask(String method, String camera, String headers) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write("%s rtsp://127.0.0.1/cameras/%s RTSP/1.0\r\nCSeq: 1\r\n%s\r\n"
                    .formatted(method, camera, headers)
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            int length = 0;
            for (String line = line(); line != null; line = line()) {
                if (line.isEmpty()) {
                    return answer + new String(in.readNBytes(length), StandardCharsets.UTF_8);
                }
                if (line.contains("nonce=\"")) {
                    nonce = line.replaceFirst(".*nonce=\"([^\"]*)\".*", "$1");
                }
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
                answer.append(line).append('\n');
            }
            return "";
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.toString().strip();
                }
                line.append((char) b);
            }
            return null;
        }

        /** Length of the next interleaved packet. */
        int packet() throws IOException {
            assertThat(in.readByte()).isEqualTo((byte) '$');
            in.readByte();
            int length = in.readUnsignedShort();
            in.skipNBytes(length);
            return length;
        }

        boolean ends() {
            try {
                for (int i = 0; i < 5_000; i++) {
                    packet();
                }
                return false;
            } catch (java.io.EOFException | java.net.SocketException e) {
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
