package org.conurb.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Cameras that speak RTSP 1.0 with Digest, over TCP (interleaved) and UDP: one thread, one selector, pictures cut into
 * packets beforehand, one write a picture. Listens on loopback only. Addresses: {@code /cameras/<id>} and, where a camera
 * has one, {@code /cameras/<id>/sub}.
 */
final class RtspServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 2_000;
    /** Pictures that fall due within one tick leave together. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<String, SimCamera> cameras = new LinkedHashMap<>();
    private final Digest digest;
    private final Clock clock;
    private final RandomGenerator random;
    private final Selector selector;
    private final ServerSocketChannel door;
    private final DatagramChannel rtp;
    private final DatagramChannel rtcp;
    private final List<RtspConnection> connections = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 20);
    private final Thread thread;
    private volatile boolean closing;

    RtspServer(int port, List<SimCamera> cameras, Digest digest, Clock clock, RandomGenerator random)
            throws IOException {
        cameras.forEach(camera -> this.cameras.put(camera.id(), camera));
        this.digest = digest;
        this.clock = clock;
        this.random = random;
        this.selector = Selector.open();
        this.door = ServerSocketChannel.open();
        door.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
        DatagramChannel[] pair = evenPair();
        this.rtp = pair[0];
        this.rtcp = pair[1];
        this.thread = Thread.ofPlatform().name("cameras").daemon().start(this::run);
    }

    /** Two datagram ports side by side, the first one even (RFC 3550 §11). */
    private static DatagramChannel[] evenPair() throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            DatagramChannel first = DatagramChannel.open().bind(local(0));
            int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
            DatagramChannel second = DatagramChannel.open();
            try {
                if ((port & 1) == 0) {
                    second.bind(local(port + 1));
                    first.configureBlocking(false);
                    second.configureBlocking(false);
                    return new DatagramChannel[] {first, second};
                }
            } catch (IOException taken) {
                // another pair then
            }
            first.close();
            second.close();
        }
        throw new IOException("No pair of datagram ports is free.");
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        try {
            return ((InetSocketAddress) door.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int[] datagramPorts() throws IOException {
        int first = ((InetSocketAddress) rtp.getLocalAddress()).getPort();
        return new int[] {first, first + 1};
    }

    DatagramChannel rtp() {
        return rtp;
    }

    DatagramChannel rtcp() {
        return rtcp;
    }

    ByteBuffer scratch() {
        return scratch;
    }

    Digest digest() {
        return digest;
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    String nonce() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    List<SimCamera> cameras() {
        return List.copyOf(cameras.values());
    }

    /** The camera of a path; null where there is none or its plug is pulled. */
    @org.jspecify.annotations.Nullable
    SimCamera camera(String id) {
        return cameras.get(id);
    }

    private void run() {
        try {
            while (!closing) {
                long now = System.nanoTime();
                long next = now + TimeUnit.MILLISECONDS.toNanos(100);
                for (int i = connections.size() - 1; i >= 0; i--) {
                    RtspConnection connection = connections.get(i);
                    next = Math.min(next, connection.play(now));
                    if (connection.closed()) {
                        connections.remove(i);
                    }
                }
                long wait = Math.max(TICK_NANOS, next - System.nanoTime());
                selector.select(TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            closeAll();
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (key.isValid() && key.isAcceptable()) {
            SocketChannel peer = door.accept();
            if (peer == null) {
                return;
            }
            if (connections.size() >= MOST_CONNECTIONS) {
                peer.close();
                return;
            }
            peer.configureBlocking(false);
            peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            RtspConnection connection = new RtspConnection(this, peer, peer.register(selector, SelectionKey.OP_READ));
            peer.keyFor(selector).attach(connection);
            connections.add(connection);
        } else if (key.attachment() instanceof RtspConnection connection) {
            connection.ready(key);
        }
    }

    private void closeAll() {
        try {
            for (RtspConnection connection : connections) {
                connection.close();
            }
            door.close();
            rtp.close();
            rtcp.close();
            selector.close();
        } catch (IOException e) {
            // it ends anyhow
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
