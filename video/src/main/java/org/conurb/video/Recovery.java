package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.media.FragmentScanner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an hour whole that a crash left: cuts files at the last whole fragment, and writes index and hashes anew from the
 * files where they do not tell the same. The files are the truth; only gaps and their reasons are kept from the old index.
 * Files that no index knows are so adopted.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final int MOST_FILES = 3600;

    private final CameraFolder camera;
    private final Instant hour;
    private final Path folder;
    private boolean cut;

    private record Found(IndexRecord line, Path file) {}

    private Recovery(CameraFolder camera, Instant hour) {
        this.camera = camera;
        this.hour = hour;
        this.folder = camera.hour(hour);
    }

    /**
     * Looks at the newest hour, where the last run ended.
     *
     * @return end of what is there in 90 kHz ticks; 0 where there is nothing
     */
    static long recover(CameraFolder camera) throws IOException {
        Optional<Instant> newest = camera.newestHour();
        if (newest.isEmpty()) {
            return 0;
        }
        hour(camera, newest.get());
        long end = 0;
        for (IndexRecord line : HourIndex.read(camera.hour(newest.get()))) {
            end = Math.max(end, line.end90k());
        }
        return end;
    }

    /** @return whether anything had to be mended */
    static boolean hour(CameraFolder camera, Instant hour) throws IOException {
        return new Recovery(camera, hour).mend();
    }

    private boolean mend() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path file : files()) {
            scan(file, found);
        }
        List<IndexRecord> known = HourIndex.read(folder);
        long hashes = HourIndex.bytes(folder.resolve(HourIndex.HASHES)).remaining();
        boolean whole = Files.exists(folder.resolve(HourIndex.INDEX))
                && Files.size(folder.resolve(HourIndex.INDEX)) == (long) known.size() * IndexRecord.BYTES
                && hashes == (long) known.size() * HourChain.HASH;
        if (whole && same(known, found)) {
            return cut;
        }
        rebuild(known, found);
        log.atWarn()
                .addKeyValue("camera", camera.camera())
                .addKeyValue("hour", hour)
                .addKeyValue("fragments", found.size())
                .log("video.index.rebuilt");
        return true;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.mp4")) {
            for (Path file : entries) {
                if (files.size() < MOST_FILES && millis(file) >= 0) {
                    files.add(file);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        files.sort(Comparator.comparingLong(this::millis));
        return files;
    }

    /** Start of a file in its hour, from its name; -1 for what is not ours. */
    private long millis(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            long millis = Long.parseLong(name.substring(0, name.length() - 4)) - hour.toEpochMilli();
            return millis < 3_600_000 + 2000 ? millis : -1;
        } catch (NumberFormatException strange) {
            return -1;
        }
    }

    private void scan(Path file, List<Found> found) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FragmentScanner.Scan scan = FragmentScanner.scan(channel);
            if (scan.fragments().isEmpty()) {
                cut = true;
                Files.delete(file); // not one whole fragment: nothing to see
                return;
            }
            if (scan.wholeBytes() < channel.size()) {
                cut = true;
                log.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("bytes", channel.size() - scan.wholeBytes())
                        .log("video.file.tail-cut");
                channel.truncate(scan.wholeBytes());
                channel.force(true);
            }
            int millis = (int) millis(file);
            for (FragmentScanner.Fragment fragment : scan.fragments()) {
                int flags = fragment.key() ? IndexRecord.KEY : 0;
                found.add(new Found(
                        new IndexRecord(
                                fragment.startsAt(),
                                (int) Math.min(fragment.ticks(), Integer.MAX_VALUE),
                                flags,
                                millis,
                                fragment.offset(),
                                (int) fragment.length(),
                                scan.initBytes()),
                        file));
            }
        }
    }

    private record Place(int file, long offset, int length) {
        static Place of(IndexRecord line) {
            return new Place(line.fileMillis(), line.offset(), line.length());
        }
    }

    private static boolean same(List<IndexRecord> known, List<Found> found) {
        Set<Place> places = new HashSet<>();
        int fragments = 0;
        for (IndexRecord line : known) {
            if (!line.isGap()) {
                fragments++;
                places.add(Place.of(line));
            }
        }
        return fragments == found.size() && found.stream().allMatch(one -> places.contains(Place.of(one.line())));
    }

    private void rebuild(List<IndexRecord> known, List<Found> found) throws IOException {
        Map<Place, IndexRecord> told = new HashMap<>();
        List<Found> all = new ArrayList<>(found);
        for (IndexRecord line : known) {
            if (line.isGap()) {
                all.add(new Found(line, folder));
            } else {
                told.put(Place.of(line), line);
            }
        }
        all.sort(Comparator.comparingLong(one -> one.line().start90k()));
        ByteBuffer lines = ByteBuffer.allocate(all.size() * IndexRecord.BYTES);
        ByteBuffer hashes = ByteBuffer.allocate(all.size() * HourChain.HASH);
        for (Found one : all) {
            // What the index knew beyond the file (damage, discontinuity) stays.
            told.getOrDefault(Place.of(one.line()), one.line()).write(lines);
            hashes.put(one.line().isGap() ? new byte[HourChain.HASH] : hash(one));
        }
        replace(folder.resolve(HourIndex.HASHES), hashes.flip());
        replace(folder.resolve(HourIndex.INDEX), lines.flip());
    }

    private static byte[] hash(Found one) throws IOException {
        MessageDigest sha256 = HourChain.sha256();
        ByteBuffer part = ByteBuffer.allocate(64 * 1024);
        try (FileChannel channel = FileChannel.open(one.file(), StandardOpenOption.READ)) {
            long at = one.line().offset();
            long end = at + one.line().length();
            while (at < end) {
                part.clear().limit((int) Math.min(part.capacity(), end - at));
                int read = channel.read(part, at);
                if (read < 0) {
                    throw new IOException("Shorter than it was: " + one.file());
                }
                sha256.update(part.flip());
                at += read;
            }
        }
        return sha256.digest();
    }

    private static void replace(Path file, ByteBuffer bytes) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Force.TO_DISK.folder(java.util.Objects.requireNonNull(file.getParent()));
    }
}
