package org.conurb.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.media.WebRtcClient;

/**
 * Janus with its Streaming plug-in: bare RTP in, WebRTC out to each who listens, all on one event loop, which serves it
 * best. It is ICE-lite, so that it has less to do and our client can be the one that checks. Janus offers no loopback, but
 * packets to an address of this machine do not leave it either.
 */
final class JanusPeer implements VoiceServer {
    private static final String PLUGIN = "janus.plugin.streaming";
    private static final int MOUNTPOINT = 1;

    private final PeerProcess process;
    private final JanusApi api;
    private final DatagramChannel talker;
    private final byte[] rtp = new byte[VoicePacket.RTP];
    private final WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
    private final List<WebRtcClient> clients = new ArrayList<>();

    private JanusPeer(PeerProcess process, JanusApi api, int rtpPort) throws IOException {
        this.process = process;
        this.api = api;
        talker = DatagramChannel.open().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), rtpPort));
    }

    static Optional<Path> installed() {
        return PeerProcess.installed("/usr/bin/janus", "/opt/janus/bin/janus", "/usr/local/bin/janus");
    }

    static JanusPeer start(Path program, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int apiPort = PeerProcess.freeTcpPort();
        int rtpPort = PeerProcess.freeUdpPort();
        Files.writeString(folder.resolve("janus.jcfg"), """
                general: {
                  debug_level = 3
                  debug_timestamps = true
                  session_timeout = 0
                  event_loops = 1
                }
                media: { rtp_port_range = "20000-60000" }
                nat: { ice_lite = true, full_trickle = false }
                plugins: { disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so,libjanus_duktape.so,libjanus_lua.so" }
                transports: { disable = "libjanus_websockets.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }
                """);
        Files.writeString(folder.resolve("janus.transport.http.jcfg"), """
                general: { json = "compact", base_path = "/janus", http = true, port = %d, ip = "127.0.0.1", https = false }
                admin: { admin_http = false, admin_https = false }
                """.formatted(apiPort));
        Files.writeString(
                folder.resolve("janus.plugin.streaming.jcfg"), """
                voice: {
                  type = "rtp"
                  id = %d
                  audio = true
                  video = false
                  audioport = %d
                  audiopt = %d
                  audiocodec = "opus"
                }
                """.formatted(MOUNTPOINT, rtpPort, VoicePacket.OPUS));
        PeerProcess process = PeerProcess.start(
                folder, apiPort, List.of(program.toString(), "--configs-folder=" + folder, "--disable-colors"));
        try {
            return new JanusPeer(process, new JanusApi(apiPort), rtpPort);
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "Janus";
    }

    @Override
    public double cpuSeconds() throws IOException {
        return process.cpuSeconds();
    }

    @Override
    public void join(int voice, UdpCrowd crowd, Deliveries deliveries) throws IOException, InterruptedException {
        long handle = api.attach(PLUGIN);
        api.message(handle, Map.of("body", Map.of("request", "watch", "id", MOUNTPOINT)));
        String offer = api.event(handle).path("jsep").path("sdp").asString();
        WebRtcClient client = new WebRtcClient(keys);
        clients.add(client);
        String answer = client.answerAudio(offer);
        api.message(
                handle,
                Map.of(
                        "body",
                        Map.of("request", "start"),
                        "jsep",
                        Map.of("type", "answer", "sdp", answer, "trickle", false)));
        api.event(handle); // before it has read the answer it replies to checks, and forgets them
        client.connect(offer, null);
        crowd.add(client.channel(), new WebRtcListener(client, deliveries, voice));
    }

    @Override
    public void say(int voice, int number) throws IOException {
        VoicePacket.writeRtp(rtp, voice, number);
        talker.write(ByteBuffer.wrap(rtp));
    }

    @Override
    public void close() throws IOException {
        talker.close();
        for (WebRtcClient client : clients) {
            client.close();
        }
        process.close();
    }
}
