package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.List;
import org.conurb.media.DecodeTimes;
import org.conurb.media.FragmentWriter;
import org.conurb.media.TrackFormat;

/**
 * Makes the bytes of files that go on one from another: their head, and fragment after fragment. The buffers belong to the
 * desk.
 */
final class FragmentBuilder {
    private static final long USUAL_FRAME = 3600;

    private final List<TrackFormat> formats;
    private final DecodeTimes[] decoding;
    private int sequence;

    /**
     * @param start90k when its first picture is decoded: {@code tfdt}
     * @param shownUntil90k when its last picture to be shown is over; pictures are decoded before they are shown
     * @param bytes valid until the next fragment of any file of this thread
     */
    record Built(ByteBuffer bytes, long start90k, long duration90k, long shownUntil90k, boolean damaged) {}

    /** @param formats each complete */
    FragmentBuilder(List<TrackFormat> formats) {
        this.formats = List.copyOf(formats);
        this.decoding = formats.stream().map(DecodeTimes::of).toArray(DecodeTimes[]::new);
    }

    boolean makes(List<TrackFormat> wanted) {
        return formats.equals(wanted);
    }

    ByteBuffer init() {
        return ByteBuffer.wrap(FragmentWriter.initSegment(formats));
    }

    /** Frames {@code from} to {@code to}, placed by {@code times}; sound before the first picture is left out. */
    Built fragment(FragmentDesk frames, int first, int to, FragmentTimes times) {
        FragmentWriter writer = frames.writer;
        writer.begin(formats, ++sequence);
        long start = Long.MIN_VALUE;
        long last = Long.MIN_VALUE;
        long length = USUAL_FRAME;
        long shownLast = Long.MIN_VALUE;
        boolean damaged = false;
        for (int i = first; i < to; i++) {
            long shown = times.wall90k(i);
            if (shown == FragmentTimes.NOWHERE) {
                continue;
            }
            int track = frames.track(i);
            boolean video = formats.get(track).video();
            long decoded = video ? decoding[track].next(shown) : shown;
            damaged |= frames.damaged(i) && video;
            if (!writer.sample(track, decoded, shown, frames.key(i), frames.data(i))) {
                damaged = true;
                break;
            }
            if (video) {
                length = last == Long.MIN_VALUE ? length : decoded - last;
                last = decoded;
                shownLast = Math.max(shownLast, shown);
                start = start == Long.MIN_VALUE ? decoded : start;
            }
        }
        return new Built(writer.finish(Long.MIN_VALUE), start, last - start + length, shownLast + length, damaged);
    }
}
