package org.conurb.talk;

import java.net.InetSocketAddress;

/** A way to a peer: an address by UDP, a connection by TCP or TLS. Never waits; what cannot be sent is lost. */
interface SipFlow {
    /** As in a Via: {@code UDP}, {@code TCP}, {@code TLS}. */
    String transport();

    InetSocketAddress remote();

    /** Whether nothing is lost while it is open. */
    default boolean isReliable() {
        return !transport().equals("UDP");
    }

    boolean isOpen();

    void send(byte[] message);

    /** The peer has shown who it is: it may be quiet for long. */
    void trust();

    void close();
}
