package org.conurb.media;

import java.net.InetSocketAddress;

/** One way to a peer that passed a check. Confined to its worker. */
abstract sealed class MediaPath permits UdpPath, TcpPath {
    /** Sends now or with the next flush; the array is free again on return. A full queue drops the packet. */
    abstract void send(byte[] packet, int length, TrafficMark mark);

    abstract InetSocketAddress remote();

    abstract void close();
}
