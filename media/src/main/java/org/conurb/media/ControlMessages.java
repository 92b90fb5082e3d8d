package org.conurb.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One struct cmsghdr for each mark, for IPv4 and for IPv6, made once: a message header points to the one it needs. A
 * destination that is IPv4 takes IPv4's, also on a socket of both.
 */
final class ControlMessages {
    private static final int HEADER = 16;
    private static final int SPACE = 24;
    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_TCLASS = 67;

    private static final int MARKS = TrafficMark.values().length;

    private final MemorySegment memory;

    ControlMessages(Arena arena) {
        memory = arena.allocate(2L * MARKS * SPACE, 8);
        for (TrafficMark mark : TrafficMark.values()) {
            write(offset(mark, true), IPPROTO_IP, IP_TOS, mark.octet);
            write(offset(mark, false), IPPROTO_IPV6, IPV6_TCLASS, mark.octet);
        }
    }

    private void write(long at, int level, int type, int value) {
        memory.set(JAVA_LONG, at, HEADER + Integer.BYTES);
        memory.set(JAVA_INT, at + 8, level);
        memory.set(JAVA_INT, at + 12, type);
        memory.set(JAVA_INT, at + HEADER, value);
    }

    private static long offset(TrafficMark mark, boolean four) {
        return (long) SPACE * (mark.ordinal() + (four ? 0 : MARKS));
    }

    /** Where it stands; as long as the arena lives. */
    long address(TrafficMark mark, boolean four) {
        return memory.address() + offset(mark, four);
    }

    /** Octets to be told of: 0 for a datagram without a mark. */
    static long length(TrafficMark mark) {
        return mark == TrafficMark.NONE ? 0 : SPACE;
    }
}
