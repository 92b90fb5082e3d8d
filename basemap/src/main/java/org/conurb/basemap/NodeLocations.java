package org.conurb.basemap;

import com.onthegomap.planetiler.collection.LongLongMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each node lies, in a file of 16 bytes a node, ordered by number and searched by halving; the heap holds the number
 * of every 256th node. Planetiler's own maps hold 8 bytes for every 256 <em>numbers</em> up to the highest, 400 MB for any
 * city of today, and so do not fit in a small heap. Written by one thread, then read by many; the first read ends writing.
 */
final class NodeLocations implements LongLongMap.SequentialWrites {
    private static final int ENTRY_BYTES = 2 * Long.BYTES;
    private static final int STRIDE = 256;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final FileChannel file;
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long[] everyStride = new long[1024];
    private long entries;
    private long last = -1;
    private volatile @Nullable MemorySegment mapped;

    NodeLocations(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** @throws Unusable when {@code number} is not higher than the one before */
    @Override
    public void put(long number, long location) {
        if (number <= last) {
            throw new Unusable(
                    "The extract is not in order of its numbers (%d after %d).".formatted(number, last),
                    "Sort it: osmium sort FILE.osm.pbf -o SORTED.osm.pbf");
        }
        last = number;
        if (entries % STRIDE == 0) {
            int at = (int) (entries / STRIDE);
            if (at == everyStride.length) {
                everyStride = Arrays.copyOf(everyStride, 2 * at);
            }
            everyStride[at] = number;
        }
        entries++;
        buffer.putLong(number).putLong(location);
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    private void flush() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.clear();
    }

    @Override
    public long get(long number) {
        MemorySegment map = mapped == null ? finish() : mapped;
        int strides = (int) ((entries + STRIDE - 1) / STRIDE);
        int found = Arrays.binarySearch(everyStride, 0, strides, number);
        int stride = found >= 0 ? found : -found - 2;
        if (stride < 0) {
            return MISSING_VALUE;
        }
        long low = (long) stride * STRIDE;
        long high = Math.min(entries, low + STRIDE) - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long there = map.get(LONG, middle * ENTRY_BYTES);
            if (there == number) {
                return map.get(LONG, middle * ENTRY_BYTES + Long.BYTES);
            }
            if (there < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return MISSING_VALUE;
    }

    private synchronized MemorySegment finish() {
        MemorySegment map = mapped;
        if (map == null) {
            flush();
            try {
                map = file.map(FileChannel.MapMode.READ_ONLY, 0, entries * ENTRY_BYTES, arena);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            mapped = map;
        }
        return map;
    }

    @Override
    public long diskUsageBytes() {
        return entries * ENTRY_BYTES;
    }

    @Override
    public synchronized void close() throws IOException {
        if (file.isOpen()) {
            file.close();
            arena.close();
        }
    }
}
