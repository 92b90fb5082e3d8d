package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Json;

/**
 * The folder that recordings lie in. {@code volume.json} says which one it is and how often it was opened, so that a disk
 * that was swapped, or an empty mount point where the disk should be, is refused and not written into. A back-up holds
 * no recordings: restoring one leaves {@code restored} in the folder, and the next start makes a new volume there, unless
 * somebody has laid the old one beside it.
 *
 * @param opened times that it was opened, this one counted
 */
record MediaVolume(Path folder, UUID id, long opened) {
    private static final String NAME = "volume.json";
    private static final String RESTORED = "restored";

    private record Label(UUID id, long opened) {}

    /**
     * Opens the volume and counts up; makes it where the folder is empty or not there.
     *
     * @param expected id that the database remembers; empty at the first start
     * @throws IOException where another volume lies there, or none where one should
     */
    static MediaVolume open(Path folder, Optional<UUID> expected, UUID fresh) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        Label label;
        if (Files.exists(file)) {
            label = Json.mapper().readValue(Files.readAllBytes(file), Label.class);
        } else if (expected.isPresent()) {
            throw new IOException("%s holds no recordings, and should hold volume %s. Is the disk mounted?"
                    .formatted(folder, expected.get()));
        } else {
            label = new Label(fresh, 0);
        }
        if (expected.isPresent() && !expected.get().equals(label.id())) {
            throw new IOException(
                    "%s holds volume %s, not %s. Was the disk swapped?".formatted(folder, label.id(), expected.get()));
        }
        MediaVolume volume = new MediaVolume(folder, label.id(), label.opened() + 1);
        volume.write(file);
        return volume;
    }

    /** Whether a back-up was restored over this folder and the recordings have not come back. */
    static boolean lost(Path folder) {
        return Files.exists(folder.resolve(RESTORED)) && !Files.exists(folder.resolve(NAME));
    }

    private void write(Path file) throws IOException {
        Path next = file.resolveSibling(NAME + ".next");
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.mapper().writeValueAsBytes(new Label(id, opened)));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(folder.resolve(RESTORED));
        Force.TO_DISK.folder(folder);
    }

    /** How much room there is. */
    Space space() throws IOException {
        FileStore store = Files.getFileStore(folder);
        return new Space(store.getTotalSpace(), store.getUsableSpace());
    }

    record Space(long total, long free) {}
}
