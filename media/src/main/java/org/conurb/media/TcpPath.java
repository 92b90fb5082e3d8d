package org.conurb.media;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP connection of a peer (RFC 6544), its packets framed by their length (RFC 4571). Until its first packet, a check
 * that names a session, it belongs to the door and holds one buffer of 2 KB; then it moves to that session's worker. A
 * frame that is too long or empty ends it.
 */
final class TcpPath extends MediaPath {
    private static final Logger LOG = LoggerFactory.getLogger(TcpPath.class);
    private static final int QUEUE = 256 * 1024;

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final PeerAddress address = new PeerAddress();
    final long openedNanos;
    private final ByteBuffer in = ByteBuffer.allocate(2 + SrtpScratch.MAX_PACKET);
    private final byte[] packet = new byte[SrtpScratch.MAX_PACKET];
    private @Nullable ByteBuffer out;
    private @Nullable MediaWorker worker;
    private @Nullable MediaSession session;
    private @Nullable SelectionKey key;

    TcpPath(SocketChannel channel, long nowNanos) throws IOException {
        this.channel = channel;
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.address.set(remote);
        this.openedNanos = nowNanos;
    }

    /** What the first packet asks for, if it is a check that names a session. */
    @Nullable
    MediaSession firstSession(MediaWorkers workers) throws IOException {
        int length = nextFrame(packet);
        if (length == 0) {
            return null;
        }
        StunMessage request = StunMessage.parse(packet, length);
        String fragment = request == null ? null : request.localFragment();
        MediaSession named = fragment == null ? null : workers.session(fragment);
        if (named == null) {
            throw new IOException("a stranger");
        }
        return named;
    }

    /** On the session's worker. */
    void join(MediaWorker host, MediaSession owner, Selector selector) throws IOException {
        worker = host;
        session = owner;
        key = channel.register(selector, SelectionKey.OP_READ, this);
        mark(owner.mark());
        check(host, owner, Bytes.u16(packet, 2) + StunMessage.HEADER);
        drain(host, owner);
    }

    private void mark(TrafficMark mark) {
        try {
            channel.setOption(StandardSocketOptions.IP_TOS, mark.octet);
        } catch (IOException notHere) {
            LOG.atDebug().setCause(notHere).log("media.connection-not-marked");
        }
    }

    /** To another selector. */
    void moved(SelectionKey to) {
        key = to;
    }

    private void drain(MediaWorker host, MediaSession owner) throws IOException {
        for (int length = nextFrame(packet); length > 0; length = nextFrame(packet)) {
            if ((packet[0] & 0xfc) == 0) {
                check(host, owner, length);
            } else {
                host.packet(owner, packet, length);
            }
        }
    }

    private void check(MediaWorker host, MediaSession owner, int length) {
        StunMessage request = StunMessage.parse(packet, length);
        if (request != null) {
            host.check(owner, request, address, this);
        }
    }

    /** @return its length; 0 while it is not whole */
    private int nextFrame(byte[] into) throws IOException {
        if (in.position() < 2 || in.position() < 2 + length()) {
            if (channel.read(in) < 0) {
                throw new ClosedChannelException();
            }
        }
        if (in.position() < 2) {
            return 0;
        }
        int length = length();
        if (length == 0 || length >= SrtpScratch.MAX_PACKET - SrtpTransform.MAX_GROWTH) {
            throw new IOException("no frame of ours");
        }
        if (in.position() < 2 + length) {
            return 0;
        }
        in.flip().position(2).get(into, 0, length).compact();
        return length;
    }

    private int length() {
        return in.getShort(0) & 0xffff;
    }

    void ready(SelectionKey ready) {
        MediaWorker host = worker;
        MediaSession owner = session;
        if (host == null || owner == null) {
            return;
        }
        try {
            if (ready.isReadable()) {
                drain(host, owner);
            }
            if (ready.isValid() && ready.isWritable()) {
                flush();
            }
        } catch (IOException | RuntimeException gone) {
            owner.lost(this);
            close();
        }
    }

    /** All of a connection has the session's mark. */
    @Override
    void send(byte[] bytes, int length, TrafficMark mark) {
        ByteBuffer queue = out;
        if (queue == null) {
            queue = ByteBuffer.allocate(QUEUE);
            out = queue;
        }
        MediaWorker host = worker;
        if (queue.remaining() < length + 2 || host == null) {
            return; // a slow connection loses packets, as a slow network does
        }
        if (queue.position() == 0) {
            host.flushLater(this);
        }
        queue.putShort((short) length).put(bytes, 0, length);
    }

    void flush() throws IOException {
        ByteBuffer queue = out;
        SelectionKey registered = key;
        if (queue == null || registered == null || !registered.isValid()) {
            return;
        }
        channel.write(queue.flip());
        queue.compact();
        registered.interestOps(SelectionKey.OP_READ | (queue.position() > 0 ? SelectionKey.OP_WRITE : 0));
    }

    @Override
    InetSocketAddress remote() {
        return remote;
    }

    @Override
    void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            key = null;
        }
    }
}
