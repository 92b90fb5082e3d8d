package org.conurb.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** The files of imports, one a run, named by its id; on the disk before anybody is told that they are here. */
final class ImportFiles {
    private static final int MOST_AT_A_TIME = 4;

    private final Path folder;
    private final long most;
    private final Semaphore turns = new Semaphore(MOST_AT_A_TIME);

    /** @param most bytes of a file */
    ImportFiles(Path folder, long most) {
        this.folder = folder;
        this.most = most;
    }

    /** @param sha256 of the whole file */
    record Taken(long bytes, byte[] sha256) {}

    private static final class Refused extends ConurbException {
        private final Duration wait;

        Refused(Category category, String code, String detail, String remedy, Duration wait) {
            super(category, code, detail, remedy);
            this.wait = wait;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return wait.isZero() ? Optional.empty() : Optional.of(wait);
        }
    }

    /** Nothing stays of a file that does not come whole. */
    Taken take(UUID id, InputStream sent) {
        if (!turns.tryAcquire()) {
            throw new Refused(
                    Category.THROTTLED,
                    "too-many-imports",
                    "Others send files to be imported at this moment.",
                    "Send it again.",
                    Duration.ofSeconds(2));
        }
        boolean whole = false;
        try {
            Files.createDirectories(folder);
            Taken taken = copy(sent, path(id));
            whole = true;
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException("Keeping the file of import %s".formatted(id), e);
        } finally {
            turns.release();
            if (!whole) {
                drop(id);
            }
        }
    }

    private Taken copy(InputStream sent, Path file) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = read(sent, buffer); n >= 0; n = read(sent, buffer)) {
                bytes += n;
                if (bytes > most) {
                    throw new Refused(
                            Category.TOO_LARGE,
                            "too-large",
                            "The file has more than %d MB.".formatted(most >> 20),
                            "Send it in parts, or raise conurb.hub.imports.most-bytes.",
                            Duration.ZERO);
                }
                sha256.update(buffer, 0, n);
                ByteBuffer part = ByteBuffer.wrap(buffer, 0, n);
                while (part.hasRemaining()) {
                    out.write(part);
                }
            }
            out.force(true);
        }
        try (FileChannel names = FileChannel.open(folder)) {
            names.force(true);
        }
        return new Taken(bytes, sha256.digest());
    }

    private static int read(InputStream sent, byte[] buffer) {
        try {
            return sent.read(buffer);
        } catch (IOException broken) {
            throw new BadRequest("file-incomplete", "The file did not come whole.", "Send it again, without pauses.");
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    Path path(UUID id) {
        return folder.resolve(id.toString());
    }

    void drop(UUID id) {
        try {
            Files.deleteIfExists(path(id));
        } catch (IOException e) {
            throw new UncheckedIOException("Deleting the file of import %s".formatted(id), e);
        }
    }

    /** Deletes what no run waits for any more: left behind where the program ended at the wrong moment. */
    void keepOnly(Set<UUID> wanted) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (wanted.stream().noneMatch(id -> id.toString().equals(name))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Looking through " + folder, e);
        }
    }
}
