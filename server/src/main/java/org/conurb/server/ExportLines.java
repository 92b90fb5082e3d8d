package org.conurb.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Lines of an export, each thing's from one source alone. What comes is laid on one of many shelves on disk by the hash
 * of its id; in the end each shelf is looked through by itself, so that only its ids are in memory, and not all.
 */
final class ExportLines implements AutoCloseable {
    private static final int SHELVES = 64;

    private final List<Path> files = new ArrayList<>();
    private final List<BufferedWriter> shelves = new ArrayList<>();
    private long count;

    ExportLines(Path folder, String name) throws IOException {
        for (int i = 0; i < SHELVES; i++) {
            Path file = folder.resolve(name + "." + i);
            files.add(file);
            shelves.add(Files.newBufferedWriter(file));
        }
    }

    /** @param source of several that tell of the same thing, only the first one's lines are kept */
    void add(String id, String source, JsonNode line) throws IOException {
        BufferedWriter shelf = shelves.get(Math.floorMod(id.hashCode(), SHELVES));
        shelf.write(id + "\t" + source + "\t" + line + "\n");
        count++;
    }

    /** Things once they are gathered, lines so far before. */
    long count() {
        return count;
    }

    void gather(Path into) throws IOException {
        close();
        count = 0;
        try (BufferedWriter out = Files.newBufferedWriter(into)) {
            for (Path file : files) {
                Map<String, String> first = new HashMap<>();
                try (BufferedReader lines = Files.newBufferedReader(file)) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        String[] parts = line.split("\t", 3);
                        String before = first.putIfAbsent(parts[0], parts[1]);
                        if (before == null || before.equals(parts[1])) {
                            out.write(parts[2] + "\n");
                        }
                    }
                }
                count += first.size();
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (BufferedWriter shelf : shelves) {
            shelf.close();
        }
    }
}
