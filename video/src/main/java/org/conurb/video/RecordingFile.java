package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One file of a recording while it is written: init segment, then fragment after fragment, each in one go. */
final class RecordingFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final Force force;
    private final int initLength;
    private long length;
    private boolean dirty;

    private RecordingFile(Path path, FileChannel channel, Force force, int initLength) {
        this.path = path;
        this.channel = channel;
        this.force = force;
        this.initLength = initLength;
        this.length = initLength;
        this.dirty = true;
    }

    /** @throws java.nio.file.FileAlreadyExistsException where there is one of this name */
    static RecordingFile create(Path file, ByteBuffer init, Force force) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            int length = init.remaining();
            write(channel, init);
            return new RecordingFile(file, channel, force, length);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Appends a fragment, whole or not at all.
     *
     * @return where it lies
     */
    long append(ByteBuffer fragment) throws IOException {
        long at = length;
        int size = fragment.remaining();
        try {
            write(channel, fragment);
        } catch (IOException e) {
            channel.truncate(at);
            throw e;
        }
        length += size;
        dirty = true;
        return at;
    }

    private static void write(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    void force() throws IOException {
        if (dirty) {
            force.file(path, channel);
            dirty = false;
        }
    }

    int initLength() {
        return initLength;
    }

    long length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            force();
        }
    }
}
