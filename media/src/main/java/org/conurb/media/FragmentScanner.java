package org.conurb.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the structure of a file that {@link FragmentWriter} wrote: what is whole, where each fragment stands and how long
 * it is. It reads boxes' heads and {@code moof}s, never samples: some kilobytes of a file. What is torn or strange ends
 * the scan there; it never throws for content.
 */
public final class FragmentScanner {
    /** A fragment's description cannot be larger: {@link FragmentWriter#MAX_SAMPLES} on each track. */
    private static final int MAX_MOOF = 512 << 10;

    private static final int MAX_MOOV = 64 << 10;
    private static final int MAX_FRAGMENTS = 100_000;
    private static final int FTYP = BoxWriter.type("ftyp");
    private static final int MOOV = BoxWriter.type("moov");
    private static final int MOOF = BoxWriter.type("moof");
    private static final int MDAT = BoxWriter.type("mdat");
    private static final int TRAF = BoxWriter.type("traf");
    private static final int TFHD = BoxWriter.type("tfhd");
    private static final int TFDT = BoxWriter.type("tfdt");
    private static final int TRUN = BoxWriter.type("trun");

    /**
     * One whole {@code moof} with its {@code mdat}.
     *
     * @param offset of the {@code moof} in the file, bytes
     * @param length of both, bytes
     * @param startsAt time of decoding of the first track's first sample, 90 kHz since 1970
     * @param ticks length of the first track in it, 90 kHz
     * @param key whether the first track begins with a key frame
     * @param samples of the first track
     */
    public record Fragment(long offset, long length, long startsAt, long ticks, boolean key, int samples) {}

    /**
     * What a file holds.
     *
     * @param initBytes length of {@code ftyp} and {@code moov}; 0 where they are not whole
     * @param fragments whole ones, in order
     * @param wholeBytes where the torn tail begins: the file's length when nothing is torn
     */
    public record Scan(int initBytes, List<Fragment> fragments, long wholeBytes) {
        public Scan {
            fragments = List.copyOf(fragments);
        }
    }

    private final SeekableByteChannel file;
    private final long size;
    private final ByteBuffer head = ByteBuffer.allocate(8);
    private ByteBuffer moof = ByteBuffer.allocate(4 << 10);
    private long startsAt;
    private long ticks;
    private boolean key;
    private int samples;

    private FragmentScanner(SeekableByteChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /**
     * Reads the whole file's structure.
     *
     * @throws IOException where reading fails; never for what is read
     */
    public static Scan scan(SeekableByteChannel file) throws IOException {
        return new FragmentScanner(file).scan();
    }

    private Scan scan() throws IOException {
        List<Fragment> fragments = new ArrayList<>();
        long ftyp = box(0, FTYP, 1 << 10);
        long moov = ftyp < 0 ? -1 : box(ftyp, MOOV, MAX_MOOV);
        if (moov < 0) {
            return new Scan(0, fragments, 0);
        }
        long init = ftyp + moov;
        long at = init;
        while (at < size && fragments.size() < MAX_FRAGMENTS) {
            long described = box(at, MOOF, MAX_MOOF);
            long data = described < 0 ? -1 : box(at + described, MDAT, Integer.MAX_VALUE);
            if (data < 0 || !read(at, (int) described) || !described()) {
                break;
            }
            fragments.add(new Fragment(at, described + data, startsAt, ticks, key, samples));
            at += described + data;
        }
        return new Scan((int) init, fragments, at);
    }

    /** @return the length of a box of this type that lies whole at this offset, else -1 */
    private long box(long at, int type, long most) throws IOException {
        if (at + 8 > size) {
            return -1;
        }
        head.clear();
        if (!fill(head, at) || head.getInt(4) != type) {
            return -1;
        }
        long length = head.getInt(0) & 0xFFFF_FFFFL;
        return length >= 8 && length <= most && at + length <= size ? length : -1;
    }

    private boolean read(long at, int length) throws IOException {
        if (moof.capacity() < length) {
            moof = ByteBuffer.allocate(length);
        }
        moof.clear().limit(length);
        return fill(moof, at);
    }

    private boolean fill(ByteBuffer into, long at) throws IOException {
        file.position(at);
        while (into.hasRemaining()) {
            if (file.read(into) < 0) {
                return false;
            }
        }
        into.flip();
        return true;
    }

    /** Reads the first {@code traf} in {@link #moof}. */
    private boolean described() {
        int traf = child(8, moof.limit(), TRAF);
        if (traf < 0) {
            return false;
        }
        int end = traf + moof.getInt(traf);
        int tfhd = child(traf + 8, end, TFHD);
        int tfdt = child(traf + 8, end, TFDT);
        int trun = child(traf + 8, end, TRUN);
        if (tfhd < 0 || tfdt < 0 || trun < 0 || moof.getInt(tfhd) < 16 || moof.getInt(tfdt) < 20) {
            return false;
        }
        startsAt = moof.getLong(tfdt + 12);
        return moof.get(tfdt + 8) == 1 && startsAt >= 0 && run(trun, sampleFlags(tfhd));
    }

    /** Default sample flags of a {@code tfhd}; 0 where absent. */
    private int sampleFlags(int tfhd) {
        int flags = moof.getInt(tfhd + 8);
        int at = tfhd + 16 + ((flags & 1) != 0 ? 8 : 0) + 4 * Integer.bitCount(flags & 0x1A);
        return (flags & 0x20) != 0 && at + 4 <= tfhd + moof.getInt(tfhd) ? moof.getInt(at) : 0;
    }

    private boolean run(int trun, int defaultFlags) {
        int length = moof.getInt(trun);
        if (length < 16) {
            return false;
        }
        int flags = moof.getInt(trun + 8);
        long count = moof.getInt(trun + 12) & 0xFFFF_FFFFL;
        int each = 4 * Integer.bitCount(flags & 0xF00);
        int first = trun + 16 + 4 * Integer.bitCount(flags & 0x5);
        if ((flags & 0x100) == 0 || count == 0 || count * each != trun + length - first) {
            return false;
        }
        ticks = 0;
        for (int i = 0; i < count; i++) {
            ticks += moof.getInt(first + i * each) & 0xFFFF_FFFFL;
        }
        int skip = 4 * Integer.bitCount(flags & 0x300);
        int sampleFlags = (flags & 0x400) != 0
                ? moof.getInt(first + skip)
                : (flags & 4) != 0 ? moof.getInt(first - 4) : defaultFlags;
        key = (sampleFlags & 0x0001_0000) == 0;
        samples = (int) count;
        return true;
    }

    /** @return where the first box of this type begins between two offsets of {@link #moof}, whole; else -1 */
    private int child(int from, int end, int type) {
        int at = from;
        while (at + 8 <= end) {
            int length = moof.getInt(at);
            if (length < 8 || length > end - at) {
                return -1;
            }
            if (moof.getInt(at + 4) == type) {
                return at;
            }
            at += length;
        }
        return -1;
    }
}
