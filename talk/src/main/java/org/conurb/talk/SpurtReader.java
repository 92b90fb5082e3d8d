package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.HashChain;

/**
 * A recorded talk as its file tells it ({@link RtpDump}), up to the last whole record. What the file holds may be anything:
 * what is no record ends it.
 */
final class SpurtReader {
    private final ByteBuffer file;
    private final SpurtFacts facts;
    private final List<ClockPoint> clocks = new ArrayList<>();
    private Optional<End> end = Optional.empty();
    private int[] places = new int[256];
    private int[] lengths = new int[256];
    private int[] millis = new int[256];
    private int packets;
    private int lost;
    private int whole;

    /**
     * How the clocks lay when a packet came.
     *
     * @param rtp RTP time of that packet, 32 bits
     * @param packet its number
     */
    record ClockPoint(Instant wall, long monotonicNanos, long arrivalNanos, int rtp, int packet) {
        Instant arrival() {
            return wall.plusNanos(arrivalNanos - monotonicNanos);
        }
    }

    /** As the recorder wrote it when the talk ended. */
    record End(Instant at, int packets, int lost) {}

    private SpurtReader(ByteBuffer file) {
        this.file = file;
        this.facts = facts(file);
        read();
    }

    /** @throws IOException where it cannot be read, or is no recorded talk */
    static SpurtReader read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() > 2 * SpurtWriter.MOST_BYTES) {
                throw new IOException("%s is larger than any recorded talk".formatted(path));
            }
            return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    /** @throws IOException where it is no recorded talk */
    static SpurtReader of(ByteBuffer file) throws IOException {
        try {
            return new SpurtReader(file);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("This is no recorded talk: " + e.getMessage(), e);
        }
    }

    private static SpurtFacts facts(ByteBuffer file) {
        byte[] line = new byte[RtpDump.LINE.length];
        file.get(0, line);
        int at = RtpDump.START;
        int length = file.getShort(at) & 0xFFFF;
        int data = at + RtpDump.RECORD + RtpDump.APP;
        int bytes = length - RtpDump.RECORD - RtpDump.APP;
        boolean ours = Arrays.equals(line, RtpDump.LINE)
                && bytes > 0
                && RtpDump.subtype(file, at + RtpDump.RECORD, length - RtpDump.RECORD) == RtpDump.FACTS;
        if (!ours) {
            throw new IllegalArgumentException("it has not our head");
        }
        byte[] json = new byte[bytes];
        file.get(data, json);
        return SpurtFacts.parse(new String(json, UTF_8).strip().getBytes(UTF_8));
    }

    private void read() {
        int at = RtpDump.START;
        while (at + RtpDump.RECORD <= file.limit() && end.isEmpty()) {
            int length = file.getShort(at) & 0xFFFF;
            int rtp = file.getShort(at + 2) & 0xFFFF;
            boolean fits = length >= RtpDump.RECORD && at + length <= file.limit() && rtp <= length - RtpDump.RECORD;
            if (!fits) {
                break;
            }
            if (rtp > 0) {
                packet(at + RtpDump.RECORD, rtp, file.getInt(at + 4));
            } else {
                ours(at + RtpDump.RECORD, length - RtpDump.RECORD);
            }
            at += length;
        }
        whole = at;
    }

    private void packet(int place, int length, int at) {
        if (packets == places.length) {
            places = Arrays.copyOf(places, packets * 2);
            lengths = Arrays.copyOf(lengths, packets * 2);
            millis = Arrays.copyOf(millis, packets * 2);
        }
        places[packets] = place;
        lengths[packets] = length;
        millis[packets] = at;
        packets++;
    }

    private void ours(int place, int length) {
        int data = place + RtpDump.APP;
        int subtype = RtpDump.subtype(file, place, length);
        if (subtype == RtpDump.CLOCK && length >= RtpDump.APP + RtpDump.CLOCK_BYTES) {
            clocks.add(new ClockPoint(
                    RtpDump.instant(file.getLong(data)),
                    file.getLong(data + 8),
                    file.getLong(data + 16),
                    file.getInt(data + 24),
                    packets));
        } else if (subtype == RtpDump.LOST && length >= RtpDump.APP + RtpDump.LOST_BYTES) {
            lost += Math.max(0, file.getInt(data));
        } else if (subtype == RtpDump.END && length >= RtpDump.APP + RtpDump.END_BYTES) {
            end = Optional.of(
                    new End(RtpDump.instant(file.getLong(data)), file.getInt(data + 8), file.getInt(data + 12)));
        }
    }

    SpurtFacts facts() {
        return facts;
    }

    /** The whole file. */
    ByteBuffer file() {
        return file;
    }

    int packets() {
        return packets;
    }

    /** Where packet {@code n} begins in the file. */
    int place(int n) {
        return places[n];
    }

    int length(int n) {
        return lengths[n];
    }

    /** Milliseconds from the file's start to the arrival of packet {@code n}. */
    int millis(int n) {
        return millis[n];
    }

    List<ClockPoint> clocks() {
        return clocks;
    }

    /** Packets that the site could not keep up with. */
    int lost() {
        return lost;
    }

    /** Empty where the file was not ended. */
    Optional<End> end() {
        return end;
    }

    /** Bytes up to the last whole record. */
    int wholeBytes() {
        return whole;
    }

    /** When the first packet was heard. */
    Optional<Instant> audioAt() {
        return clocks.isEmpty()
                ? Optional.empty()
                : Optional.of(clocks.getFirst().arrival());
    }

    /** When packet {@code n} was heard, by the wall clock as it was then. */
    Instant heard(int n) {
        ClockPoint near = null;
        for (ClockPoint point : clocks) {
            if (point.packet() <= n) {
                near = point;
            }
        }
        if (near == null) {
            return facts.began().plusMillis(millis[n]);
        }
        return near.arrival().plusMillis(millis[n] - (long) millis[near.packet()]);
    }

    byte[] sha256() {
        MessageDigest digest = HashChain.sha256();
        digest.update(file.duplicate().position(0));
        return digest.digest();
    }
}
