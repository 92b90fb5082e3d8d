package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where recorded talk lies: {@code <folder>/<day>/<hour>/<spurt>.rtpdump}, day and hour in UTC of when it began. */
record TalkFolder(Path root) {
    static final String ENDING = ".rtpdump";

    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH").withZone(UTC);

    Path hour(Instant at) {
        return root.resolve(DAY.format(at)).resolve(HOUR.format(at));
    }

    Path file(Instant began, UUID spurt) {
        return hour(began).resolve(spurt + ENDING);
    }

    /** Hours that there are folders of, newest first. */
    List<Instant> hours() throws IOException {
        List<Instant> hours = new ArrayList<>();
        for (Path day : children(root)) {
            for (Path hour : children(day)) {
                instant(day, hour).ifPresent(hours::add);
            }
        }
        hours.sort(Collections.reverseOrder());
        return hours;
    }

    private static Optional<Instant> instant(Path day, Path hour) {
        try {
            LocalDate date = LocalDate.parse(String.valueOf(day.getFileName()));
            return Optional.of(date.atTime(Integer.parseInt(String.valueOf(hour.getFileName())), 0)
                    .toInstant(UTC));
        } catch (DateTimeException | NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /** Spurts that have a file in that hour. */
    List<UUID> spurts(Instant hour) throws IOException {
        List<UUID> spurts = new ArrayList<>();
        for (Path file : children(hour(hour))) {
            spurt(file).ifPresent(spurts::add);
        }
        return spurts;
    }

    private static Optional<UUID> spurt(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return name.endsWith(ENDING)
                    ? Optional.of(UUID.fromString(name.substring(0, name.length() - ENDING.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(all::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return all;
    }

    /** Deletes the file, and folders that are empty then. */
    void delete(Instant began, UUID spurt) throws IOException {
        Path file = file(began, spurt);
        Files.deleteIfExists(file);
        for (Path up = file.getParent(); up != null && !up.equals(root); up = up.getParent()) {
            try {
                Files.deleteIfExists(up);
            } catch (IOException notEmpty) {
                return;
            }
        }
    }
}
