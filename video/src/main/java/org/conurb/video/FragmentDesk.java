package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.conurb.media.FragmentWriter;
import org.conurb.media.PacketRing;
import org.conurb.media.RtpPacket;

/**
 * Frames of one fragment as they come out of the packets, before they have a place on the wall's axis. Belongs to a writer
 * thread and serves one camera after the other.
 */
final class FragmentDesk {
    /** Frames of one fragment: more is not a stream of pictures. */
    static final int MOST_FRAMES = 4096;

    private static final int FIRST_BYTES = 1 << 20;

    final ByteBuffer packet = ByteBuffer.allocateDirect(PacketRing.MAX_PACKET_BYTES);
    final RtpPacket rtp = new RtpPacket();
    final FragmentWriter writer = new FragmentWriter();

    private ByteBuffer data = ByteBuffer.allocateDirect(FIRST_BYTES);
    private int count;
    private int[] track = new int[256];
    private int[] from = new int[256];
    private int[] length = new int[256];
    private int[] flags = new int[256];
    private long[] rtpTime = new long[256];
    private long[] arrival90k = new long[256];

    private static final int KEY = 1;
    private static final int DAMAGED = 2;

    void clear() {
        count = 0;
        data.clear();
        if (data.capacity() > 16 * FIRST_BYTES) {
            data = ByteBuffer.allocateDirect(FIRST_BYTES); // one camera's giant does not stay for ever
        }
    }

    /** @return false where the fragment is full */
    boolean add(int ofTrack, long rtp, long arrival, boolean key, boolean damaged, ByteBuffer sample, int mostBytes) {
        if (count == MOST_FRAMES || data.position() + sample.remaining() > mostBytes) {
            return false;
        }
        if (count == track.length) {
            grow();
        }
        if (data.remaining() < sample.remaining()) {
            int size = Math.max(data.capacity() * 2, data.position() + sample.remaining());
            data = ByteBuffer.allocateDirect(size).put(data.flip());
        }
        track[count] = ofTrack;
        from[count] = data.position();
        length[count] = sample.remaining();
        flags[count] = (key ? KEY : 0) | (damaged ? DAMAGED : 0);
        rtpTime[count] = rtp;
        arrival90k[count] = arrival;
        count++;
        data.put(sample);
        return true;
    }

    private void grow() {
        int size = count * 2;
        track = Arrays.copyOf(track, size);
        from = Arrays.copyOf(from, size);
        length = Arrays.copyOf(length, size);
        flags = Arrays.copyOf(flags, size);
        rtpTime = Arrays.copyOf(rtpTime, size);
        arrival90k = Arrays.copyOf(arrival90k, size);
    }

    int count() {
        return count;
    }

    int track(int frame) {
        return track[frame];
    }

    long rtpTime(int frame) {
        return rtpTime[frame];
    }

    long arrival90k(int frame) {
        return arrival90k[frame];
    }

    boolean key(int frame) {
        return (flags[frame] & KEY) != 0;
    }

    boolean damaged(int frame) {
        return (flags[frame] & DAMAGED) != 0;
    }

    /** The frame's bytes, valid until the next call. */
    ByteBuffer data(int frame) {
        return data.duplicate().limit(from[frame] + length[frame]).position(from[frame]);
    }
}
