package org.conurb.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The city's map: one PMTiles file (version 3) in the data folder, made by {@code basemap} or brought finished. */
final class CityMap {
    private static final int HEADER = 127;
    private static final int BOUNDS_AT = 102;

    private final Path file;

    CityMap(Path data) {
        this.file = data.resolve("map").resolve("city.pmtiles");
    }

    Path file() {
        return file;
    }

    /** Folder of the road graph and the places, made of the same extract. */
    Path streets() {
        return file.resolveSibling("streets");
    }

    boolean present() {
        return Files.isReadable(file);
    }

    /** West, south, east, north in degrees, from the header (PMTiles 3 §3). */
    Optional<List<Double>> bounds() {
        if (!present()) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // The whole header is wanted.
            }
            if (header.hasRemaining()
                    || !new String(header.array(), 0, 7, StandardCharsets.US_ASCII).equals("PMTiles")) {
                return Optional.empty();
            }
            return Optional.of(List.of(
                    header.getInt(BOUNDS_AT) / 1e7,
                    header.getInt(BOUNDS_AT + 4) / 1e7,
                    header.getInt(BOUNDS_AT + 8) / 1e7,
                    header.getInt(BOUNDS_AT + 12) / 1e7));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
