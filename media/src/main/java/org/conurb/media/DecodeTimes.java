package org.conurb.media;

import java.util.Arrays;

/**
 * Gives each frame, in order of arrival, its time of decoding. RTP carries only times of presentation, and B frames
 * arrive after the frames they are shown before (RFC 6184 §5.1).
 *
 * <p>Idea: where at most {@code d} frames may be decoded before and shown after any other, the n-th time of decoding is
 * the (n-d)-th smallest time of presentation: it is known when frame n is there, never later than its presentation,
 * and always grows. Costs: one insertion into at most 17 numbers a frame, no allocation. Where the stream does not tell
 * d, none is assumed, and each frame that comes before its predecessors makes it grow.
 */
public final class DecodeTimes {
    private static final int MAX_DEPTH = 16;

    private final long[] waiting = new long[MAX_DEPTH + 1];
    private final long frameTicks;
    private final boolean told;
    private int depth;
    private int count;
    private long last = Long.MIN_VALUE;

    /**
     * @param depth 0..16, or -1 where unknown
     * @param frameTicks length of a frame in the unit of the times; 0 where unknown
     */
    DecodeTimes(int depth, long frameTicks) {
        this.told = depth >= 0;
        this.depth = Math.clamp(depth, 0, MAX_DEPTH);
        this.frameTicks = frameTicks > 0 ? frameTicks : 3_600;
    }

    /** For a track as its parameter sets describe it; times in 90 kHz. */
    public static DecodeTimes of(TrackFormat format) {
        return switch (format) {
            case TrackFormat.H264 h264
            when !h264.sps().isEmpty() ->
                H264Sps.parse(h264.sps().getFirst())
                        .map(sps -> new DecodeTimes(sps.reorderDepth(), sps.frameTicks()))
                        .orElseGet(() -> new DecodeTimes(-1, 0));
            case TrackFormat.H265 h265
            when !h265.sps().isEmpty() && !h265.vps().isEmpty() ->
                new DecodeTimes(
                        H265Sps.parse(h265.sps().getFirst())
                                .map(H265Sps::reorderDepth)
                                .orElse(-1),
                        H265Vps.parse(h265.vps().getFirst())
                                .map(H265Vps::frameTicks)
                                .orElse(0L));
            case TrackFormat.H264 _, TrackFormat.H265 _ -> new DecodeTimes(-1, 0);
            case TrackFormat.Aac _, TrackFormat.Opus _, TrackFormat.G711 _ -> new DecodeTimes(0, 0);
        };
    }

    /**
     * The time of decoding of the next frame to arrive.
     *
     * @return more than the one before; not more than {@code presentedAt}, unless the stream breaks its own word
     */
    public long next(long presentedAt) {
        if (!told && presentedAt <= last && depth < MAX_DEPTH) {
            depth++;
        }
        insert(presentedAt);
        long dts;
        if (count <= depth) {
            dts = waiting[0] - (depth - count + 1) * frameTicks;
        } else {
            dts = waiting[0];
            System.arraycopy(waiting, 1, waiting, 0, --count);
        }
        last = last == Long.MIN_VALUE ? dts : Math.max(dts, last + 1);
        return last;
    }

    /** How far decoding runs ahead of presentation, in frames. */
    public int depth() {
        return depth;
    }

    /** Forgets the times, keeps the depth: after a restart of the stream. */
    public void restart() {
        count = 0;
        last = Long.MIN_VALUE;
    }

    private void insert(long value) {
        int at = Arrays.binarySearch(waiting, 0, count, value);
        int place = at < 0 ? -at - 1 : at;
        System.arraycopy(waiting, place, waiting, place + 1, count - place);
        waiting[place] = value;
        count++;
    }
}
