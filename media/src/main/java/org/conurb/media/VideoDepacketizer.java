package org.conurb.media;

import java.nio.ByteBuffer;

/**
 * What H.264 and H.265 have in common: NAL units, each after four bytes of length, until the marker or another
 * timestamp ends the access unit. Parameter sets are kept apart from the sample; delimiters and filler are dropped.
 */
abstract sealed class VideoDepacketizer extends Depacketizer permits H264Depacketizer, H265Depacketizer {
    private static final int NONE = -1;

    private final FrameBuffer frame = new FrameBuffer();
    private long time;
    private boolean open;
    private boolean key;
    private boolean damaged;
    private boolean changed;
    private int nal = NONE;

    /** What becomes of a NAL unit. */
    enum Use {
        SAMPLE,
        KEY_SAMPLE,
        PARAMETERS,
        CHANGED_PARAMETERS,
        DROP
    }

    /** Reads the payload of one packet by {@link #whole}, {@link #begin}, {@link #more} and {@link #end}; broken ones by {@link #broken}. */
    abstract void nals(ByteBuffer bytes, int from, int end);

    /** Whether a payload can be the first of an access unit, so that a loss before it has not touched this one. */
    abstract boolean beginsPicture(ByteBuffer bytes, int from, int end);

    /** Looks at a whole NAL unit of at least one byte, and keeps it if it is a parameter set. */
    abstract Use use(ByteBuffer bytes, int from, int length);

    @Override
    final void payload(RtpPacket packet, long rtpTime, boolean lost, FrameSink sink) {
        if (lost && open) {
            damaged = true;
            abandon();
        }
        if (open && rtpTime != time) {
            flush(sink);
        }
        ByteBuffer bytes = packet.buffer();
        int from = packet.payloadOffset();
        int end = packet.payloadEnd();
        if (!open) {
            open = true;
            time = rtpTime;
            damaged = lost && !beginsPicture(bytes, from, end);
        }
        if (end > from) {
            nals(bytes, from, end);
        }
        if (packet.marker()) {
            flush(sink);
        }
    }

    @Override
    public final void flush(FrameSink sink) {
        if (!open) {
            return;
        }
        if (nal != NONE) {
            broken();
        }
        if (changed) {
            changed = false;
            sink.formatChanged(format());
        }
        if (frame.length() > 0) {
            sink.frame(time, key, damaged, frame.whole());
        }
        reset();
    }

    @Override
    final void reset() {
        frame.cut(0);
        open = false;
        key = false;
        damaged = false;
        nal = NONE;
    }

    /** A NAL unit that a packet holds whole. */
    final void whole(ByteBuffer bytes, int from, int length) {
        abandon();
        if (length <= 0) {
            return;
        }
        Use use = use(bytes, from, length);
        note(use);
        if (use == Use.SAMPLE || use == Use.KEY_SAMPLE) {
            int start = frame.length();
            if (!frame.reserveInt() || !frame.put(bytes, from, length)) {
                frame.cut(start);
                broken();
                return;
            }
            frame.setInt(start, length);
        }
    }

    /** The first part of a fragmented NAL unit follows: its header. */
    final void begin(int header) {
        beginHeader();
        header(header);
    }

    final void begin(int first, int second) {
        beginHeader();
        header(first);
        header(second);
    }

    /** A part of a fragmented NAL unit; without its beginning it is worthless. */
    final void more(ByteBuffer bytes, int from, int end) {
        if (nal == NONE) {
            damaged = true;
        } else if (end > from && !frame.put(bytes, from, end - from)) {
            broken();
        }
    }

    /** The fragmented NAL unit is whole. */
    final void end() {
        if (nal == NONE) {
            return;
        }
        int start = nal;
        int length = frame.length() - start - 4;
        nal = NONE;
        Use use = use(frame.view(), start + 4, length);
        note(use);
        if (use == Use.SAMPLE || use == Use.KEY_SAMPLE) {
            frame.setInt(start, length);
        } else {
            frame.cut(start);
        }
    }

    /** What came makes no sense: the access unit is damaged. */
    final void broken() {
        damaged = true;
        abandon();
    }

    private void beginHeader() {
        if (nal != NONE) {
            broken();
        }
        nal = frame.length();
        if (!frame.reserveInt()) {
            nal = NONE;
            damaged = true;
        }
    }

    private void header(int value) {
        if (nal != NONE && !frame.put(value)) {
            broken();
        }
    }

    /** Drops the NAL unit whose end has not come. */
    private void abandon() {
        if (nal != NONE) {
            frame.cut(nal);
            nal = NONE;
            damaged = true;
        }
    }

    private void note(Use use) {
        key |= use == Use.KEY_SAMPLE;
        changed |= use == Use.CHANGED_PARAMETERS;
    }
}
