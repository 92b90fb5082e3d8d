package org.conurb.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.conurb.kernel.Json;

/** The ports of a site, which move together from the first one. */
record Ports(int http) {
    private static final int ICE_TCP = 1;
    private static final int SIP = 4;
    private static final int POSTGRES = 6;
    private static final int SIPS = 8;
    private static final int MEDIA = 16;
    private static final int SIP_MEDIA = 1_000;
    private static final int DEMO_CAMERAS = 30;
    private static final int DEMO_CONTROL = 31;
    /** How many a site may use. */
    private static final int BLOCK = 32;

    int postgres() {
        return http + POSTGRES;
    }

    /** ICE over TCP (RFC 6544). */
    int iceTcp() {
        return http + ICE_TCP;
    }

    /** SIP by UDP and TCP. */
    int sip() {
        return http + SIP;
    }

    /** SIP by TLS. */
    int sips() {
        return http + SIPS;
    }

    /** First UDP port of voice with SIP phones; each call takes an even one of the next thousand that is free. */
    int sipMedia() {
        return http + SIP_MEDIA;
    }

    /** First of the media workers' UDP ports, one a worker. */
    int media() {
        return http + MEDIA;
    }

    /** Cameras of a demo, by RTSP. */
    int demoCameras() {
        return http + DEMO_CAMERAS;
    }

    /** Where the living part of a demo is told what to do. */
    int demoControl() {
        return http + DEMO_CONTROL;
    }

    /** The wanted block; for 0 a free one. */
    static Ports from(int wanted, String listen, RandomGenerator random) {
        if (wanted != 0) {
            return new Ports(wanted);
        }
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = 20_000 + random.nextInt((32_000 - 20_000) / BLOCK) * BLOCK;
            if (isFree(listen, first) && isFree("127.0.0.1", first + POSTGRES)) {
                return new Ports(first);
            }
        }
        throw new StartFailure("No free block of ports was found.", "Name one with --port N.");
    }

    static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * Tells other programs on this machine, in {@code ports.json}: every port that the site serves, how to reach it and which
     * certificate it shows.
     *
     * @param mediaUdp one of each media worker
     */
    void write(UpSettings up, Tls tls, Optional<Path> cluster, List<Integer> mediaUdp) throws IOException {
        Path data = up.data();
        Map<String, Object> ports = new LinkedHashMap<>();
        ports.put("address", "%s://%s:%d".formatted(tls.on() ? "https" : "http", reachable(up.listen()), http));
        tls.fingerprint().ifPresent(print -> ports.put("certificate", print));
        ports.put("http", http);
        ports.put("iceTcp", iceTcp());
        ports.put("mediaUdp", mediaUdp);
        ports.put("sip", sip());
        ports.put("sips", sips());
        if (up.demo() && !up.still()) {
            ports.put("demoCameras", demoCameras());
            ports.put("demoControl", demoControl());
        }
        cluster.ifPresent(folder -> {
            ports.put("postgres", postgres());
            ports.put("cluster", folder.toString());
        });
        Path file = data.resolve("ports.json");
        Path fresh = data.resolve("ports.json.new");
        Files.write(fresh, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(ports));
        Files.move(
                fresh,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String reachable(String listen) {
        String host =
                listen.equals("0.0.0.0") || listen.equals("::") || listen.equals("localhost") ? "127.0.0.1" : listen;
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
