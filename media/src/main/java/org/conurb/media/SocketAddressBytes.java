package org.conurb.media;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** sockaddr_in and sockaddr_in6 of Linux: family in host order, port in network order. */
final class SocketAddressBytes {
    static final int LENGTH4 = 16;
    static final int LENGTH6 = 28;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;

    private SocketAddressBytes() {}

    static byte[] of(InetSocketAddress address, boolean six) {
        byte[] host = address.getAddress().getAddress();
        byte[] bytes = new byte[six ? LENGTH6 : LENGTH4];
        bytes[0] = (byte) (six ? AF_INET6 : AF_INET); // little-endian only
        Bytes.put16(bytes, 2, address.getPort());
        if (six && host.length == 4) {
            Bytes.put16(bytes, 18, 0xffff);
            System.arraycopy(host, 0, bytes, 20, 4);
        } else {
            System.arraycopy(host, 0, bytes, six ? 8 : 4, host.length);
        }
        return bytes;
    }

    static int family(MemorySegment memory, long at) {
        return memory.get(JAVA_SHORT_UNALIGNED, at);
    }

    static boolean isInternet(int family) {
        return family == AF_INET || family == AF_INET6;
    }

    static int port(MemorySegment memory, long at) {
        return (memory.get(JAVA_BYTE, at + 2) & 0xff) << 8 | memory.get(JAVA_BYTE, at + 3) & 0xff;
    }

    static void read(MemorySegment memory, long at, PeerAddress into) {
        if (family(memory, at) == AF_INET) {
            into.set4(read(memory, at + 4, 4), port(memory, at));
        } else {
            into.set(read(memory, at + 8, 8), read(memory, at + 16, 8), port(memory, at));
        }
    }

    private static long read(MemorySegment memory, long at, int octets) {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | memory.get(JAVA_BYTE, at + i) & 0xff;
        }
        return value;
    }
}
