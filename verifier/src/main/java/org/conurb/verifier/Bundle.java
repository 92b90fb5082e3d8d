package org.conurb.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files of a bundle, in a ZIP or unpacked in a folder. Nothing is ever unpacked by us. */
sealed interface Bundle extends AutoCloseable {
    int MOST_FILES = 100_000;

    /** Paths with {@code /}, in order. */
    List<String> paths();

    /** Paths that occur more than once, so that two readers may see different files. */
    List<String> doubled();

    /** @throws java.util.NoSuchElementException where there is none */
    InputStream open(String path) throws IOException;

    @Override
    void close() throws IOException;

    static Bundle at(Path place) throws IOException {
        return Files.isDirectory(place) ? new Folder(place) : Zip.open(place);
    }

    /** Every name in the central directory counts, so nothing can hide behind a second one. */
    record Zip(ZipFile file, Map<String, ZipEntry> entries, List<String> doubled) implements Bundle {
        static Zip open(Path place) throws IOException {
            ZipFile file = new ZipFile(place.toFile());
            try {
                if (file.size() > MOST_FILES) {
                    throw new IOException("It holds %d files, more than any bundle".formatted(file.size()));
                }
                Map<String, ZipEntry> entries = new HashMap<>();
                TreeSet<String> doubled = new TreeSet<>();
                for (ZipEntry entry : file.stream().toList()) {
                    if (!entry.isDirectory() && entries.put(entry.getName(), entry) != null) {
                        doubled.add(entry.getName());
                    }
                }
                return new Zip(file, Map.copyOf(entries), List.copyOf(doubled));
            } catch (IOException | RuntimeException broken) {
                file.close();
                throw broken;
            }
        }

        @Override
        public List<String> paths() {
            return entries.keySet().stream().sorted().toList();
        }

        @Override
        public InputStream open(String path) throws IOException {
            ZipEntry entry = entries.get(path);
            if (entry == null) {
                throw new java.util.NoSuchElementException(path);
            }
            return file.getInputStream(entry);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Links are not followed: what they point at is not in the bundle. */
    record Folder(Path root) implements Bundle {
        @Override
        public List<String> paths() {
            try (Stream<Path> tree = Files.walk(root)) {
                return tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                        .limit(MOST_FILES)
                        .map(path -> root.relativize(path).toString().replace('\\', '/'))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public List<String> doubled() {
            return List.of();
        }

        @Override
        public InputStream open(String path) throws IOException {
            Path file = root.resolve(path);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new java.util.NoSuchElementException(path);
            }
            return Files.newInputStream(file);
        }

        @Override
        public void close() {}
    }
}
