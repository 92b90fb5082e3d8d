package org.conurb.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;

/**
 * What a back-up holds, in {@code manifest.json}; its own hash stands in {@code manifest.sha256}.
 *
 * @param format {@value #FORMAT}
 * @param postgres version that wrote the cluster, as {@code 18.6}
 * @param startLsn where replay begins
 * @param stopLsn where the cluster is consistent
 * @param folders also the empty ones, relative, parents first
 * @param files all others but these two
 */
record BackupManifest(
        int format,
        String postgres,
        Instant startedAt,
        Instant finishedAt,
        String startLsn,
        String stopLsn,
        List<String> folders,
        List<Entry> files) {
    static final int FORMAT = 1;

    /** @param sha256 of the content as copied, hexadecimal */
    record Entry(String path, long bytes, String sha256) {}

    long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    void write(Path backup) throws IOException {
        byte[] json = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        Folders.writeSecret(backup.resolve("manifest.json"), json);
        Folders.writeSecret(
                backup.resolve("manifest.sha256"), Folders.sha256(json).getBytes(StandardCharsets.UTF_8));
    }

    /** Reads and checks all but the files themselves. A back-up may come from anywhere, so its paths are not trusted. */
    static BackupManifest read(Path backup) throws IOException {
        Path file = backup.resolve("manifest.json");
        if (!Files.exists(file)) {
            throw damaged(backup, "it has no manifest.json, so it is no back-up or was not finished");
        }
        byte[] json = Files.readAllBytes(file);
        if (!Files.readString(backup.resolve("manifest.sha256")).strip().equals(Folders.sha256(json))) {
            throw damaged(backup, "manifest.json was changed after it was written");
        }
        try {
            BackupManifest manifest = Json.mapper().readValue(json, BackupManifest.class);
            if (manifest.format != FORMAT) {
                throw damaged(backup, "this version does not know format " + manifest.format);
            }
            manifest.folders.forEach(folder -> inside(backup, folder));
            manifest.files.forEach(entry -> inside(backup, entry.path()));
            return manifest;
        } catch (JacksonException e) {
            throw damaged(backup, "manifest.json cannot be read: " + e.getMessage());
        }
    }

    private static void inside(Path backup, String path) {
        Path resolved = backup.resolve(path).normalize();
        if (!resolved.startsWith(backup) || Path.of(path).isAbsolute()) {
            throw damaged(backup, "it names a file outside itself: " + path);
        }
    }

    static StoreFault damaged(Path backup, String how) {
        return new StoreFault(
                "backup-damaged",
                "The back-up %s cannot be used: %s.".formatted(backup, how),
                "Use another back-up; nothing of this one was kept.");
    }
}
