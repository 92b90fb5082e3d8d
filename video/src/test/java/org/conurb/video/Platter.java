package org.conurb.video;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A disk that keeps nothing but what it was told to: what lies on it is what a power cut leaves. */
final class Platter implements Force {
    private final Path volume;
    private final Map<Path, byte[]> bytes = new HashMap<>();
    private final Map<Path, Set<Path>> names = new HashMap<>();

    Platter(Path volume) {
        this.volume = volume;
    }

    @Override
    public synchronized void file(Path file, FileChannel channel) throws IOException {
        bytes.put(file, Files.readAllBytes(file));
    }

    @Override
    public synchronized void folder(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            names.put(folder, new HashSet<>(entries.toList()));
        }
    }

    /** Writes what would be left into another folder. */
    synchronized void cutPower(Path into) throws IOException {
        for (Map.Entry<Path, byte[]> file : bytes.entrySet()) {
            if (isNamed(file.getKey())) {
                Path left = into.resolve(volume.relativize(file.getKey()));
                Files.createDirectories(left.getParent());
                Files.write(left, file.getValue());
            }
        }
    }

    private boolean isNamed(Path file) {
        for (Path at = file; !at.equals(volume); at = at.getParent()) {
            if (!names.getOrDefault(at.getParent(), Set.of()).contains(at)) {
                return false;
            }
        }
        return true;
    }
}
