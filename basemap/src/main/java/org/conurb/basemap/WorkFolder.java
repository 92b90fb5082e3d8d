package org.conurb.basemap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code OUT.pmtiles.tmp} beside the map, where everything unfinished lies: on the same disk, so that the
 * finished map is renamed into place in one step; locked, so that two runs for one map do not mix; removed at the end,
 * also on SIGTERM, and by the next run after a kill.
 */
final class WorkFolder implements AutoCloseable {
    private final Path folder;
    private final Path map;
    private final FileChannel channel;
    private final Thread onShutdown = new Thread(this::delete, "basemap-cleanup");

    private WorkFolder(Path folder, Path map, FileChannel channel) {
        this.folder = folder;
        this.map = map;
        this.channel = channel;
    }

    static WorkFolder of(Path map) throws IOException {
        Path folder = map.resolveSibling(map.getFileName() + ".tmp");
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new Unusable(
                    "Another run is writing %s.".formatted(map), "Wait for it to end, or name another file to write.");
        }
        WorkFolder work = new WorkFolder(folder, map, channel);
        work.deleteAllBut(work.path("lock")); // what a killed run left
        Runtime.getRuntime().addShutdownHook(work.onShutdown);
        return work;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Puts a finished file in the map's place: flushed first, so that after a power cut there is the old map or the new. */
    void publish(Path finished) throws IOException {
        try (FileChannel file = FileChannel.open(finished, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(finished, map, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            return; // the hook is running and does the same
        }
        delete();
    }

    private void delete() {
        try {
            channel.close();
            deleteAllBut(null);
        } catch (IOException e) {
            System.err.println("basemap: could not remove " + folder + ", remove it by hand: " + e.getMessage());
        }
    }

    private void deleteAllBut(@Nullable Path kept) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(kept)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (kept == null || !visited.equals(folder)) {
                    Files.deleteIfExists(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
