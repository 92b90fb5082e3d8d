package org.conurb.media;

import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** A peer's address as its check came from it. */
final class UdpPath extends MediaPath {
    final PeerAddress address = new PeerAddress();
    final InetSocketAddress remote;
    final byte[] sockaddr;
    /** Whether it is IPv4, on whatever socket. */
    final boolean four;

    final MediaSession session;
    /** @param six whether the socket is IPv6 */
    UdpPath(PeerAddress address, MediaSession session, boolean six) {
        this.address.set(address);
        this.remote = address.toSocketAddress();
        this.sockaddr = SocketAddressBytes.of(remote, six);
        this.four = remote.getAddress() instanceof Inet4Address;
        this.session = session;
    }

    @Override
    void send(byte[] packet, int length, TrafficMark mark) {
        session.worker.port.send(this, packet, length, mark);
    }

    @Override
    InetSocketAddress remote() {
        return remote;
    }

    @Override
    void close() {}
}
