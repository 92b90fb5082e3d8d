package org.conurb.media;

import java.nio.ByteBuffer;

/** AAC by RFC 3640 §3.2: several access units in a packet, or one over several packets. */
final class AacDepacketizer extends Depacketizer {
    private static final int SAMPLES = 1_024;
    private static final int MAX_UNIT = 1 << 16;

    private final TrackFormat.Aac format;
    private final FrameBuffer unit = new FrameBuffer();
    private int wanted;
    private long time;

    AacDepacketizer(TrackFormat.Aac format) {
        this.format = format;
    }

    @Override
    public TrackFormat format() {
        return format;
    }

    @Override
    void payload(RtpPacket packet, long rtpTime, boolean lost, FrameSink sink) {
        ByteBuffer bytes = packet.buffer();
        int from = packet.payloadOffset();
        int end = packet.payloadEnd();
        if (lost) {
            reset();
        }
        if (end - from < 2) {
            return;
        }
        int headerBits = (bytes.get(from) & 0xFF) << 8 | (bytes.get(from + 1) & 0xFF);
        int data = from + 2 + (headerBits + 7 >> 3);
        int headerLength = format.sizeLength() + format.indexLength();
        int count = headerBits / headerLength;
        if (data > end || count == 0) {
            return;
        }
        int bit = (from + 2) * 8;
        int size = bits(bytes, bit, format.sizeLength());
        if (count == 1 && size > end - data) {
            part(bytes, data, end, size, rtpTime, sink);
            return;
        }
        reset();
        for (int i = 0; i < count; i++) {
            int length = bits(bytes, bit + i * headerLength, format.sizeLength());
            if (length > end - data) {
                return;
            }
            sink.frame(rtpTime + (long) i * SAMPLES, true, false, slice(packet, data, length));
            data += length;
        }
    }

    /** §3.2.3.1: each packet repeats the size of the whole unit. */
    private void part(ByteBuffer bytes, int from, int end, int size, long rtpTime, FrameSink sink) {
        if (wanted == 0 || time != rtpTime || wanted != size) {
            reset();
            wanted = size;
            time = rtpTime;
        }
        if (size > MAX_UNIT || !unit.put(bytes, from, end - from) || unit.length() > wanted) {
            reset();
        } else if (unit.length() == wanted) {
            sink.frame(time, true, false, unit.whole());
            reset();
        }
    }

    private static int bits(ByteBuffer bytes, int bit, int count) {
        int value = 0;
        for (int i = bit; i < bit + count; i++) {
            value = value << 1 | (bytes.get(i >> 3) >> (7 - (i & 7)) & 1);
        }
        return value;
    }

    @Override
    public void flush(FrameSink sink) {
        reset();
    }

    @Override
    void reset() {
        unit.cut(0);
        wanted = 0;
    }
}
