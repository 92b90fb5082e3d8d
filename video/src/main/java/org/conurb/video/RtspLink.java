package org.conurb.video;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one conversation with a camera: the connection, and a pair of ports for each track where RTP comes by UDP.
 * Holds at most 64 KB of what has come and is not whole, and 16 KB of what the camera does not take. Confined to its loop.
 */
final class RtspLink {
    private static final int MOST_UNSENT = 16 * 1024;
    private static final int MOST_TRACKS = 4;
    private static final int RECEIVE_BUFFER = 512 * 1024;
    private static final int DATAGRAMS_A_TURN = 256;

    private final NetworkLoop loop;
    private final NetworkLoop.Member member;
    private final InetSocketAddress to;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Optional<TlsPipe> tls;
    private final RtspConversation conversation;
    private final RtspFramer framer;
    private final Listener listener;
    private final int[] trackOfChannel = new int[256];
    private final DatagramChannel[] rtp = new DatagramChannel[MOST_TRACKS];
    private final DatagramChannel[] rtcp = new DatagramChannel[MOST_TRACKS];
    private final ReceiverReport[] reports = new ReceiverReport[MOST_TRACKS];
    private final int[] reportChannel = new int[MOST_TRACKS];
    private byte[] carry = new byte[2048];
    private int carried;
    private @Nullable ByteBuffer unsent;
    private boolean connected;
    private int tracks;
    private long now;

    interface Listener {
        void described(DescribedTracks tracks);

        void playing();

        /** In order, from TCP. */
        void packet(int track, long nanos, ByteBuffer rtp);

        /** From UDP. */
        void datagram(int track, long nanos, ByteBuffer rtp);
    }

    /** @param tlsHost present for rtsps: the name that a certificate is checked against where the camera has none of its own */
    RtspLink(
            NetworkLoop loop,
            NetworkLoop.Member member,
            InetSocketAddress to,
            Optional<String> tlsHost,
            CameraSource source,
            URI address,
            RandomGenerator random,
            Listener listener)
            throws IOException {
        this.loop = loop;
        this.member = member;
        this.to = to;
        this.listener = listener;
        this.tls = tlsHost.isPresent()
                ? Optional.of(new TlsPipe(tlsHost.get(), to.getPort(), source.certificate()))
                : Optional.empty();
        this.conversation = new RtspConversation(address, source.transport(), source.login(), random, new Wire());
        this.framer = new RtspFramer(new Incoming());
        Arrays.fill(trackOfChannel, -1);
        this.channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            key = loop.register(channel, SelectionKey.OP_CONNECT, member);
            channel.connect(to);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    boolean connected() {
        return connected;
    }

    /** Whether packets come by UDP. */
    boolean datagrams() {
        return conversation.datagrams();
    }

    int timeoutSeconds() {
        return conversation.timeoutSeconds();
    }

    void ready(SelectionKey ready, ByteBuffer shared, long nanos) throws IOException, RtspFailure {
        now = nanos;
        try {
            take(ready, shared, nanos);
        } catch (SSLException e) {
            throw tls.orElseThrow().failure();
        }
    }

    private void take(SelectionKey ready, ByteBuffer shared, long nanos) throws IOException, RtspFailure {
        if (ready.channel() instanceof DatagramChannel datagrams) {
            receive(datagrams, shared, nanos);
            return;
        }
        if (ready.isConnectable() && channel.finishConnect()) {
            connected = true;
            ready.interestOps(SelectionKey.OP_READ);
            if (tls.isPresent()) {
                tls.get().begin(this::write);
            }
            conversation.begin();
        }
        if (ready.isValid() && ready.isWritable()) {
            flush();
        }
        if (ready.isValid() && ready.isReadable()) {
            read(shared);
        }
    }

    private void read(ByteBuffer shared) throws IOException, RtspFailure {
        shared.put(carry, 0, carried);
        carried = 0;
        if (tls.isPresent()) {
            if (tls.get().read(channel, shared, this::write) < 0) {
                throw new EOFException();
            }
        } else if (channel.read(shared) < 0) {
            throw new EOFException();
        }
        shared.flip();
        framer.take(shared);
        carried = shared.remaining();
        if (carried > carry.length) {
            carry = new byte[Math.min(RtspFramer.LONGEST + 1, Integer.highestOneBit(carried) * 2)];
        }
        shared.get(carry, 0, carried);
    }

    private void receive(DatagramChannel from, ByteBuffer shared, long nanos) throws IOException {
        int track = 0;
        while (track < MOST_TRACKS && rtp[track] != from && rtcp[track] != from) {
            track++;
        }
        if (track == MOST_TRACKS) {
            return;
        }
        for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
            shared.clear();
            if (from.isConnected() ? from.read(shared) <= 0 : !fromCamera(from, shared)) {
                return;
            }
            shared.flip();
            if (from == rtp[track]) {
                reports[track].packet(shared);
                listener.datagram(track, nanos, shared);
            } else {
                reports[track].control(shared, nanos);
            }
        }
    }

    /** Before the ports of the camera are known, its address must fit at least. */
    private boolean fromCamera(DatagramChannel channel, ByteBuffer into) throws IOException {
        InetSocketAddress sender = (InetSocketAddress) channel.receive(into);
        if (sender != null && !sender.getAddress().equals(to.getAddress())) {
            into.clear().limit(0).position(0);
        }
        return sender != null;
    }

    private final class Incoming implements RtspFramer.Sink {
        @Override
        public void interleaved(int number, ByteBuffer packet) {
            int track = trackOfChannel[number];
            if (track < 0) {
                return;
            }
            if ((track & 1) == 0) {
                reports[track >> 1].packet(packet);
                listener.packet(track >> 1, now, packet);
            } else {
                reports[track >> 1].control(packet, now);
            }
        }

