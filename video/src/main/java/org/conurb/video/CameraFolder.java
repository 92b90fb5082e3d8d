package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;

/**
 * Where one camera's recordings lie: {@code <volume>/<organisation>/<camera>/<yyyy>/<MM>/<dd>/<HH>/<epochMillis>.mp4},
 * beside them {@code index} and {@code hashes} of the hour. All in UTC.
 */
record CameraFolder(Path path, CameraId camera) {
    static CameraFolder of(Path volume, OrganisationId organisation, CameraId camera) {
        return new CameraFolder(volume.resolve(organisation.value()).resolve(camera.toString()), camera);
    }

    static Instant hourOf(long start90k) {
        return Instant.ofEpochMilli(Math.floorDiv(start90k, IndexRecord.TICKS_PER_MILLI))
                .truncatedTo(ChronoUnit.HOURS);
    }

    Path hour(Instant hour) {
        OffsetDateTime at = hour.atOffset(UTC);
        return path.resolve("%04d".formatted(at.getYear()))
                .resolve(two(at.getMonthValue()))
                .resolve(two(at.getDayOfMonth()))
                .resolve(two(at.getHour()));
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** The newest hour that has a folder. */
    Optional<Instant> newestHour() throws IOException {
        List<Integer> parts = new ArrayList<>();
        Path at = path;
        for (int level = 0; level < 4; level++) {
            Optional<Integer> newest = numbers(at).stream().max(Comparator.naturalOrder());
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            parts.add(newest.get());
            at = at.resolve(level == 0 ? "%04d".formatted(newest.get()) : two(newest.get()));
        }
        return time(parts);
    }

    /** All hours that have a folder, oldest first. Costs a directory each day. */
    List<Instant> hours() throws IOException {
        List<Instant> hours = new ArrayList<>();
        for (int year : numbers(path)) {
            Path years = path.resolve("%04d".formatted(year));
            for (int month : numbers(years)) {
                for (int day : numbers(years.resolve(two(month)))) {
                    for (int hour : numbers(years.resolve(two(month)).resolve(two(day)))) {
                        time(List.of(year, month, day, hour)).ifPresent(hours::add);
                    }
                }
            }
        }
        return hours.stream().sorted().toList();
    }

    /** Those from then on. Costs a look at each hour since, or as {@link #hours()} where that is long ago. */
    List<Instant> hours(Instant since) throws IOException {
        Instant newest = newestHour().orElse(since.minusSeconds(1));
        if (Duration.between(since, newest).toDays() > 7) {
            return hours().stream().filter(hour -> !hour.isBefore(since)).toList();
        }
        List<Instant> hours = new ArrayList<>();
        for (Instant hour = since; !hour.isAfter(newest); hour = hour.plus(RecordedHour.HOUR)) {
            if (Files.isDirectory(hour(hour))) {
                hours.add(hour);
            }
        }
        return hours;
    }

    private static Optional<Instant> time(List<Integer> parts) {
        try {
            return Optional.of(LocalDateTime.of(parts.get(0), parts.get(1), parts.get(2), parts.get(3), 0)
                    .toInstant(UTC));
        } catch (DateTimeException | NoSuchElementException notATime) {
            return Optional.empty();
        }
    }

    private static List<Integer> numbers(Path folder) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                int number = RtspAnswer.number(String.valueOf(entry.getFileName()));
                if (number >= 0) {
                    numbers.add(number);
                }
            }
        } catch (java.nio.file.NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        return numbers;
    }
}
