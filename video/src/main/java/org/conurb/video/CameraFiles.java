package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.conurb.kernel.OrganisationId;
import org.conurb.media.TrackFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one camera while it is recorded: fragments into files of a minute, a line in the hour's index for each, a
 * line for each gap. What an earlier run left is made whole first. Confined to the camera's writer thread.
 */
final class CameraFiles {
    private static final Logger log = LoggerFactory.getLogger(CameraFiles.class);
    private static final byte[] NO_HASH = new byte[HourChain.HASH];
    private static final long MILLI = IndexRecord.TICKS_PER_MILLI;
    private static final long SECOND = 1000 * MILLI;
    private static final long HOUR = 3600 * SECOND;

    /** Less than this between two fragments is the jitter of their lengths, not a gap. */
    private static final long GAP_FROM = SECOND / 4;

    /** A gap that lasts is written in pieces of this length, and up to this long ago. */
    private static final long PIECE = 60 * SECOND;

    private static final long PIECE_BEHIND = 10 * SECOND;

    /** What the files of all cameras share. */
    record Disk(
            Path volume,
            WallClock wall,
            RecordingSettings settings,
            Gate gate,
            Force force,
            Consumer<EndedHour> ended) {}

    /** An hour that nothing more is added to. */
    record EndedHour(OrganisationId organisation, CameraId camera, Instant hour) {}

    /** Whether there is room; kept by {@link Retention}, read by all writers. */
    static final class Gate {
        private volatile boolean open = true;

        void set(boolean mayWrite) {
            open = mayWrite;
        }

        boolean mayWrite() {
            return open;
        }
    }

    private final CameraSource camera;
    private final Disk disk;
    private final CameraFolder folder;
    private final long stagger;
    private final MessageDigest sha256 = HourChain.sha256();
    private final byte[] hash = new byte[HourChain.HASH];
    private @Nullable HourIndex index;
    private @Nullable RecordingFile file;
    private @Nullable FragmentBuilder builder;
    private long fileStart;
    private long fileEnd;
    private long end;
    /** Folders whose names are not on the disk for good; a new one, then the one that it is in. */
    private final Set<Path> newNames = new LinkedHashSet<>();

    private boolean dirty;
    private long dirtySince;
    private volatile long until90k;
    private boolean opened;
    private boolean cut;
    private volatile Written written;

    /** What has reached the disk; for the reconciler. */
    record Written(long atNanos, long bytes, long fragments) {}

    CameraFiles(CameraSource camera, Disk disk) {
        this.camera = camera;
        this.disk = disk;
        this.folder = CameraFolder.of(disk.volume(), camera.organisation(), camera.id());
        long segment = disk.settings().segmentLength().toMillis();
        this.stagger = Math.floorMod(camera.id().hashCode(), segment) * MILLI;
        this.written = new Written(disk.wall().nanos(), 0, 0);
    }

    /** From any thread. */
    Written written() {
        return written;
    }

    /** Nothing before this is written any more; the beginning of time where it is not known yet. From any thread. */
    Instant until() {
        return RecordedHour.instant(until90k);
    }

    private void reached(long end90k) {
        end = end90k;
        until90k = end90k;
    }

    private void touched() {
        if (!dirty) {
            dirty = true;
            dirtySince = disk.wall().nanos();
        }
    }

    /** Whether something is written that a power cut would take. */
    boolean dirty() {
        return dirty;
    }

    /** Since when, where {@link #dirty}. */
    long dirtySince() {
        return dirtySince;
    }

    /** Brings all that is written to the disk for good: bytes before the names and lines that tell of them. */
    void sync() throws IOException {
        dirty = false;
        if (file != null) {
            file.force();
        }
        if (index != null) {
            index.force(disk.force());
        }
        for (Path folder : newNames) {
            disk.force().folder(folder);
        }
        newNames.clear();
    }

    private void open() throws IOException {
        if (!opened) {
            long now = disk.wall().ticks90k(disk.wall().nanos());
            long last = Recovery.recover(folder);
            reached(last == 0 || last > now ? now : last);
            opened = true;
        }
    }

    /**
     * Writes frames {@code from} to {@code to} as one fragment; the first picture is a key frame, unless it goes on in a
     * file that is open.
     *
     * @param reason why there is a hole, if there is one, before it
     */
    void write(
            FragmentDesk frames,
            int from,
            int to,
            FragmentTimes times,
            List<TrackFormat> formats,
            boolean formatChanged,
            GapReason reason)
            throws IOException {
        open();
        int first = firstPicture(frames, from, to, formats);
        if (first < 0) {
            return;
        }
        if (!disk.gate().mayWrite()) {
            throw new IOException("No space left: the reserve is reached");
        }
        long start = earliest(frames, first, to, times, formats);
        boolean key = frames.key(first);
        if (formatChanged) {
            cut();
        }
        if (file == null || (key && (start >= fileEnd || Math.abs(start - end) > SECOND))) {
            if (!key || !formats.stream().allMatch(TrackFormat::complete)) {
                return;
            }
            begin(start, formats, reason);
        } else if (start - end > GAP_FROM) {
            gap(end, start, reason);
        }
        append(frames, first, to, times);
    }

    private static int firstPicture(FragmentDesk frames, int from, int to, List<TrackFormat> formats) {
        for (int i = from; i < to; i++) {
            if (formats.get(frames.track(i)).video()) {
                return i;
            }
        }
        return -1;
    }

    /** B frames come after those they are shown before. */
    private static long earliest(
            FragmentDesk frames, int first, int to, FragmentTimes times, List<TrackFormat> formats) {
        long earliest = times.wall90k(first);
        for (int i = first; i < to; i++) {
            if (formats.get(frames.track(i)).video()) {
                earliest = Math.min(earliest, times.wall90k(i));
            }
        }
        return earliest;
    }

