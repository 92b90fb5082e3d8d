package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Index and hashes of one camera's hour, open for writing; owned by the camera's writer thread. Reading needs no instance:
 * {@link #read} sees what is written so far.
 */
final class HourIndex implements AutoCloseable {
    static final String INDEX = "index";
    static final String HASHES = "hashes";

    /** An hour of fragments of 100 ms, twice over: more is not an index of ours. */
    private static final long LONGEST = 72_000L * IndexRecord.BYTES;

    private final Path folder;
    private final Instant hour;
    private final FileChannel index;
    private final FileChannel hashes;
    private final ByteBuffer record = ByteBuffer.allocateDirect(IndexRecord.BYTES);
    private final ByteBuffer hash = ByteBuffer.allocateDirect(HourChain.HASH);

    private boolean dirty;

    private HourIndex(Path folder, Instant hour, FileChannel index, FileChannel hashes) {
        this.folder = folder;
        this.hour = hour;
        this.index = index;
        this.hashes = hashes;
    }

    /** Opens the index at its end; {@link Recovery} has seen to it that it is whole. */
    static HourIndex open(Path folder, Instant hour) throws IOException {
        Files.createDirectories(folder);
        FileChannel index = append(folder.resolve(INDEX));
        try {
            return new HourIndex(folder, hour, index, append(folder.resolve(HASHES)));
        } catch (IOException e) {
            index.close();
            throw e;
        }
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    Instant hour() {
        return hour;
    }

    /**
     * Hash first: an index record is only ever there with its hash.
     *
     * @param fragmentHash 32 bytes
     */
    void add(IndexRecord entry, byte[] fragmentHash) throws IOException {
        dirty = true;
        write(hashes, hash.clear().put(fragmentHash).flip());
        record.clear();
        entry.write(record);
        write(index, record.flip());
    }

    private static void write(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    void force(Force force) throws IOException {
        if (dirty) {
            force.file(folder.resolve(HASHES), hashes);
            force.file(folder.resolve(INDEX), index);
            dirty = false;
        }
    }

    @Override
    public void close() throws IOException {
        try (hashes) {
            index.close();
        }
    }

    /** How many records there are, whole or broken; 0 where there is no index. */
    static int count(Path folder) throws IOException {
        try {
            return (int) (Files.size(folder.resolve(INDEX)) / IndexRecord.BYTES);
        } catch (NoSuchFileException none) {
            return 0;
        }
    }

    /** Records that are there and hold, in the order of writing; broken ones are left out. */
    static List<IndexRecord> read(Path folder) throws IOException {
        ByteBuffer bytes = bytes(folder.resolve(INDEX));
        List<IndexRecord> records = new ArrayList<>(bytes.remaining() / IndexRecord.BYTES);
        while (bytes.remaining() >= IndexRecord.BYTES) {
            IndexRecord.read(bytes).ifPresent(records::add);
        }
        return records;
    }

    /** @return empty where there is none */
    static ByteBuffer bytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > LONGEST) {
                throw new IOException("An index of %d bytes is not ours: %s".formatted(channel.size(), file));
            }
            ByteBuffer all = ByteBuffer.allocate((int) channel.size());
            while (all.hasRemaining() && channel.read(all) >= 0) {
                // until all is there
            }
            return all.flip();
        } catch (NoSuchFileException none) {
            return ByteBuffer.allocate(0);
        }
    }
}
