package org.conurb.talk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Ids;
import org.jspecify.annotations.Nullable;

/** The files of attachments, named by their ids; on the disk before anybody is told that they are here. */
final class AttachmentFiles {
    private static final int MOST_AT_A_TIME = 16;

    private final Path folder;
    private final long most;
    private final Semaphore turns = new Semaphore(MOST_AT_A_TIME);

    /** @param most bytes of a file */
    AttachmentFiles(Path folder, long most) {
        this.folder = folder;
        this.most = most;
    }

    /** @param sha256 of the whole file */
    record Taken(String type, long bytes, byte[] sha256) {}

    private static final class Refused extends ConurbException {
        private static final long serialVersionUID = 1;
        private final boolean later;

        Refused(Category category, String code, String detail, String remedy) {
            super(category, code, detail, remedy);
            this.later = category == Category.THROTTLED;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return later ? Optional.of(Duration.ofSeconds(2)) : Optional.empty();
        }
    }

    /**
     * Nothing stays of a file that does not come whole, is too large or is of no kind that is taken.
     *
     * @param declared media type as its sender says
     */
    Taken take(UUID id, @Nullable String declared, InputStream sent) {
        if (!turns.tryAcquire()) {
            throw new Refused(
                    Category.THROTTLED,
                    "too-many-attachments",
                    "Others send files at this moment.",
                    "Send it again in a moment.");
        }
        boolean whole = false;
        try {
            Files.createDirectories(folder);
            Taken taken = copy(sent, declared, path(id));
            whole = true;
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException("Keeping attachment %s".formatted(id), e);
        } finally {
            turns.release();
            if (!whole) {
                drop(id);
            }
        }
    }

    private Taken copy(InputStream sent, @Nullable String declared, Path file) throws IOException {
        MessageDigest sha256 = sha256();
        MediaSniff sniff = new MediaSniff();
        byte[] buffer = new byte[1 << 14];
        long bytes = 0;
        String type;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = read(sent, buffer); n >= 0; n = read(sent, buffer)) {
                bytes += n;
                if (bytes > most) {
                    throw new Refused(
                            Category.TOO_LARGE,
                            "too-large",
                            "The file has more than %d bytes.".formatted(most),
                            "Send a smaller one; long video goes by WHIP.");
                }
                sha256.update(buffer, 0, n);
                sniff.feed(buffer, n);
                ByteBuffer part = ByteBuffer.wrap(buffer, 0, n);
                while (part.hasRemaining()) {
                    out.write(part);
                }
            }
            type = sniff.type(declared)
                    .orElseThrow(() -> new BadRequest(
                            "attachment-type",
                            "The file is neither picture, sound, video, PDF nor plain text.",
                            "Send it as one of these."));
            out.force(true);
        }
        try (FileChannel names = FileChannel.open(folder)) {
            names.force(true);
        }
        return new Taken(type, bytes, sha256.digest());
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

    void copy(UUID id, OutputStream out) throws IOException {
        Files.copy(path(id), out);
    }

    boolean isThere(UUID id) {
        return Files.isRegularFile(path(id));
    }

    private Path path(UUID id) {
        return folder.resolve(id.toString());
    }

    void drop(UUID id) {
        try {
            Files.deleteIfExists(path(id));
        } catch (IOException e) {
            throw new UncheckedIOException("Deleting attachment %s".formatted(id), e);
        }
    }

    /** Files that came before that moment: some may have lost their rows where the program ended at the wrong moment. */
    List<UUID> before(Instant moment, int most) {
        List<UUID> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (found.size() < most
                        && Files.getLastModifiedTime(file).toInstant().isBefore(moment)) {
                    Ids.parse("Attachment", file.getFileName().toString()).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Looking through " + folder, e);
        }
        return found;
    }
}
