package org.conurb.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** One program a data folder. The lock goes with the process, however it ends. */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Claims a data folder, which is made where it is absent.
     *
     * @throws org.conurb.kernel.ConurbException naming the folder, where another program works on it or it cannot be
     *     written
     */
    public static FolderLock claim(Path data) {
        try {
            Files.createDirectories(data.resolve("keys"));
            Files.setPosixFilePermissions(data.resolve("keys"), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new StoreFault(
                    "data-folder",
                    "The data folder %s cannot be made: %s.".formatted(data, e.getMessage()),
                    "Choose another by --data, or mend its rights.",
                    e);
        }
        return on(data);
    }

    private static FolderLock on(Path folder) {
        Path file = folder.resolve("conurb.lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new StoreFault(
                        "data-folder-in-use",
                        "Another Conurb (process %s) works on %s."
                                .formatted(Files.readString(file).strip(), folder),
                        "Stop that one, or give this one another folder by --data.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new StoreFault(
                    "data-folder",
                    "The data folder %s cannot be written: %s.".formatted(folder, e.getMessage()),
                    "Make it writable for this user, or choose another by --data.",
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