    private void begin(long start, List<TrackFormat> formats, GapReason reason) throws IOException {
        closeFile();
        boolean hole = start - end > GAP_FROM;
        cut |= hole || end - start > GAP_FROM;
        if (hole) {
            gap(end, start, reason);
        }
        Instant hour = CameraFolder.hourOf(start);
        HourIndex lines = indexOf(hour);
        if (builder == null || cut || !builder.makes(formats)) {
            builder = new FragmentBuilder(formats);
        }
        long name = Math.floorDiv(start, MILLI);
        file = create(folder.hour(lines.hour()), name);
        long segment = disk.settings().segmentLength().toMillis() * MILLI;
        fileEnd = Math.floorDiv(start - stagger, segment) * segment + stagger + segment;
    }

    private RecordingFile create(Path hour, long name) throws IOException {
        for (long millis = name; ; millis++) {
            try {
                RecordingFile fresh = RecordingFile.create(
                        hour.resolve(millis + ".mp4"),
                        java.util.Objects.requireNonNull(builder).init(),
                        disk.force());
                newNames.add(hour);
                fileStart = millis;
                return fresh;
            } catch (FileAlreadyExistsException e) {
                if (millis - name > 1000) {
                    throw e;
                }
            }
        }
    }

    private HourIndex indexOf(Instant hour) throws IOException {
        HourIndex lines = index;
        if (lines == null || !lines.hour().equals(hour)) {
            closeIndex();
            Path path = folder.hour(hour);
            boolean fresh = !Files.exists(path);
            lines = HourIndex.open(path, hour);
            index = lines;
            newNames.add(path);
            for (Path up = path.getParent(); fresh && up != null && up.startsWith(disk.volume()); up = up.getParent()) {
                newNames.add(up);
            }
        }
        touched();
        return lines;
    }

    private void append(FragmentDesk frames, int first, int to, FragmentTimes times) throws IOException {
        FragmentBuilder build = java.util.Objects.requireNonNull(builder);
        RecordingFile open = java.util.Objects.requireNonNull(file);
        FragmentBuilder.Built built = build.fragment(frames, first, to, times);
        ByteBuffer bytes = built.bytes();
        sha256.update(bytes.duplicate());
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException(e);
        }
        int length = bytes.remaining();
        touched();
        long at = open.append(bytes);
        long start = built.start90k();
        int flags = (frames.key(first) ? IndexRecord.KEY : 0)
                | (built.damaged() ? IndexRecord.DAMAGED : 0)
                | (cut ? IndexRecord.DISCONTINUITY : 0);
        HourIndex lines = java.util.Objects.requireNonNull(index);
        int millis = (int) (fileStart - lines.hour().toEpochMilli());
        lines.add(
                new IndexRecord(start, (int) built.duration90k(), flags, millis, at, length, open.initLength()), hash);
        cut = false;
        reached(built.shownUntil90k());
        Written before = written;
        written = new Written(disk.wall().nanos(), before.bytes() + length, before.fragments() + 1);
    }

    /** Lines for a hole: with the file that is open, else each in the hour it begins in. */
    private void gap(long from, long to, GapReason reason) throws IOException {
        HourIndex lines = index;
        if (file != null && lines != null) {
            touched();
            lines.add(IndexRecord.gap(from, to, reason), NO_HASH);
        } else {
            long oldest = to - disk.settings().retention().toMillis() * MILLI;
            for (long at = Math.max(from, oldest); at < to; ) {
                long next = Math.min(to, (Math.floorDiv(at, HOUR) + 1) * HOUR);
                indexOf(CameraFolder.hourOf(at)).add(IndexRecord.gap(at, next, reason), NO_HASH);
                at = next;
            }
        }
        reached(Math.max(end, to));
    }

    /** The stream is gone. */
    void pause(GapReason reason) throws IOException {
        closeFile();
        sync();
        log.atDebug()
                .addKeyValue("camera", camera.id())
                .addKeyValue("reason", reason)
                .log("video.recorder.paused");
    }

    /** The next fragment begins a file, and does not go on where the last ended. */
    void cut() throws IOException {
        closeFile();
        cut = true;
    }

    /** About each minute. */
    void mark(boolean missing, GapReason reason) throws IOException {
        open();
        long now = disk.wall().ticks90k(disk.wall().nanos());
        if (missing && now - end > PIECE + PIECE_BEHIND) {
            closeFile();
            gap(end, now - PIECE_BEHIND, reason);
        }
        HourIndex lines = index;
        if (lines != null && file == null && now - RecordedHour.ticks(lines.hour()) > HOUR + PIECE) {
            closeIndex();
        }
    }

    /**
     * @param before what the gap was called until now
     * @return what to call it from now on
     */
    GapReason failed(IOException failure, GapReason before) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = text.contains("no space left") || text.contains("quota exceeded");
        GapReason reason = full ? GapReason.DISK_FULL : GapReason.DISK_FAILED;
        if (reason != before) {
            log.atError()
                    .addKeyValue("camera", camera.id())
                    .addKeyValue("reason", reason)
                    .setCause(full ? null : failure)
                    .log("video.recorder.disk");
        }
        try {
            closeFile();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        cut = true;
        return reason;
    }

    private void closeFile() throws IOException {
        RecordingFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private void closeIndex() throws IOException {
        HourIndex lines = index;
        index = null;
        if (lines != null) {
            lines.force(disk.force());
            lines.close();
            disk.ended().accept(new EndedHour(camera.organisation(), camera.id(), lines.hour()));
        }
    }

    void close() throws IOException {
        closeFile();
        sync();
        HourIndex lines = index;
        index = null;
        if (lines != null) {
            lines.close();
        }
    }
}
