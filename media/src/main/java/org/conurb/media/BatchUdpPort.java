package org.conurb.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** Many datagrams with one call of the system. */
final class BatchUdpPort extends UdpPort {
    private static final int OUT = 256;
    private static final int IN = 64;
    private static final long LONGEST_WAIT_NANOS = 2_000_000_000L;

    private final NativeSockets sockets;
    private final int descriptor;
    private final MemorySegment state;
    private final ControlMessages marks;
    private final Slots out;
    private final Slots in;
    private final MemorySegment stamps;
    private final MemorySegment time;
    private final byte[] packet = new byte[SrtpScratch.MAX_PACKET];
    private final PeerAddress from = new PeerAddress();
    private int head;
    private int tail;

    BatchUdpPort(DatagramChannel channel, NativeSockets sockets, int descriptor) throws IOException {
        super(channel);
        Arena arena = Arena.ofAuto();
        this.sockets = sockets;
        this.descriptor = descriptor;
        this.state = NativeSockets.callState(arena);
        this.marks = new ControlMessages(arena);
        this.out = new Slots(arena, OUT);
        this.in = new Slots(arena, IN);
        this.time = arena.allocate(NativeSockets.TIME_SPACE, 8);
        this.stamps = arena.allocate((long) IN * NativeSockets.STAMP_SPACE, 8);
        for (int i = 0; i < IN; i++) {
            askForStamp(i);
        }
        sockets.stampArrivals(descriptor);
    }

    private void askForStamp(int slot) {
        long at = (long) slot * NativeSockets.STAMP_SPACE;
        stamps.set(JAVA_LONG, at, 0);
        in.control(slot, stamps.address() + at, NativeSockets.STAMP_SPACE);
    }

    /** Rows of struct mmsghdr, each with its own buffer and sockaddr. */
    private static final class Slots {
        static final int HEADER = 64;
        static final int NAME = 32;
        static final int NAME_LENGTH_AT = 8;
        static final int CONTROL_AT = 32;
        static final int CONTROL_LENGTH_AT = 40;
        static final int RECEIVED_AT = 56;
        final MemorySegment headers;
        final MemorySegment vectors;
        final MemorySegment names;
        final MemorySegment buffers;

        Slots(Arena arena, int count) {
            headers = arena.allocate((long) HEADER * count, 8);
            vectors = arena.allocate(16L * count, 8);
            names = arena.allocate((long) NAME * count, 8);
            buffers = arena.allocate((long) SrtpScratch.MAX_PACKET * count, 64);
            for (int i = 0; i < count; i++) {
                vectors.set(ADDRESS, i * 16L, buffers.asSlice((long) i * SrtpScratch.MAX_PACKET));
                vectors.set(JAVA_LONG, i * 16L + 8, SrtpScratch.MAX_PACKET);
                headers.set(ADDRESS, (long) i * HEADER, names.asSlice((long) i * NAME));
                headers.set(ADDRESS, (long) i * HEADER + 16, vectors.asSlice(i * 16L));
                headers.set(JAVA_LONG, (long) i * HEADER + 24, 1);
                nameLength(i, SocketAddressBytes.LENGTH6);
            }
        }

        void nameLength(int slot, int length) {
            headers.set(JAVA_INT, (long) slot * HEADER + NAME_LENGTH_AT, length);
        }

        void control(int slot, long address, long length) {
            headers.set(JAVA_LONG, (long) slot * HEADER + CONTROL_AT, address);
            headers.set(JAVA_LONG, (long) slot * HEADER + CONTROL_LENGTH_AT, length);
        }
    }

    @Override
    void receive(Receiver receiver) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        int count = sockets.receive(state, descriptor, in.headers, IN);
        long read = System.nanoTime();
        long wall = sockets.wallNanos(time);
        for (int i = 0; i < count; i++) {
            long stamp = NativeSockets.stamp(stamps, (long) i * NativeSockets.STAMP_SPACE);
            askForStamp(i);
            // A wall clock that was set meanwhile makes nothing look as if it came later, or long ago.
            waited(stamp == 0 ? 0 : Math.clamp(wall - stamp, 0, LONGEST_WAIT_NANOS) + System.nanoTime() - read);
            int length = in.headers.get(JAVA_INT, (long) i * Slots.HEADER + Slots.RECEIVED_AT);
            in.nameLength(i, SocketAddressBytes.LENGTH6);
            if (length < SrtpScratch.MAX_PACKET) {
                MemorySegment.copy(in.buffers, JAVA_BYTE, (long) i * SrtpScratch.MAX_PACKET, packet, 0, length);
                SocketAddressBytes.read(in.names, (long) i * Slots.NAME, from);
                receiver.datagram(packet, length, from);
            }
        }
        waited(0);
    }

    @Override
    void send(UdpPath to, byte[] bytes, int length, TrafficMark mark) {
        if (tail == OUT && !flush()) {
            drop(1);
            return;
        }
        MemorySegment.copy(bytes, 0, out.buffers, JAVA_BYTE, (long) tail * SrtpScratch.MAX_PACKET, length);
        MemorySegment.copy(to.sockaddr, 0, out.names, JAVA_BYTE, (long) tail * Slots.NAME, to.sockaddr.length);
        out.nameLength(tail, to.sockaddr.length);
        out.vectors.set(JAVA_LONG, tail * 16L + 8, length);
        out.control(tail, marks.address(mark, to.four), ControlMessages.length(mark));
        tail++;
    }

    @Override
    boolean flush() {
        if (!channel.isOpen()) { // its descriptor may be another's by now
            drop(tail - head);
            head = tail;
        }
        while (head < tail) {
            int sent = sockets.send(state, descriptor, out.headers.asSlice((long) head * Slots.HEADER), tail - head);
            if (sent > 0) {
                head += sent;
            } else if (NativeSockets.errno(state) == NativeSockets.EAGAIN) {
                return false;
            } else if (NativeSockets.errno(state) != NativeSockets.EINTR) {
                drop(1); // this one's address is refused; the next may not be
                head++;
            }
        }
        head = 0;
        tail = 0;
        return true;
    }
}
