package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Writes fragmented MP4 (ISO/IEC 14496-12 §8.8, CMAF): once an {@link #initSegment}, then per fragment one {@code moof}
 * and {@code mdat}. All tracks count time in 90 kHz; {@code tfdt} is the wall clock, 90 kHz ticks since 1970, 64 bits,
 * so that any two files line up. One instance per writer thread, for all its files; buffers are kept and reused.
 *
 * <p>Parameter sets stand in the file's head ({@code avc1}, {@code hvc1}), not in the samples: what iPhones and MSE play
 * alike; where they change, a new file begins. G.711 is written as FLAC (see {@link TrackFormat.G711}).
 */
public final class FragmentWriter {
    public static final int TICKS_PER_SECOND = 90_000;
    public static final int MAX_TRACKS = 4;
    /** Bytes of samples in one fragment; {@link #sample} refuses more. */
    public static final int MAX_FRAGMENT_BYTES = 16 << 20;
    /** Samples of one track in one fragment. */
    public static final int MAX_SAMPLES = 4_096;

    private static final int KEY = 0x0200_0000;
    private static final int NOT_KEY = 0x0101_0000;

    private final Track[] tracks = new Track[MAX_TRACKS];
    private final BoxWriter out = new BoxWriter(16 << 10);
    /** What is handed out: direct, so that writing it to a file copies it no second time. */
    private ByteBuffer whole = ByteBuffer.allocateDirect(64 << 10);

    private List<TrackFormat> formats = List.of();
    private int sequence;
    private int bytes;

    /**
     * {@code ftyp} and {@code moov}.
     *
     * @param formats of tracks 0, 1, …: 1 to {@value #MAX_TRACKS}, each {@link TrackFormat#complete}
     * @throws IllegalArgumentException where one is not complete
     */
    public static byte[] initSegment(List<TrackFormat> formats) {
        return InitSegment.of(formats);
    }

    /**
     * Begins a fragment; what was begun and not finished is forgotten.
     *
     * @param formats as in the file's head
     * @param sequenceNumber grows from fragment to fragment of a file
     */
    public void begin(List<TrackFormat> formats, int sequenceNumber) {
        if (formats.size() > MAX_TRACKS) {
            throw new IllegalArgumentException("A fragment of %d tracks.".formatted(formats.size()));
        }
        this.formats = formats;
        sequence = sequenceNumber;
        bytes = 0;
        for (int i = 0; i < formats.size(); i++) {
            if (tracks[i] == null) {
                tracks[i] = new Track();
            }
            tracks[i].clear();
        }
    }

    /**
     * Adds one sample, in order of decoding.
     *
     * @param track index into the formats
     * @param dts of decoding, 90 kHz since 1970; where not more than the one before, it is put one tick after it
     * @param pts of presentation, likewise
     * @param data as {@link FrameSink#frame} gives it, position to limit; neither moves
     * @return false, and nothing added, when the fragment is full: finish it
     */
    public boolean sample(int track, long dts, long pts, boolean key, ByteBuffer data) {
        Track into = tracks[track];
        if (bytes + data.remaining() > MAX_FRAGMENT_BYTES || into.count == MAX_SAMPLES) {
            return false;
        }
        int before = into.data.length();
        if (formats.get(track) instanceof TrackFormat.G711 g711) {
            into.flac().append(g711.law(), data, dts * 8 / 90, into.data);
        } else {
            into.data.put(data);
        }
        int size = into.data.length() - before;
        into.add(dts, pts, key, size);
        bytes += size;
        return true;
    }

    /** Samples added since {@link #begin}. */
    public int samples() {
        int n = 0;
        for (int i = 0; i < formats.size(); i++) {
            n += tracks[i].count;
        }
        return n;
    }

    /**
     * Ends the fragment.
     *
     * @param end when the last sample of track 0 ends: the next fragment's first dts, 90 kHz since 1970; where it is not
     *     after that sample, and in other tracks, the last sample lasts as long as the one before it
     * @return {@code moof} and {@code mdat}, from position to limit; valid until the next {@link #begin}
     */
    public ByteBuffer finish(long end) {
        out.clear();
        int moof = out.open(BoxWriter.type("moof"));
        int mfhd = out.open(BoxWriter.type("mfhd"), 0, 0);
        out.u32(sequence);
        out.close(mfhd);
        for (int i = 0; i < formats.size(); i++) {
            if (tracks[i].count > 0) {
                fragment(i, i == 0 ? end : Long.MIN_VALUE);
            }
        }
        out.close(moof);
        int data = out.length() + 8;
        out.u32(8 + bytes).u32(BoxWriter.type("mdat"));
        for (int i = 0; i < formats.size(); i++) {
            if (tracks[i].count > 0) {
                out.set32(tracks[i].offsetAt, data);
                data += tracks[i].data.length();
            }
        }
        return joined(data);
    }

    private ByteBuffer joined(int length) {
        if (whole.capacity() < length) {
            whole = ByteBuffer.allocateDirect(length + (length >> 1));
        }
        whole.clear().put(out.whole());
        for (int i = 0; i < formats.size(); i++) {
            if (tracks[i].count > 0) {
                whole.put(tracks[i].data.whole());
            }
        }
        return whole.flip().duplicate();
    }

    private void fragment(int index, long end) {
        Track track = tracks[index];
        boolean video = formats.get(index).video();
        int traf = out.open(BoxWriter.type("traf"));
        int tfhd = out.open(BoxWriter.type("tfhd"), 0, 0x2_0020); // default-base-is-moof, default flags
        out.u32(index + 1).u32(video ? NOT_KEY : KEY);
        out.close(tfhd);
        int tfdt = out.open(BoxWriter.type("tfdt"), 1, 0);
        out.u64(track.dts[0]);
        out.close(tfdt);
        int trun = out.open(BoxWriter.type("trun"), 1, video ? 0xF01 : 0x301);
        out.u32(track.count);
        track.offsetAt = out.length();
        out.u32(0);
        for (int i = 0; i < track.count; i++) {
            out.u32(track.duration(i, end)).u32(track.sizes[i]);
            if (video) {
                out.u32(track.keys[i] ? KEY : NOT_KEY).u32((int) (track.pts[i] - track.dts[i]));
            }
        }
        out.close(trun);
        out.close(traf);
    }

    /** The samples of one track in the fragment being made. */
    private static final class Track {
        private final BoxWriter data = new BoxWriter(16 << 10);
        private final @org.jspecify.annotations.Nullable FlacFrames[] flac = new FlacFrames[1];
        private long[] dts = new long[64];
        private long[] pts = new long[64];
        private int[] sizes = new int[64];
        private boolean[] keys = new boolean[64];
        private int count;
        private int offsetAt;

        private void clear() {
            data.clear();
            count = 0;
        }

        private FlacFrames flac() {
            FlacFrames known = flac[0];
            if (known == null) {
                known = new FlacFrames();
                flac[0] = known;
            }
            return known;
        }

        private void add(long decodedAt, long presentedAt, boolean key, int size) {
            if (count == dts.length) {
                dts = Arrays.copyOf(dts, 2 * count);
                pts = Arrays.copyOf(pts, 2 * count);
                sizes = Arrays.copyOf(sizes, 2 * count);
                keys = Arrays.copyOf(keys, 2 * count);
            }
            dts[count] = count == 0 ? decodedAt : Math.max(decodedAt, dts[count - 1] + 1);
            pts[count] = presentedAt;
            sizes[count] = size;
            keys[count++] = key;
        }

        private int duration(int i, long end) {
            long until = i + 1 < count ? dts[i + 1] : end;
            if (until > dts[i]) {
                return (int) Math.min(until - dts[i], Integer.MAX_VALUE);
            }
            return i > 0 ? duration(i - 1, end) : TICKS_PER_SECOND / 25;
        }
    }
}
