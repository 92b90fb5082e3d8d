package org.conurb.video;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.EvidenceManifest.Piece;
import org.conurb.kernel.EvidenceManifest.Recording;
import org.conurb.kernel.HashChain;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle: MP4s put together from recorded fragments as they are, each hashed while it is read and compared with
 * what was recorded. One file goes on while nothing is missing and the camera's format stays; owned by one thread.
 */
final class BundleWriter implements AutoCloseable {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final long TOLERANCE_90K = 200 * IndexRecord.TICKS_PER_MILLI;
    private static final int LARGEST_FRAGMENT = 256 << 20;

    private final ZipOutputStream zip;
    private final HexFormat hex = HexFormat.of();
    private byte[] buffer = new byte[1 << 20];
    private @Nullable Open open;
    private @Nullable Path source;
    private @Nullable RandomAccessFile reading;

    /** The MP4 that is being written. */
    private static final class Open {
        private final String path;
        private final byte[] head;
        private final Instant from;
        private final MessageDigest digest = HashChain.sha256();
        private final List<Piece> pieces = new ArrayList<>();
        private long bytes;
        private long end90k;

        Open(String path, byte[] head, Instant from) {
            this.path = path;
            this.head = head;
            this.from = from;
        }
    }

    BundleWriter(OutputStream out) {
        zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16));
        zip.setLevel(Deflater.NO_COMPRESSION);
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
        write(current, bytes, record.length());
        current.pieces.add(new Piece(record.length(), hex.formatHex(line.hash())));
        current.end90k = record.end90k();
        return ended;
    }

    private Open begin(String folder, byte[] head, Instant from) throws IOException {
        Open fresh = new Open("%s/%s.mp4".formatted(folder, NAME.format(from)), head, from);
        zip.putNextEntry(new ZipEntry(fresh.path));
        write(fresh, head, head.length);
        open = fresh;
        return fresh;
    }

    private void write(Open file, byte[] bytes, int length) throws IOException {
        zip.write(bytes, 0, length);
        file.digest.update(bytes, 0, length);
        file.bytes += length;
    }

    /** Ends the file that is open, if one is: no other fragment goes on with it. */
    List<Recording> end() throws IOException {
        Open ended = open;
        if (ended == null) {
            return List.of();
        }
        open = null;
        zip.closeEntry();
        return List.of(new Recording(
                ended.path,
                "video/mp4",
                ended.bytes,
                hex.formatHex(ended.digest.digest()),
                ended.from,
                RecordedHour.instant(ended.end90k),
                ended.head.length,
                ended.pieces));
    }

    /** The last of a bundle. */
    void seal(byte[] manifest, String signature, String key) throws IOException {
        entry(EvidenceManifest.FILE, manifest);
        entry(EvidenceManifest.SIGNATURE, signature.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        entry(EvidenceManifest.KEY, (key + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        zip.finish();
        zip.flush();
    }

    private void entry(String path, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        zip.write(bytes);
        zip.closeEntry();
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
        zip.close();
    }
}
