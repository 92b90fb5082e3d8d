package org.conurb.media;

import java.net.InetSocketAddress;

/** A peer's address as its check came from it. */
final class UdpPath extends MediaPath {
    final PeerAddress address = new PeerAddress();
    final InetSocketAddress remote;
    final byte[] sockaddr;
    final MediaSession session;
    private final UdpPort port;

    UdpPath(PeerAddress address, MediaSession session, UdpPort port) {
        this.address.set(address);
        this.remote = address.toSocketAddress();
        this.sockaddr = SocketAddressBytes.of(remote, port.isSix());
        this.session = session;
        this.port = port;
    }

    @Override
    void send(byte[] packet, int length) {
        port.send(this, packet, length);
    }

    @Override
    InetSocketAddress remote() {
        return remote;
    }

    @Override
    void close() {}
}
