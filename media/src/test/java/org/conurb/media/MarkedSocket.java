package org.conurb.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.DatagramChannel;

/** Reads datagrams of a channel with the octet of their IP header that says how routers treat them: recvmsg(2) of 64-bit Linux. */
final class MarkedSocket {
    private static final int IP_TOS = 1;
    private static final int IP_RECVTOS = 13;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_RECVTCLASS = 66;
    private static final int IPV6_TCLASS = 67;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SETSOCKOPT = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("setsockopt"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMSG = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("recvmsg"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private final int descriptor;
    private final MemorySegment header;
    private final MemorySegment bytes;
    private final MemorySegment control;

    /** @param mark -1 where the datagram came without one */
    record Datagram(byte[] bytes, int mark) {}

    MarkedSocket(DatagramChannel channel) throws IOException {
        descriptor = NativeSockets.here().orElseThrow().descriptorOf(channel);
        Arena arena = Arena.ofAuto();
        MemorySegment vector = arena.allocate(16, 8);
        header = arena.allocate(56, 8);
        bytes = arena.allocate(2_048);
        control = arena.allocate(256, 8);
        vector.set(ADDRESS, 0, bytes);
        vector.set(JAVA_LONG, 8, bytes.byteSize());
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        header.set(ADDRESS, 32, control);
        MemorySegment on = arena.allocate(JAVA_INT);
        on.set(JAVA_INT, 0, 1);
        int four = set(0, IP_RECVTOS, on);
        int six = set(IPPROTO_IPV6, IPV6_RECVTCLASS, on);
        if (four != 0 && six != 0) {
            throw new IOException("setsockopt");
        }
    }

    private int set(int level, int option, MemorySegment value) {
        try {
            return (int) SETSOCKOPT.invokeExact(descriptor, level, option, value, Integer.BYTES);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next one that is RTP, still protected. */
    Datagram nextRtp() {
        Datagram[] found = new Datagram[1];
        Eventually.isTrue("an RTP packet", () -> {
            Datagram next = next();
            boolean rtp =
                    next.bytes().length > 12 && (next.bytes()[0] & 0xc0) == 0x80 && !RtpHeader.isRtcp(next.bytes());
            found[0] = next;
            return rtp;
        });
        return found[0];
    }

    private Datagram next() {
        header.set(JAVA_LONG, 40, control.byteSize());
        long length;
        try {
            length = (long) RECVMSG.invokeExact(descriptor, header, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return new Datagram(bytes.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE), length < 0 ? -1 : mark());
    }

    private int mark() {
        long end = header.get(JAVA_LONG, 40);
        for (long at = 0; at + 16 < end; at += (control.get(JAVA_LONG, at) + 7) & ~7) {
            int level = control.get(JAVA_INT, at + 8);
            int type = control.get(JAVA_INT, at + 12);
            if (level == 0 && type == IP_TOS) {
                return control.get(JAVA_BYTE, at + 16) & 0xff;
            }
            if (level == IPPROTO_IPV6 && type == IPV6_TCLASS) {
                return control.get(JAVA_INT, at + 16);
            }
        }
        return -1;
    }
}
