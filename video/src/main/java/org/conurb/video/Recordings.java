package org.conurb.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * What is on disk. Any span is found from the clock alone: the hour names the folder, its index the fragments; nothing is
 * scanned. Asks nobody whether the caller may know: that is for the doors. Safe for many threads.
 */
final class Recordings {
    static final Duration LONGEST_SPAN = Duration.ofHours(24);

    /** A file begun in one hour may reach this far into the next. */
    static final Duration LONGEST_FILE = Duration.ofMinutes(12);

    private final Path volume;
    private final Transactions transactions;
    private final RecordingHours hours;
    private final HoldStore holds;
    private final Ids ids;
    private final Clock clock;

    Recordings(Path volume, Transactions transactions, Ids ids, Clock clock) {
        this.volume = volume;
        this.transactions = transactions;
        this.hours = new RecordingHours(transactions.jdbc());
        this.holds = new HoldStore(transactions.jdbc());
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Fragments that have anything of [{@code from}, {@code to}), in order of time.
     *
     * @param to at most a day after {@code from}
     */
    List<IndexedFragment> covering(CameraSource camera, Instant from, Instant to) {
        return covering(camera.organisation(), camera.id(), from, to);
    }

    List<IndexedFragment> covering(OrganisationId organisation, CameraId camera, Instant from, Instant to) {
        CameraFolder folder = CameraFolder.of(volume, organisation, camera);
        long first = RecordedHour.ticks(from);
        long last = RecordedHour.ticks(to);
        List<IndexedFragment> found = new ArrayList<>();
        for (Instant hour : touched(from, to)) {
            Path path = folder.hour(hour);
            for (IndexRecord line : lines(path)) {
                if (!line.isGap() && line.end90k() > first && line.start90k() < last) {
                    found.add(fragment(path, hour, line));
                }
            }
        }
        found.sort(Comparator.comparing(IndexedFragment::start));
        return found;
    }

    /** The hours that have anything of [{@code from}, {@code to}), with what proves them, in order. */
    List<EvidenceHour> evidence(OrganisationId organisation, CameraId camera, Instant from, Instant to)
            throws IOException {
        CameraFolder folder = CameraFolder.of(volume, organisation, camera);
        List<EvidenceHour> found = new ArrayList<>();
        for (Instant hour : touched(from, to)) {
            EvidenceHour evidence = EvidenceHour.read(folder, hour);
            if (!evidence.fragments(from, to).isEmpty()) {
                found.add(evidence);
            }
        }
        return found;
    }

    /** Head of the hour's chain, where the hour is closed. */
    Optional<byte[]> closedHead(CameraId camera, Instant hour) {
        return in(() -> hours.of(camera, hour, hour.plusSeconds(1)).stream().findFirst())
                .map(RecordedHour::chainHead);
    }

    /** Where the file that begins at that moment lies, whether it is there or not. */
    Path file(OrganisationId organisation, CameraId camera, Instant begins) {
        return CameraFolder.of(volume, organisation, camera)
                .hour(begins.truncatedTo(ChronoUnit.HOURS))
                .resolve(begins.toEpochMilli() + ".mp4");
    }

    /** Gaps with their reasons in [{@code from}, {@code to}), cut to it, in order; up to now only what is known. */
    List<Gap> gaps(OrganisationId organisation, CameraId camera, Instant from, Instant to) {
        CameraFolder folder = CameraFolder.of(volume, organisation, camera);
        List<Gap> gaps = new ArrayList<>();
        for (Instant hour : touched(from, to)) {
            for (IndexRecord line : lines(folder.hour(hour))) {
                Instant start = later(RecordedHour.instant(line.start90k()), from);
                Instant end = earlier(RecordedHour.instant(line.end90k()), to);
                if (line.isGap() && start.isBefore(end)) {
                    gaps.add(new Gap(start, end, GapReason.of((int) line.offset())));
                }
            }
        }
        return RecordedHour.merged(gaps);
    }

    /**
     * A day in hour rows, and in the index where an hour is not closed yet.
     *
     * @param from a whole hour; {@code to} at most 25 hours later
     */
    DayTimeline timeline(OrganisationId organisation, CameraId camera, Instant from, Instant to) {
        Instant start = from.truncatedTo(ChronoUnit.HOURS);
        Instant end = earlier(to, start.plus(Duration.ofHours(25)));
        List<RecordedHour> day = new ArrayList<>(in(() -> hours.of(camera, start, end)));
        Instant open = day.isEmpty() ? start : day.getLast().start().plus(RecordedHour.HOUR);
        Instant now = clock.instant();
        if (open.isBefore(now.minus(Duration.ofHours(2)))) {
            open = later(start, now.truncatedTo(ChronoUnit.HOURS).minus(RecordedHour.HOUR));
        }
        for (Instant hour = open; hour.isBefore(end) && !hour.isAfter(now); hour = hour.plus(RecordedHour.HOUR)) {
            day.add(unclosed(organisation, camera, hour));
        }
        return added(start, end, day);
    }

    /** An hour that has no row yet, from the index. */
    RecordedHour unclosed(OrganisationId organisation, CameraId camera, Instant hour) {
        CameraFolder folder = CameraFolder.of(volume, organisation, camera);
        List<IndexRecord> own = lines(folder.hour(hour));
        List<IndexRecord> both = new ArrayList<>(lines(folder.hour(hour.minus(RecordedHour.HOUR))));
        both.addAll(own);
        long bytes = own.stream().mapToLong(IndexRecord::length).sum();
        return RecordedHour.of(camera, organisation, hour, both, own.size(), bytes, new byte[0]);
    }

    private static DayTimeline added(Instant from, Instant to, List<RecordedHour> day) {
        int minutes = (int) Duration.between(from, to).toMinutes();
        long[] bits = new long[(minutes + 63) / 64];
        List<Gap> gaps = new ArrayList<>();
        long millis = 0;
        long bytes = 0;
        for (RecordedHour hour : day) {
            int first = (int) Duration.between(from, hour.start()).toMinutes();
            for (int minute = 0; minute < 60 && first + minute < minutes; minute++) {
                int at = first + minute;
                bits[at >> 6] |= (hour.minutes() >>> minute & 1) << (at & 63);
            }
            gaps.addAll(hour.gaps());
            millis += hour.coveredMillis();
            bytes += hour.bytes();
        }
        List<Gap> merged = RecordedHour.merged(gaps);
        return new DayTimeline(from, to, bits, merged.subList(0, Math.min(1000, merged.size())), millis / 1000, bytes);
    }

    /**
     * Keeps a span from being deleted while an export of it is made. Inside a transaction of the caller it is part of it.
     *
     * @param reason which export, nothing about persons
     */
    UUID hold(OrganisationId organisation, CameraId camera, Instant from, Instant to, String reason) {
        UUID id = ids.next();
        in(() -> {
            holds.insertOfExport(new Hold(id, organisation, camera, from, to, reason, "", "", "", clock.instant()));
            return id;
        });
        return id;
    }

    /** @return whether it stood until now */
    boolean release(UUID hold) {
        return in(() -> holds.release(hold, clock.instant()));
    }

    private <T> T in(Supplier<T> work) {
        return transactions.active() ? work.get() : transactions.asSystem(work);
    }

    private static List<Instant> touched(Instant from, Instant to) {
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST_SPAN.plusHours(1)) > 0) {
            throw new BadRequest(
                    "video-span",
                    "The span from %s to %s is empty or longer than %d hours."
                            .formatted(from, to, LONGEST_SPAN.toHours()),
                    "Ask for a shorter one, from before to.");
        }
        List<Instant> hours = new ArrayList<>();
        Instant hour = from.minus(LONGEST_FILE).truncatedTo(ChronoUnit.HOURS);
        for (; hour.isBefore(to); hour = hour.plus(RecordedHour.HOUR)) {
            hours.add(hour);
        }
        return hours;
    }

    private static IndexedFragment fragment(Path folder, Instant hour, IndexRecord line) {
        return new IndexedFragment(
                folder.resolve((hour.toEpochMilli() + line.fileMillis()) + ".mp4"),
                line.initLength(),
                line.offset(),
                line.length(),
                RecordedHour.instant(line.start90k()),
                Duration.ofNanos(line.duration90k() * 100_000L / 9),
                line.is(IndexRecord.KEY),
                line.is(IndexRecord.DISCONTINUITY),
                line.is(IndexRecord.DAMAGED));
    }

    private static List<IndexRecord> lines(Path folder) {
        try {
            return HourIndex.read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the index in " + folder, e);
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
