package org.conurb.talk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.conurb.kernel.HashChain;

/**
 * Writes the file of one talk ({@link RtpDump}) and hashes it on the way. Before the first packet, and then each second
 * that has packets, it says how wall clock, monotonic clock and RTP time lie. Owned by the recorder's thread.
 */
final class SpurtWriter implements AutoCloseable {
    /** What comes after that many bytes counts as lost: some four hours. */
    static final long MOST_BYTES = 64L << 20;

    private static final long CLOCK_EVERY_NANOS = 1_000_000_000L;
    private static final int BUFFER = 1 << 14;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final MessageDigest digest = HashChain.sha256();
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private Optional<Instant> first = Optional.empty();
    private long clockedAt;
    private long bytes;
    private int packets;
    private int lost;
    private int millis;
    private boolean dirty;

    private SpurtWriter(Path file, FileChannel channel, SpurtFacts facts, Clock clock, LongSupplier nanoTime) {
        this.file = file;
        this.channel = channel;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.startNanos = facts.monotonicNanos();
    }

    /** What a sealed file is. @param audioAt when its first packet was heard */
    record Sealed(Optional<Instant> audioAt, long bytes, byte[] sha256, int packets, int lost) {}

    /** Makes the file; its name is on disk when this returns. */
    static SpurtWriter open(TalkFolder folder, SpurtFacts facts, Clock clock, LongSupplier nanoTime)
            throws IOException {
        Path path = folder.file(facts.began(), facts.spurt());
        Path hour = folder.hour(facts.began());
        Files.createDirectories(hour);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        SpurtWriter writer = new SpurtWriter(path, channel, facts, clock, nanoTime);
        try {
            writer.head(facts);
            forceNames(hour);
            return writer;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    static void forceNames(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private void head(SpurtFacts facts) throws IOException {
        byte[] json = facts.toJson();
        int padded = (json.length + 3) / 4 * 4;
        if (padded > BUFFER - RtpDump.START - RtpDump.RECORD - RtpDump.APP) {
            throw new IOException("The facts of %s are %d bytes long".formatted(facts.spurt(), json.length));
        }
        RtpDump.start(buffer, facts.began());
        RtpDump.app(buffer, RtpDump.FACTS, 0, padded, 0);
        buffer.put(json);
        for (int i = json.length; i < padded; i++) {
            buffer.put((byte) ' ');
        }
        flush();
    }

    /** @param packet its first {@code length} bytes */
    void packet(byte[] packet, int length, long arrivalNanos) throws IOException {
        if (bytes + buffer.position() > MOST_BYTES) {
            lost(1);
            return;
        }
        room(2 * RtpDump.RECORD + RtpDump.APP + RtpDump.CLOCK_BYTES + length);
        millis = (int) Math.max(0, (arrivalNanos - startNanos) / 1_000_000);
        if (packets == 0 || arrivalNanos - clockedAt >= CLOCK_EVERY_NANOS) {
            clock(packet, arrivalNanos);
        }
        RtpDump.rtp(buffer, length, millis);
        buffer.put(packet, 0, length);
        packets++;
    }

    private void clock(byte[] packet, long arrivalNanos) {
        ByteBuffer rtp = ByteBuffer.wrap(packet);
        long nanos = nanoTime.getAsLong();
        Instant now = clock.instant();
        if (packets == 0) {
            first = Optional.of(now.plusNanos(arrivalNanos - nanos));
        }
        RtpDump.app(buffer, RtpDump.CLOCK, rtp.getInt(8), RtpDump.CLOCK_BYTES, millis);
        buffer.putLong(RtpDump.nanos(now)).putLong(nanos).putLong(arrivalNanos).putInt(rtp.getInt(4));
        clockedAt = arrivalNanos;
    }

    /** Says that packets are missing here. */
    void lost(int more) throws IOException {
        boolean full = bytes + buffer.position() > MOST_BYTES;
        if (!full) {
            room(RtpDump.RECORD + RtpDump.APP + RtpDump.LOST_BYTES);
            RtpDump.app(buffer, RtpDump.LOST, 0, RtpDump.LOST_BYTES, millis);
            buffer.putInt(more);
        }
        lost += more;
    }

    private void room(int wanted) throws IOException {
        if (buffer.remaining() < wanted) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        bytes += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
        dirty = true;
    }

    /** Brings what there is to the disk. */
    void sync() throws IOException {
        if (buffer.position() > 0) {
            flush();
        }
        if (dirty) {
            channel.force(false);
            dirty = false;
        }
    }

    Sealed end(Instant at) throws IOException {
        room(RtpDump.RECORD + RtpDump.APP + RtpDump.END_BYTES);
        RtpDump.app(buffer, RtpDump.END, 0, RtpDump.END_BYTES, millis);
        buffer.putLong(RtpDump.nanos(at)).putInt(packets).putInt(lost);
        sync();
        channel.close();
        return new Sealed(first, bytes, digest.digest(), packets, lost);
    }

    int lost() {
        return lost;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
