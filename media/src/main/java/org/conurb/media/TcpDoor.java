package org.conurb.media;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for ICE over TCP and passes each connection to the worker of the session that its first packet names. Of
 * connections that have not said a name there are at most 64, for 5 s each. Confined to the first worker.
 */
final class TcpDoor {
    private static final Logger LOG = LoggerFactory.getLogger(TcpDoor.class);
    private static final int MAX_NAMELESS = 64;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final MediaWorkers workers;
    private final ServerSocketChannel server;
    private final Deque<TcpPath> nameless = new ArrayDeque<>();
    private boolean paused;
    private long pausedAt;

    TcpDoor(MediaWorkers workers, InetAddress host, int port) throws IOException {
        this.workers = workers;
        this.server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.bind(new InetSocketAddress(host, port), MAX_NAMELESS);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    void register(Selector selector) throws IOException {
        server.register(selector, SelectionKey.OP_ACCEPT, this);
    }

    /** Where a connection cannot be taken, as by a process that has too many, the next ones wait for a second. */
    void accept(SelectionKey key, long nowNanos) {
        try {
            accept(key.selector(), nowNanos);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("media.connection-not-taken");
            key.interestOps(0);
            paused = true;
            pausedAt = nowNanos;
        }
    }

    private void accept(Selector selector, long nowNanos) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            if (nameless.size() >= MAX_NAMELESS) {
                channel.close();
            } else {
                channel.configureBlocking(false);
                channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
                TcpPath path = new TcpPath(channel, nowNanos);
                nameless.add(path);
                channel.register(selector, SelectionKey.OP_READ, new Nameless(path));
            }
        }
    }

    /** A connection on its way to a session. */
    final class Nameless {
        private final TcpPath path;

        Nameless(TcpPath path) {
            this.path = path;
        }

        void ready(SelectionKey key) {
            try {
                MediaSession session = path.firstSession(workers);
                if (session != null) {
                    key.cancel();
                    nameless.remove(path);
                    session.worker.welcome(path, session);
                }
            } catch (IOException | RuntimeException | Error stranger) {
                key.cancel();
                nameless.remove(path);
                path.close();
            }
        }
    }

    void tick(Selector selector, long nowNanos) {
        SelectionKey key = server.keyFor(selector);
        if (paused && key != null && nowNanos - pausedAt > PAUSE_NANOS) {
            paused = false;
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
        while (!nameless.isEmpty() && nowNanos - nameless.peekFirst().openedNanos > PATIENCE_NANOS) {
            nameless.removeFirst().close();
        }
    }

    void close() throws IOException {
        server.close();
        nameless.forEach(TcpPath::close);
    }
}