        @Override
        public void message(RtspAnswer message) throws RtspFailure {
            conversation.message(message);
        }
    }

    private final class Wire implements RtspConversation.Wire {
        @Override
        public void send(ByteBuffer message) throws RtspFailure {
            try {
                if (tls.isPresent()) {
                    tls.get().send(message, RtspLink.this::write);
                } else {
                    write(message);
                }
            } catch (IOException e) {
                throw RtspFailure.broken("closed the connection");
            }
        }

        @Override
        public List<RtspConversation.Wanted> described(byte[] sdp) throws RtspFailure {
            DescribedTracks described = DescribedTracks.read(sdp);
            tracks = described.formats().size();
            for (int i = 0; i < tracks; i++) {
                reports[i] = new ReceiverReport();
            }
            listener.described(described);
            return described.controls().stream()
                    .map(RtspConversation.Wanted::new)
                    .toList();
        }

        @Override
        public int openPorts(int track) throws RtspFailure {
            try {
                closePorts(track);
                return pair(track);
            } catch (IOException e) {
                throw RtspFailure.broken("wants UDP, and no ports are free here");
            }
        }

        @Override
        public void agreed(int track, RtspConversation.Channel agreed) throws RtspFailure {
            switch (agreed) {
                case RtspConversation.Channel.Interleaved(int first, int second) -> {
                    trackOfChannel[second] = track << 1 | 1;
                    trackOfChannel[first] = track << 1;
                    reportChannel[track] = second;
                }
                case RtspConversation.Channel.Datagrams(int first, int second) -> connectPorts(track, first, second);
            }
        }

        @Override
        public void playing() {
            listener.playing();
        }
    }

    /** An even port and the one after it (RFC 3550 §11). */
    private int pair(int track) throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            DatagramChannel even = DatagramChannel.open();
            even.bind(new InetSocketAddress(0));
            int port = ((InetSocketAddress) even.getLocalAddress()).getPort();
            DatagramChannel odd = DatagramChannel.open();
            try {
                if (port % 2 == 0) {
                    odd.bind(new InetSocketAddress(port + 1));
                    even.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
                    loop.register(even, SelectionKey.OP_READ, member);
                    loop.register(odd, SelectionKey.OP_READ, member);
                    rtp[track] = even;
                    rtcp[track] = odd;
                    return port;
                }
            } catch (IOException taken) {
                // another pair
            }
            even.close();
            odd.close();
        }
        throw new IOException("No pair of ports is free");
    }

    private void connectPorts(int track, int first, int second) throws RtspFailure {
        try {
            if (first > 0 && second > 0) {
                rtp[track].connect(new InetSocketAddress(to.getAddress(), first));
                rtcp[track].connect(new InetSocketAddress(to.getAddress(), second));
                rtp[track].write(ByteBuffer.wrap(ReceiverReport.EMPTY)); // opens the way through a firewall
            }
        } catch (IOException e) {
            throw RtspFailure.broken("agrees to ports that cannot be reached");
        }
    }

    void keepAlive() throws RtspFailure {
        conversation.keepAlive();
    }

    /** Receiver reports (RFC 3550 §6.4.2); some cameras stop sending without them. */
    void report() throws IOException {
        for (int track = 0; track < tracks; track++) {
            ByteBuffer report = reports[track].write(now);
            if (conversation.datagrams()) {
                if (rtcp[track] != null && rtcp[track].isConnected()) {
                    rtcp[track].write(report);
                }
            } else if (unsent == null) {
                ByteBuffer framed = ByteBuffer.allocate(4 + report.remaining())
                        .put((byte) '$')
                        .put((byte) reportChannel[track])
                        .putShort((short) report.remaining())
                        .put(report)
                        .flip();
                if (tls.isPresent()) {
                    tls.get().send(framed, this::write);
                } else {
                    write(framed);
                }
            }
        }
    }

    /** The camera's clock minus ours, by its sender reports; empty without sane ones. */
    Optional<Duration> clockOffset(WallClock wall) {
        return tracks > 0 ? reports[0].clockOffset(wall) : Optional.empty();
    }

    private void write(ByteBuffer bytes) throws IOException {
        ByteBuffer waiting = unsent;
        if (waiting == null) {
            channel.write(bytes);
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        int before = waiting == null ? 0 : waiting.remaining();
        if (before + bytes.remaining() > MOST_UNSENT) {
            throw new IOException("The camera does not take what it is sent");
        }
        ByteBuffer all = ByteBuffer.allocate(before + bytes.remaining());
        if (waiting != null) {
            all.put(waiting);
        }
        unsent = all.put(bytes).flip();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    private void flush() throws IOException {
        ByteBuffer waiting = unsent;
        if (waiting != null) {
            channel.write(waiting);
            if (waiting.hasRemaining()) {
                return;
            }
        }
        unsent = null;
        key.interestOps(SelectionKey.OP_READ);
    }

    /** @param politely whether the camera is told */
    void close(boolean politely) {
        try (channel) {
            if (connected && politely) {
                conversation.tearDown();
            }
        } catch (RtspFailure | IOException e) {
            // it is gone already
        }
        for (int track = 0; track < MOST_TRACKS; track++) {
            try {
                closePorts(track);
            } catch (IOException e) {
                // nothing is left to do with it
            }
        }
    }

    private void closePorts(int track) throws IOException {
        if (rtp[track] != null) {
            rtp[track].close();
        }
        if (rtcp[track] != null) {
            rtcp[track].close();
        }
    }
}
