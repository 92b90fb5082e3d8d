package org.conurb.media;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** A worker's UDP socket: batches of datagrams in, a bounded queue out. Confined to its worker. */
abstract sealed class UdpPort permits BatchUdpPort, ChannelUdpPort {
    private static final int SOCKET_BUFFER = 4 << 20;

    /** Told of each datagram; both arguments are overwritten by the next. */
    interface Receiver {
        void datagram(byte[] packet, int length, PeerAddress from);
    }

    final DatagramChannel channel;
    private final boolean six;
    private long dropped;
    private long waited;

    UdpPort(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.six = ((InetSocketAddress) channel.getLocalAddress()).getAddress() instanceof Inet6Address;
    }

    /** @param batches whether many datagrams may go with one call of the system, where it can */
    static UdpPort open(InetAddress host, int port, boolean batches) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                host instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(host, port));
            Optional<NativeSockets> sockets = batches ? NativeSockets.here() : Optional.empty();
            int descriptor = sockets.isPresent() ? sockets.get().descriptorOf(channel) : -1;
            return descriptor >= 0
                    ? new BatchUdpPort(channel, sockets.orElseThrow(), descriptor)
                    : new ChannelUdpPort(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    final boolean isSix() {
        return six;
    }

    final int number() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Datagrams that found the queue full or that the system refused. */
    final long dropped() {
        return dropped;
    }

    final void drop(int count) {
        dropped += count;
    }

    /** How long the datagram that is being told of waited for us, in nanoseconds; 0 where the system does not tell. */
    final long waited() {
        return waited;
    }

    final void waited(long nanos) {
        waited = nanos;
    }

    /** Takes what is there, within a bound, so that others of the worker get their turn. */
    abstract void receive(Receiver receiver) throws IOException;

    /** Queued or sent at once, with its mark where the system lets us. */
    abstract void send(UdpPath to, byte[] packet, int length, TrafficMark mark);

    /** @return false where datagrams wait for the socket to become writable */
    abstract boolean flush();

    void close() throws IOException {
        channel.close();
    }
}
