package org.conurb.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.EvidenceManifest;
import org.conurb.kernel.HashChain;

/**
 * An hour of a camera as its index and hashes tell it, in the order of writing: what of it goes into a bundle, and the
 * part of its chain that proves it.
 *
 * @param start link that the hour's chain starts with
 * @param lines all of the hour
 */
record EvidenceHour(Instant hour, Path folder, byte[] start, List<Line> lines) {
    private static final int HEADER = 28;

    /**
     * @param header first 28 bytes of the index record, which the chain binds
     * @param hash SHA-256 of the fragment; zeros for a gap
     */
    record Line(IndexRecord record, byte[] header, byte[] hash) {
        boolean within(Instant from, Instant to) {
            return record.end90k() > RecordedHour.ticks(from) && record.start90k() < RecordedHour.ticks(to);
        }
    }

    /** @throws IOException where index and hashes cannot be read or do not fit each other */
    static EvidenceHour read(CameraFolder camera, Instant hour) throws IOException {
        Path folder = camera.hour(hour);
        ByteBuffer index = HourIndex.bytes(folder.resolve(HourIndex.INDEX));
        ByteBuffer hashes = HourIndex.bytes(folder.resolve(HourIndex.HASHES));
        List<Line> lines = new ArrayList<>();
        while (index.remaining() >= IndexRecord.BYTES && hashes.remaining() >= HashChain.LENGTH) {
            byte[] header = new byte[HEADER];
            index.get(index.position(), header);
            byte[] hash = new byte[HashChain.LENGTH];
            hashes.get(hash);
            Optional<IndexRecord> record = IndexRecord.read(index);
            if (record.isEmpty()) {
                throw new IOException("The index of %s is broken at line %d".formatted(hour, lines.size()));
            }
            lines.add(new Line(record.get(), header, hash));
        }
        return new EvidenceHour(hour, folder, new HourChain(camera.camera(), hour).head(), lines);
    }

    /** Lines of fragments that have anything of the span, in order. */
    List<Line> fragments(Instant from, Instant to) {
        return lines.stream()
                .filter(line -> !line.record().isGap() && line.within(from, to))
                .toList();
    }

    Path file(IndexRecord record) {
        return folder.resolve((hour.toEpochMilli() + record.fileMillis()) + ".mp4");
    }

    byte[] head() {
        return link(lines.size());
    }

    private byte[] link(int until) {
        byte[] link = start;
        for (Line line : lines.subList(0, until)) {
            link = HashChain.next(link, line.header(), line.hash());
        }
        return link;
    }

    /** @param closed head in the database, which the audit log has too; empty for an hour that goes on */
    EvidenceManifest.Chain chainFrom(Line first, Optional<byte[]> closed) throws IOException {
        byte[] head = head();
        if (closed.isPresent() && !Arrays.equals(closed.get(), head)) {
            throw new IOException("Index and hashes of %s do not lead to the head that was recorded".formatted(hour));
        }
        int at = lines.indexOf(first);
        HexFormat hex = HexFormat.of();
        return new EvidenceManifest.Chain(
                hour,
                hex.formatHex(link(at)),
                lines.subList(at, lines.size()).stream()
                        .map(line ->
                                new EvidenceManifest.Link(hex.formatHex(line.header()), hex.formatHex(line.hash())))
                        .toList(),
                hex.formatHex(head),
                closed.isPresent());
    }
}
