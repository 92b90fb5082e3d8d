package org.conurb.media;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps what it is given. */
final class Frames implements FrameSink {
    record Frame(long time, boolean key, boolean damaged, byte[] sample) {}

    final List<Frame> all = new ArrayList<>();
    final List<TrackFormat> formats = new ArrayList<>();
    int restarts;

    static Frames of(TrackFormat format, List<ByteBuffer> packets) {
        Frames frames = new Frames();
        Depacketizer depacketizer = Depacketizer.of(format);
        RtpPacket packet = new RtpPacket();
        for (ByteBuffer bytes : packets) {
            if (packet.wrap(bytes)) {
                depacketizer.packet(packet, frames);
            }
        }
        depacketizer.flush(frames);
        if (frames.formats.isEmpty()) {
            frames.formats.add(depacketizer.format());
        }
        return frames;
    }

    @Override
    public void frame(long rtpTime, boolean key, boolean damaged, ByteBuffer sample) {
        byte[] copy = new byte[sample.remaining()];
        sample.get(sample.position(), copy);
        all.add(new Frame(rtpTime, key, damaged, copy));
    }

    @Override
    public void formatChanged(TrackFormat format) {
        formats.add(format);
    }

    @Override
    public void restarted() {
        restarts++;
    }

    TrackFormat format() {
        return formats.getLast();
    }
}
