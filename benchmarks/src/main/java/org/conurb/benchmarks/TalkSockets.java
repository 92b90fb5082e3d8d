package org.conurb.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many of Talk's WebSockets (RFC 6455) that one thread reads: as little as can be done for each message, since what it costs is
 * taken from the load's core. The mask of what is sent is zero, which is as good as any towards our own server.
 */
final class TalkSockets implements AutoCloseable {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LONGEST = 1 << 20;
    private static final int PATIENCE_MS = 200;
    private static final long STAY_NANOS = 10_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>();

    /** Told of each message on the sockets' thread. */
    interface Listener {
        void told(byte[] json, long now) throws IOException;
    }

    TalkSockets() throws IOException {
        Thread.ofPlatform().daemon().name("sockets").start(this::run);
    }

    Socket open(URI site, String token, Listener listener) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(site.getHost(), site.getPort()));
        Socket socket = new Socket(channel, listener);
        socket.upgrade(site, token);
        channel.socket().setTcpNoDelay(true);
        channel.configureBlocking(false);
        synchronized (sockets) {
            sockets.add(socket);
        }
        channel.register(selector, SelectionKey.OP_READ, socket);
        selector.wakeup();
        return socket;
    }

    /** @throws IOException where a socket failed since */
    void check() throws IOException {
        IOException first = failed.get();
        if (first != null) {
            throw new IOException("A socket failed", first);
        }
    }

    private void run() {
        long stayed = System.nanoTime();
        try {
            while (true) {
                selector.select(TalkSockets.this::read, PATIENCE_MS);
                if (System.nanoTime() - stayed > STAY_NANOS) {
                    stayed = System.nanoTime();
                    stay();
                }
            }
        } catch (ClosedSelectorException over) {
            return;
        } catch (IOException broken) {
            failed.compareAndSet(null, broken);
        }
    }

    private void stay() throws IOException {
        List<Socket> all;
        synchronized (sockets) {
            all = List.copyOf(sockets);
        }
        for (Socket socket : all) {
            socket.say("{\"type\":\"ping\"}");
        }
    }

    private void read(SelectionKey key) {
        try {
            ((Socket) key.attachment()).read();
        } catch (IOException | RuntimeException gone) {
            key.cancel();
            failed.compareAndSet(null, gone instanceof IOException io ? io : new IOException(gone));
        }
    }

    /** One of them; {@link #say} from any thread. */
    static final class Socket implements AutoCloseable {
        private final SocketChannel channel;
        private final Listener listener;
        private ByteBuffer in = ByteBuffer.allocate(4096);
        private byte[] begun = new byte[0];

        private Socket(SocketChannel channel, Listener listener) {
            this.channel = channel;
            this.listener = listener;
        }

        private void upgrade(URI site, String token) throws IOException {
            channel.write(StandardCharsets.US_ASCII.encode("GET /api/talk/socket HTTP/1.1\r\nHost: " + site.getHost()
                    + ":"
                    + site.getPort() + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: Y29udXJiIGNvbnVyYiBjbw==\r\nSec-WebSocket-Protocol: conurb.talk.v1\r\n"
                    + "Authorization: Bearer " + token + "\r\n\r\n"));
            StringBuilder head = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST) {
                if (channel.read(one.clear()) < 0) {
                    throw new EOFException(head.toString());
                }
                head.append((char) one.get(0));
            }
            if (!head.toString().startsWith("HTTP/1.1 101")) {
                channel.close();
                throw new IOException("The socket was refused: "
                        + head.toString().lines().findFirst().orElse(""));
            }
        }

        void say(String json) throws IOException {
            frame(TEXT, json.getBytes(StandardCharsets.UTF_8));
        }

        private synchronized void frame(int opcode, byte[] body) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(14 + body.length).put((byte) (0x80 | opcode));
            if (body.length < 126) {
                frame.put((byte) (0x80 | body.length));
            } else {
                frame.put((byte) (0x80 | 126)).putShort((short) body.length);
            }
            frame.putInt(0).put(body).flip();
            while (frame.hasRemaining()) {
                if (channel.write(frame) == 0) {
                    Thread.onSpinWait();
                }
            }
        }

        private void read() throws IOException {
            int n = channel.read(in);
            if (n < 0) {
                throw new EOFException("The server closed a socket");
            }
            long now = System.nanoTime();
            in.flip();
            while (take(now)) {
                // the next
            }
            in.compact();
            if (!in.hasRemaining()) {
                in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
            }
        }

        /** @return whether a whole frame was there */
        private boolean take(long now) throws IOException {
            int at = in.position();
            int there = in.remaining();
            if (there < 2) {
                return false;
            }
            int length = in.get(at + 1) & 0x7f;
            int header = length < 126 ? 2 : length == 126 ? 4 : 10;
            if (there < header) {
                return false;
            }
            length = length < 126 ? length : length == 126 ? in.getShort(at + 2) & 0xffff : (int) in.getLong(at + 2);
            if (length < 0 || length > LONGEST) {
                throw new IOException("A frame of %d octets".formatted(length));
            }
            if (there < header + length) {
                return false;
            }
            int first = in.get(at);
            byte[] body = new byte[length];
            in.position(at + header).get(body);
            take(first & 0x0f, first < 0, body, now);
            return true;
        }

        private void take(int opcode, boolean last, byte[] body, long now) throws IOException {
            switch (opcode) {
                case PING -> frame(PONG, body);
                case PONG -> {}
                case CLOSE ->
                    throw new EOFException("The server closed a socket: "
                            + new String(
                                    body,
                                    Math.min(2, body.length),
                                    Math.max(0, body.length - 2),
                                    StandardCharsets.UTF_8));
                default -> {
                    byte[] whole = begun.length == 0 ? body : joined(body);
                    begun = last ? new byte[0] : whole;
                    if (last) {
                        listener.told(whole, now);
                    }
                }
            }
        }

        private byte[] joined(byte[] more) {
            return ByteBuffer.allocate(begun.length + more.length)
                    .put(begun)
                    .put(more)
                    .array();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
