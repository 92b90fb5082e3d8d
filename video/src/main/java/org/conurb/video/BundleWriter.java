package org.conurb.video;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import org.conurb.audit.EvidenceBundle;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;
import org.jspecify.annotations.Nullable;

/**
 * Writes cameras into a bundle: MP4s put together from recorded fragments as they are, each hashed while it is read and compared with
 * what was recorded. One file goes on while nothing is missing and the camera's format stays; owned by one thread.
 */
final class BundleWriter implements AutoCloseable {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final long TOLERANCE_90K = 200 * IndexRecord.TICKS_PER_MILLI;
    private static final int LARGEST_FRAGMENT = 256 << 20;

    private final EvidenceBundle bundle;
    private byte[] buffer = new byte[1 << 20];
    private @Nullable Open open;
    private @Nullable Path source;
    private @Nullable RandomAccessFile reading;

    /** The MP4 that is being written. */
    private static final class Open {
        private final EvidenceBundle.File file;
        private final byte[] head;
        private long end90k;

        Open(EvidenceBundle.File file, byte[] head) {
            this.file = file;
            this.head = head;
        }
    }

    BundleWriter(EvidenceBundle bundle) {
        this.bundle = bundle;
    }

    /**
     * Adds a fragment to the file before, or begins another.
     *
     * @param folder of the bundle
     * @return the file that ended with this, if one did
     * @throws IOException also where the fragment is not as it was recorded
     */
    List<Recording> add(String folder, EvidenceHour hour, EvidenceHour.Line line) throws IOException {
        IndexRecord record = line.record();
        Path file = hour.file(record);
        byte[] head = read(file, 0, record.initLength()).clone();
        List<Recording> ended = List.of();
        Open current = open;
        boolean goesOn = current != null
                && Arrays.equals(current.head, head)
                && !record.is(IndexRecord.DISCONTINUITY)
                && Math.abs(record.start90k() - current.end90k) <= TOLERANCE_90K;
        if (current == null || !goesOn) {
            ended = end();
            current = begin(folder, head, RecordedHour.instant(record.start90k()));
        }
        if (record.length() < 1 || record.length() > LARGEST_FRAGMENT) {
            throw new IOException("%s has a fragment of %d bytes".formatted(file, record.length()));
        }
        byte[] bytes = read(file, record.offset(), record.length());
        MessageDigest own = HashChain.sha256();
        own.update(bytes, 0, record.length());
        if (!Arrays.equals(own.digest(), line.hash())) {
            throw new IOException("What %s holds at %s is not what was recorded"
                    .formatted(file.getFileName(), RecordedHour.instant(record.start90k())));
        }
        current.file.piece(bytes, record.length(), line.hash());
        current.end90k = record.end90k();
        return ended;
    }

    private Open begin(String folder, byte[] head, Instant from) throws IOException {
        Open fresh = new Open(bundle.begin("%s/%s.mp4".formatted(folder, NAME.format(from)), "video/mp4", from), head);
        fresh.file.head(head, head.length);
        open = fresh;
        return fresh;
    }

    /** Ends the file that is open, if one is: no other fragment goes on with it. */
    List<Recording> end() throws IOException {
        Open ended = open;
        if (ended == null) {
            return List.of();
        }
        open = null;
        return List.of(ended.file.end(RecordedHour.instant(ended.end90k)));
    }

    /** @return our buffer, good until the next call; exactly {@code length} bytes long for heads */
    private byte[] read(Path file, long offset, int length) throws IOException {
        RandomAccessFile in = opened(file);
        byte[] into = offset == 0 ? new byte[length] : buffer;
        if (into.length < length) {
            buffer = new byte[length];
            into = buffer;
        }
        in.seek(offset);
        in.readFully(into, 0, length);
        return into;
    }

    private RandomAccessFile opened(Path file) throws IOException {
        RandomAccessFile current = reading;
        if (current != null && file.equals(source)) {
            return current;
        }
        if (current != null) {
            current.close();
        }
        RandomAccessFile fresh = new RandomAccessFile(file.toFile(), "r");
        reading = fresh;
        source = file;
        return fresh;
    }

    @Override
    public void close() throws IOException {
        RandomAccessFile current = reading;
        if (current != null) {
            current.close();
        }
    }
}
