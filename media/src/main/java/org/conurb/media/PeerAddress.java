package org.conurb.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Address and port a datagram came from, as three numbers that are overwritten by the next one. IPv4 is mapped (RFC 4291 §2.5.5.2). */
final class PeerAddress {
    private static final long MAPPED = 0xffff_0000_0000L;

    long high;
    long low;
    int port;

    void set(long high, long low, int port) {
        this.high = high;
        this.low = low;
        this.port = port;
    }

    void set4(long address, int port) {
        set(0, MAPPED | address & 0xffff_ffffL, port);
    }

    void set(InetSocketAddress address) {
        byte[] host = address.getAddress().getAddress();
        if (host.length == 4) {
            set4(Bytes.i32(host, 0), address.getPort());
        } else {
            set(Bytes.i64(host, 0), Bytes.i64(host, 8), address.getPort());
        }
    }

    void set(PeerAddress other) {
        set(other.high, other.low, other.port);
    }

    boolean is(PeerAddress other) {
        return high == other.high && low == other.low && port == other.port;
    }

    int hash() {
        long mixed = (high * 31 + low) * 0x9E3779B97F4A7C15L + port * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** 4 octets for IPv4, else 16. */
    byte[] host() {
        byte[] bytes = new byte[16];
        Bytes.put64(bytes, 0, high);
        Bytes.put64(bytes, 8, low);
        boolean four = high == 0 && low >>> 32 == 0xffff;
        return four ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    InetSocketAddress toSocketAddress() {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(host()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 octets are an address", e);
        }
    }
}
