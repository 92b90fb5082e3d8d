package org.conurb.video;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between the recorder and an RTSP server and spoils what the server sends over TCP, unit by unit: interleaved
 * packets and messages are never torn but by {@link #cut}. Counts the frames of the first track that it let through.
 */
final class FaultProxy implements AutoCloseable {
    private static final byte[] GARBAGE = {0, 1, 2, 3, (byte) 0xFF, 7};
    private static final int SENDER_REPORT = 200;

    final AtomicInteger frames = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();

    /** Nothing goes through while it is set. */
    volatile boolean held;

    volatile boolean garbage;

    /** Times of the first track run so much faster. */
    volatile double skew;

    volatile int jumpTicks;
    volatile int otherSource;

    private final ServerSocket server;
    private final int upstream;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean unplugged;

    FaultProxy(int upstream) {
        this.upstream = upstream;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(this::accept);
    }

    URI address(String name) {
        return URI.create("rtsp://127.0.0.1:%d/%s".formatted(server.getLocalPort(), name));
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                if (unplugged) {
                    client.close();
                    continue;
                }
                connections.incrementAndGet();
                Socket camera = new Socket();
                camera.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream));
                open.add(client);
                Thread.ofPlatform().daemon().start(() -> requests(client, camera));
                Thread.ofPlatform().daemon().start(() -> answers(camera, client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void requests(Socket client, Socket camera) {
        try (camera;
                InputStream in = client.getInputStream()) {
            in.transferTo(camera.getOutputStream());
        } catch (IOException gone) {
            // either side closed
        }
    }

    private void answers(Socket camera, Socket client) {
        try (camera;
                client) {
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(camera.getInputStream()));
            OutputStream out = client.getOutputStream();
            Track track = new Track();
            for (int first = in.read(); first >= 0; first = in.read()) {
                byte[] unit = first == '$' ? packet(in, track) : message(first, in);
                while (held && open.contains(client)) {
                    LockSupport.parkNanos(5_000_000);
                }
                if (!open.contains(client)) {
                    client.shutdownOutput(); // what was sent before arrives
                    LockSupport.parkNanos(200_000_000);
                    return;
                }
                if (garbage && first == '$') {
                    out.write(GARBAGE);
                }
                out.write(unit);
                if (first == '$' && unit[1] == 0 && (unit[5] & 0x80) != 0) {
                    frames.incrementAndGet();
                }
            }
        } catch (IOException gone) {
            // either side closed
        }
    }

    /** Times of one connection's first track. */
    private static final class Track {
        private boolean begun;
        private int first;

        int spoiled(int ticks, double skew, int jump) {
            if (!begun) {
                begun = true;
                first = ticks;
            }
            return ticks + (int) Math.round((ticks - first) * skew) + jump;
        }
    }

    private byte[] packet(DataInputStream in, Track track) throws IOException {
        int channel = in.readUnsignedByte();
        int length = in.readUnsignedShort();
        ByteBuffer unit = ByteBuffer.allocate(4 + length);
        unit.put((byte) '$').put((byte) channel).putShort((short) length);
        in.readFully(unit.array(), 4, length);
        int report = channel == 1 && (unit.get(5) & 0xFF) == SENDER_REPORT ? 8 : 0;
        if (channel == 0 || report > 0) {
            int ticksAt = report > 0 ? 4 + 16 : 4 + 4;
            unit.putInt(ticksAt, track.spoiled(unit.getInt(ticksAt), skew, jumpTicks));
            int sourceAt = report > 0 ? 4 + 4 : 4 + 8;
            unit.putInt(sourceAt, otherSource == 0 ? unit.getInt(sourceAt) : otherSource);
        }
        return unit.array();
    }

    private static byte[] message(int first, DataInputStream in) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        all.write(first);
        while (!all.toString(java.nio.charset.StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            all.write(in.readUnsignedByte());
        }
        for (String line :
                all.toString(java.nio.charset.StandardCharsets.ISO_8859_1).split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                all.write(in.readNBytes(Integer.parseInt(line.substring(15).strip())));
            }
        }
        return all.toByteArray();
    }

    /** The connection ends where it is. */
    void cut() {
        open.clear();
    }

    /** Connections end, and new ones at once. */
    void unplug() {
        unplugged = true;
        cut();
    }

    void plugIn() {
        unplugged = false;
    }

    @Override
    public void close() {
        cut();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
