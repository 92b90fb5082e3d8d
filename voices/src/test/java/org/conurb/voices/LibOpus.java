package org.conurb.voices;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The system's libopus as browsers use it: other than ffmpeg's decoder it takes the repair of a lost packet out of the next
 * one. 20 ms a packet at 8,000 samples a second.
 */
final class LibOpus implements AutoCloseable {
    private static final int RATE = 8_000;
    private static final int SAMPLES = 160;

    private final Arena arena = Arena.ofConfined();
    private final MethodHandle decode;
    private final MemorySegment decoder;
    private final MemorySegment packet = arena.allocate(1_500);
    private final MemorySegment samples = arena.allocate(JAVA_SHORT, SAMPLES);

    /** @throws IllegalArgumentException where the system has none */
    LibOpus() {
        SymbolLookup library = SymbolLookup.libraryLookup("libopus.so.0", arena);
        Linker linker = Linker.nativeLinker();
        decode = linker.downcallHandle(
                library.findOrThrow("opus_decode"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        MethodHandle size = linker.downcallHandle(
                library.findOrThrow("opus_decoder_get_size"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        MethodHandle init = linker.downcallHandle(
                library.findOrThrow("opus_decoder_init"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        try {
            decoder = arena.allocate((int) size.invokeExact(1), 16);
            if ((int) init.invokeExact(decoder, RATE, 1) != 0) {
                throw new IllegalStateException("opus_decoder_init");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    short[] packet(byte[] opus) {
        return decode(opus, 0);
    }

    /** The one before this packet, from what this one repeats of it. */
    short[] repaired(byte[] next) {
        return decode(next, 1);
    }

    /** What the decoder makes up where it knows nothing. */
    short[] concealed() {
        return decode(null, 0);
    }

    private short[] decode(byte @Nullable [] opus, int repair) {
        int length = opus == null ? 0 : opus.length;
        MemorySegment data = opus == null ? MemorySegment.NULL : packet;
        if (opus != null) {
            MemorySegment.copy(opus, 0, packet, JAVA_BYTE, 0, length);
        }
        try {
            int made = (int) decode.invokeExact(decoder, data, length, samples, SAMPLES, repair);
            if (made != SAMPLES) {
                throw new IllegalStateException("opus_decode: " + made);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return samples.toArray(JAVA_SHORT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
