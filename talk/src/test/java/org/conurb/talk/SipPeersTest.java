package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that others wrote: baresip, a telephone, and sipp, which tests such. */
class SipPeersTest {
    private static final int RATE = 8_000;

    @TempDir
    private Path folder;

    private SipSite site;

    @BeforeEach
    void open() throws IOException {
        site = new SipSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** A telephone that plays a tone, and does what it is told by its control port. */
    private final class Baresip implements AutoCloseable {
        private final Process process;
        private final int control;

        Baresip(String codec, String transport, int hertz) throws IOException {
            try (ServerSocket free = new ServerSocket(0)) {
                control = free.getLocalPort();
            }
            Files.writeString(folder.resolve("config"), """
                    poll_method epoll
                    sip_listen 127.0.0.1:0
                    net_interface 127.0.0.1
                    audio_source ausine,%d
                    audio_player aubridge,nobody
                    ausrc_srate 48000
                    ausrc_channels 2
                    module_path /usr/lib/baresip/modules
                    module opus.so
                    module g711.so
                    module ausine.so
                    module aubridge.so
                    module_tmp uuid.so
                    module_tmp account.so
                    module_app menu.so
                    module ctrl_tcp.so
                    ctrl_tcp_listen 127.0.0.1:%d
                    """.formatted(hertz, control));
            Files.writeString(
                    folder.resolve("accounts"),
                    "<sip:0001@127.0.0.1:%d;transport=%s>;auth_user=0001;auth_pass=%s;regint=120;audio_codecs=%s\n"
                            .formatted(site.door.port(), transport, SipSite.PASSWORD, codec));
            process = new ProcessBuilder("baresip", "-f", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("baresip.log").toFile())
                    .start();
        }

        void say(String command, String parameters) throws IOException {
            String json = "{\"command\":\"%s\",\"params\":\"%s\"}".formatted(command, parameters);
            try (Socket socket = new Socket("127.0.0.1", control)) {
                socket.getOutputStream().write((json.length() + ":" + json + ",").getBytes(UTF_8));
                socket.setSoTimeout(3_000);
                assertThat(socket.getInputStream().read()).isPositive();
            }
        }

        String log() {
            try {
                return Files.readString(folder.resolve("baresip.log"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static boolean has(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    @ParameterizedTest
    @CsvSource({"opus/48000/2, udp", "PCMU/8000/1, udp", "PCMA/8000/1, tcp"})
    void aToneOfATelephoneArrivesAsThatToneAtAnother(String codec, String transport) throws Exception {
        assumeTrue(has("baresip") && SipSite.hasVoices(), "baresip, or the voices' process, is not there");
        try (Baresip phone = new Baresip(codec, transport, 880);
                TestPhone other = site.phone("1002")) {
            assertThat(SipSite.eventually(() -> site.site.connected().join().contains(SipSite.DESK)))
                    .as(phone.log())
                    .isTrue();
            other.register();
            assertThat(other.call("fire-ops-1", other.opus()).status()).isEqualTo(200);
            other.speak(1);
            phone.say("dial", "sip:fire-ops-1@127.0.0.1:" + site.door.port());
            assertThat(SipSite.eventually(() -> site.door.size().ports() == 2))
                    .as(phone.log())
                    .isTrue();
            assertThat(SipSite.eventually(() -> phone.log().contains("Call established")))
                    .as(phone.log())
                    .isTrue();
            phone.say("sndcode", "*");
            assertThat(site.talks(SipSite.DESK)).as(phone.log()).isTrue();
            short[] heard = decoded(other, 100);

            assertThat(strength(heard, 880)).isGreaterThan(10 * strength(heard, 620));
            assertThat(strength(heard, 880)).isGreaterThan(10 * strength(heard, 1_330));
            assertThat(strength(heard, 880)).isGreaterThan(500);
            phone.say("hangup", "");
            assertThat(site.isQuiet()).as(phone.log()).isTrue();
            assertThat(SipSite.eventually(() -> site.door.size().ports() == 1)).isTrue();
        }
    }

    /** What comes, after the first half second, by the voices' process: samples of G.711. */
    private static short[] decoded(TestPhone phone, int packets) throws Exception {
        ConcurrentLinkedQueue<byte[]> law = new ConcurrentLinkedQueue<>();
        VoiceProcess voices = new VoiceProcess(SipSite.voicesCommand());
        try {
            int stream = voices.open((sequence, timestamp, payload) -> law.add(payload));
            assertThat(SipSite.eventually(() -> voices.running().isPresent())).isTrue();
            for (int i = 0; i < packets; i++) {
                byte[] rtp = phone.hear();
                assertThat(rtp).isNotNull();
                voices.fromOpus(stream, SipCodec.PCMU, i, i * 160, java.util.Arrays.copyOfRange(rtp, 12, rtp.length));
            }
            assertThat(SipSite.eventually(() -> law.size() >= packets)).isTrue();
        } finally {
            voices.close();
        }
        short[] samples = new short[law.stream().mapToInt(each -> each.length).sum()];
        int at = 0;
        for (byte[] each : law) {
            for (byte octet : each) {
                int code = ~octet & 0xFF;
                int magnitude = (((code & 0xF) << 3) + 0x84 << (code >> 4 & 7)) - 0x84;
                samples[at++] = (short) ((code & 0x80) != 0 ? -magnitude : magnitude);
            }
        }
        return java.util.Arrays.copyOfRange(samples, RATE / 2, samples.length);
    }

    /** How loud one frequency is: Goertzel's algorithm. */
    private static double strength(short[] samples, double hertz) {
        double c = 2 * Math.cos(2 * Math.PI * hertz / RATE);
        double before = 0;
        double last = 0;
        for (short sample : samples) {
            double next = sample + c * last - before;
            before = last;
            last = next;
        }
        return Math.sqrt(Math.max(0, last * last + before * before - c * last * before)) / samples.length * 2;
    }

    @Test
    void voicesThatDieComeBackInTheSameCall() throws Exception {
        assumeTrue(SipSite.hasVoices(), "the voices' process is not built");
        try (TestPhone phone = site.phone("1001")) {
            phone.register();
            assertThat(phone.call("fire-ops-1", phone.offer("8 0", "a=sendrecv"))
                            .status())
                    .isEqualTo(200);
            assertThat(SipSite.eventually(() -> site.voices.running().isPresent()))
                    .isTrue();
            phone.info("application/dtmf", "*");
            site.talks(SipSite.DESK);
            assertThat(speaksUntilHeard(phone)).isTrue();
            ProcessHandle first = site.voices.running().orElseThrow();
            first.destroyForcibly();
            assertThat(SipSite.eventually(() -> site.voices
                            .running()
                            .filter(process -> process.pid() != first.pid())
                            .isPresent()))
                    .isTrue();
            assertThat(speaksUntilHeard(phone)).isTrue();
        }
    }

    private boolean speaksUntilHeard(TestPhone phone) throws IOException {
        int before = site.dispatcher.heard().size();
        byte[] silence = new byte[160];
        for (int i = 0; i < 250 && site.dispatcher.heard().size() < before + 5; i++) {
            phone.timestamp += 160;
            phone.rtp(phone.media, 8, silence);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
        return site.dispatcher.heard().size() >= before + 5;
    }

    @Test
    void sippCallsAGroupFiftyTimes() throws Exception {
        assumeTrue(has("sipp"), "sipp is not there");
        Path scenario = folder.resolve("call.xml");
        Files.writeString(scenario, scenario());
        Process sipp = new ProcessBuilder(List.of(
                        "sipp",
                        "127.0.0.1:" + site.door.port(),
                        "-sf",
                        scenario.toString(),
                        "-s",
                        "fire-ops-1",
                        "-au",
                        "0001",
                        "-ap",
                        SipSite.PASSWORD,
                        "-auth_uri",
                        "fire-ops-1@127.0.0.1:" + site.door.port(),
                        "-m",
                        "50",
                        "-l",
                        "1",
                        "-r",
                        "50",
                        "-i",
                        "127.0.0.1",
                        "-nostdin",
                        "-timeout",
                        "40"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sipp.log").toFile())
                .start();
        boolean over = sipp.waitFor(60, TimeUnit.SECONDS);
        sipp.destroyForcibly();
        String log = Files.readString(folder.resolve("sipp.log"), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replaceAll("[^\\x20-\\x7e\\n]", "");

        assertThat(over).as(log.substring(Math.max(0, log.length() - 4_000))).isTrue();
        assertThat(sipp.exitValue())
                .as(log.substring(Math.max(0, log.length() - 4_000)))
                .isZero();
        assertThat(SipSite.eventually(() -> site.door.size().ports() == 0)).isTrue();
    }

    private static String scenario() {
        String invite = """
                <send retrans="500"><![CDATA[
                INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
                Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
                From: <sip:0001@alder>;tag=[pid]SIPp[call_number]
                To: <sip:[service]@alder>
                Call-ID: [call_id]
                CSeq: %d INVITE
                Contact: <sip:0001@[local_ip]:[local_port]>
                Max-Forwards: 70
                %sContent-Type: application/sdp
                Content-Length: [len]

                v=0
                o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
                s=-
                c=IN IP[media_ip_type] [media_ip]
                t=0 0
                m=audio [media_port] RTP/AVP 96
                a=rtpmap:96 opus/48000/2
                ]]></send>
                """;
        String ack = """
                <send><![CDATA[
                ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
                Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
                From: <sip:0001@alder>;tag=[pid]SIPp[call_number]
                To: <sip:[service]@alder>[peer_tag_param]
                Call-ID: [call_id]
                CSeq: %d ACK
                Contact: <sip:0001@[local_ip]:[local_port]>
                Max-Forwards: 70
                Content-Length: 0

                ]]></send>
                """;
        return "<?xml version=\"1.0\"?><scenario name=\"group call\">"
                + invite.formatted(1, "")
                + "<recv response=\"100\" optional=\"true\"/><recv response=\"401\" auth=\"true\"/>"
                + ack.formatted(1)
                + invite.formatted(2, "[authentication]\n                ".stripTrailing() + "\n")
                + "<recv response=\"100\" optional=\"true\"/><recv response=\"200\"/>"
                + ack.formatted(2)
                + ack.formatted(3)
                        .replace("ACK sip", "BYE sip")
                        .replace("3 ACK", "3 BYE")
                        .replace("<send>", "<send retrans=\"500\">")
                + "<recv response=\"200\"/></scenario>";
    }
}
