package org.conurb.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another's server on this machine for the time of a measurement, alone on its core, with its own folder and ports. */
final class PeerProcess implements AutoCloseable {
    private static final int START_SECONDS = 20;
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final Path log;

    private PeerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** The first of these that is installed. */
    static Optional<Path> installed(String... programs) {
        return Stream.of(programs).map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /**
     * @param tcpPort on loopback, which answers once the server is ready
     * @throws IOException where it does not within 20 s; the message has the end of its log
     */
    static PeerProcess start(Path folder, int tcpPort, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        List<String> whole = new ArrayList<>(Cores.on(Cores.SERVER));
        whole.addAll(command);
        Process process = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PeerProcess started = new PeerProcess(process, log);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < until) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcpPort), 1_000);
                return started;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        started.close();
        throw new IOException("%s did not start: %s".formatted(command.getFirst(), started.lastLines()));
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    double cpuSeconds() throws IOException {
        return RunningSite.cpuSeconds(process.pid());
    }

    /** One that nobody has just now. */
    static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One that nobody has just now. */
    static int freeUdpPort() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(0))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
