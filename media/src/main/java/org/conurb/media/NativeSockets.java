package org.conurb.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * sendmmsg(2) and recvmmsg(2) of 64-bit Linux: many datagrams a call. The sockets are those of {@link DatagramChannel},
 * which has no public way to its descriptor: the process' own descriptors are asked for their port instead.
 */
final class NativeSockets {
    static final int EAGAIN = 11;
    static final int EINTR = 4;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_TIMESTAMPNS = 35;
    /** Octets of a control message with a struct timespec (socket(7), SO_TIMESTAMPNS). */
    static final int STAMP_SPACE = 32;

    /** Octets of a struct timespec. */
    static final int TIME_SPACE = 16;

    private static final int STAMP_TIME_AT = 16;
    private static final int CLOCK_REALTIME = 0;
    private static final int SOCKADDR_ROOM = 28;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle sendmmsg;
    private final MethodHandle recvmmsg;
    private final MethodHandle getsockname;
    private final MethodHandle getsockopt;
    private final MethodHandle setsockopt;
    private final MethodHandle clockGettime;

    @SuppressWarnings("restricted")
    private NativeSockets() {
        Linker linker = Linker.nativeLinker();
        Linker.Option errno = Linker.Option.captureCallState("errno");
        sendmmsg = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sendmmsg"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                errno);
        recvmmsg = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("recvmmsg"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
                errno);
        getsockname = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("getsockname"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        getsockopt = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("getsockopt"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        setsockopt = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setsockopt"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        clockGettime = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("clock_gettime"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    }

    private static final class Holder {
        static final Optional<NativeSockets> HERE = load();
    }

    /** Nothing where the system is another, or native access is not enabled. */
    static Optional<NativeSockets> here() {
        return Holder.HERE;
    }

    private static Optional<NativeSockets> load() {
        boolean linux64 = System.getProperty("os.name", "").equals("Linux")
                && ADDRESS.byteSize() == 8
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && NativeSockets.class.getModule().isNativeAccessEnabled();
        try {
            return linux64 ? Optional.of(new NativeSockets()) : Optional.empty();
        } catch (RuntimeException | LinkageError unavailable) {
            return Optional.empty();
        }
    }

    static MemorySegment callState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    static int errno(MemorySegment callState) {
        return (int) ERRNO.get(callState, 0L);
    }

    /** @return datagrams sent, or -1 with errno in {@code state} */
    int send(MemorySegment state, int descriptor, MemorySegment headers, int count) {
        try {
            return (int) sendmmsg.invokeExact(state, descriptor, headers, count, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("sendmmsg", e);
        }
    }

    /** @return datagrams received, or -1 with errno in {@code state} */
    int receive(MemorySegment state, int descriptor, MemorySegment headers, int count) {
        try {
            MemorySegment noTimeout = MemorySegment.NULL;
            return (int) recvmmsg.invokeExact(state, descriptor, headers, count, 0, noTimeout);
        } catch (Throwable e) {
            throw new IllegalStateException("recvmmsg", e);
        }
    }

    /** Lets the system tell when each datagram came; one that does not says nothing ({@link #stamp}). */
    void stampArrivals(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocate(JAVA_INT);
            on.set(JAVA_INT, 0, 1);
            int done = (int) setsockopt.invokeExact(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, on, Integer.BYTES);
            assert done <= 0;
        } catch (Throwable e) {
            throw new IllegalStateException("setsockopt", e);
        }
    }

    /**
     * When the system got a datagram, from the one control message that is asked for.
     *
     * @return nanoseconds since 1970 by the wall clock; 0 where it is not told
     */
    static long stamp(MemorySegment control, long at) {
        if (control.get(JAVA_LONG, at) < STAMP_SPACE
                || control.get(JAVA_INT, at + 8) != SOL_SOCKET
                || control.get(JAVA_INT, at + 12) != SO_TIMESTAMPNS) {
            return 0;
        }
        return nanos(control, at + STAMP_TIME_AT);
    }

    /**
     * Now, by the clock that stamps arrivals.
     *
     * @param time room for a struct timespec
     * @return nanoseconds since 1970
     */
    long wallNanos(MemorySegment time) {
        try {
            int done = (int) clockGettime.invokeExact(CLOCK_REALTIME, time);
            return done == 0 ? nanos(time, 0) : 0;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime", e);
        }
    }

    private static long nanos(MemorySegment time, long at) {
        return time.get(JAVA_LONG, at) * 1_000_000_000L + time.get(JAVA_LONG, at + 8);
    }

    /** The descriptor of a bound channel; -1 where it is not to be found. */
    int descriptorOf(DatagramChannel channel) throws IOException {
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        try (Arena arena = Arena.ofConfined();
                DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            MemorySegment address = arena.allocate(SOCKADDR_ROOM, 8);
            MemorySegment length = arena.allocate(JAVA_INT);
            for (Path path : descriptors) {
                int descriptor = Integer.parseInt(path.getFileName().toString());
                if (isDatagramSocket(descriptor, address, length) && port == portOf(descriptor, address, length)) {
                    return descriptor;
                }
            }
        }
        return -1;
    }

    private boolean isDatagramSocket(int descriptor, MemorySegment value, MemorySegment length) {
        length.set(JAVA_INT, 0, 4);
        try {
            return (int) getsockopt.invokeExact(descriptor, SOL_SOCKET, SO_TYPE, value, length) == 0
                    && value.get(JAVA_INT, 0) == SOCK_DGRAM;
        } catch (Throwable e) {
            throw new IllegalStateException("getsockopt", e);
        }
    }

    private int portOf(int descriptor, MemorySegment address, MemorySegment length) {
        length.set(JAVA_INT, 0, SOCKADDR_ROOM);
        try {
            if ((int) getsockname.invokeExact(descriptor, address, length) != 0) {
                return -1;
            }
        } catch (Throwable e) {
            throw new IllegalStateException("getsockname", e);
        }
        int family = SocketAddressBytes.family(address, 0);
        return SocketAddressBytes.isInternet(family) ? SocketAddressBytes.port(address, 0) : -1;
    }
}
