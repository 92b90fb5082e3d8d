package org.conurb.benchmarks;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** mumble-server: one channel in which all are, and one user talks; voice by UDP, protected for each. */
final class MumblePeer implements VoiceServer {
    private static final String[] PROGRAMS = {"/usr/sbin/murmurd", "/usr/sbin/mumble-server", "/usr/bin/mumble-server"};

    private final PeerProcess process;
    private final int port;
    private final SSLContext tls = anyServer();
    private final List<MumbleClient> clients = new ArrayList<>();
    private @Nullable MumbleClient talker;

    private MumblePeer(PeerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static Optional<Path> installed() {
        return PeerProcess.installed(PROGRAMS);
    }

    /** @param most users there may be */
    static MumblePeer start(Path program, Path folder, int most) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = PeerProcess.freeTcpPort();
        Path settings = folder.resolve("mumble-server.ini");
        Files.writeString(settings, """
                host=127.0.0.1
                port=%d
                users=%d
                usersperchannel=0
                database=%s
                bandwidth=130000
                timeout=60
                autobanAttempts=0
                welcometext=
                allowping=true
                sendversion=false
                bonjour=False
                logfile=
                ice=
                uname=%s
                """.formatted(
                        port, most + 1, folder.resolve("mumble-server.sqlite"), System.getProperty("user.name")));
        return new MumblePeer(
                PeerProcess.start(folder, port, List.of(program.toString(), "-fg", "-ini", settings.toString())), port);
    }

    @Override
    public String name() {
        return "mumble-server";
    }

    @Override
    public double cpuSeconds() throws IOException {
        return process.cpuSeconds();
    }

    @Override
    public void join(int voice, UdpCrowd crowd, Deliveries deliveries) throws IOException, InterruptedException {
        if (talker == null) {
            talker = enter("talker", crowd, null);
        }
        enter("listener-" + clients.size(), crowd, deliveries);
    }

    private MumbleClient enter(String name, UdpCrowd crowd, @Nullable Deliveries deliveries)
            throws IOException, InterruptedException {
        MumbleClient client = new MumbleClient(tls, port, name);
        clients.add(client);
        if (deliveries != null) {
            client.hears(deliveries, 0);
        }
        crowd.add(client.channel(), client);
        client.findUdp();
        return client;
    }

    @Override
    public void say(int voice, int number) throws IOException {
        if (talker != null) {
            talker.say(voice, number);
        }
    }

    @Override
    public void close() throws IOException {
        for (MumbleClient client : clients) {
            client.close();
        }
        process.close();
    }

    /** The server makes its certificate when it starts, and is our own child on loopback: there is nobody to mistake. */
    private static SSLContext anyServer() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyServer()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has TLS", e);
        }
    }

    private static final class AnyServer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
