package org.conurb.media;

import java.nio.ByteBuffer;

/** H.264 by RFC 6184: single NAL units, STAP-A and FU-A (packetization modes 0 and 1). */
final class H264Depacketizer extends VideoDepacketizer {
    private static final int IDR = 5;
    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    private final ParameterSets sps;
    private final ParameterSets pps;
    private TrackFormat.H264 format;

    H264Depacketizer(TrackFormat.H264 format) {
        this.format = format;
        sps = new ParameterSets(format.sps(), set -> identifier(set, 24));
        pps = new ParameterSets(format.pps(), set -> identifier(set, 0));
    }

    private static int identifier(ParameterSet set, int afterBits) {
        BitReader in = new BitReader(set, 1);
        in.skip(afterBits);
        return in.golomb(255);
    }

    @Override
    public TrackFormat format() {
        return format;
    }

    @Override
    void nals(ByteBuffer bytes, int from, int end) {
        int type = bytes.get(from) & 0x1F;
        if (type >= 1 && type < STAP_A) {
            whole(bytes, from, end - from);
        } else if (type == STAP_A) {
            aggregated(bytes, from + 1, end);
        } else if (type == FU_A && end - from >= 2) {
            fragment(bytes, from, end);
        } else {
            broken();
        }
    }

    /** §5.7.1: NAL units, each after two bytes of length. */
    private void aggregated(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at + 2 < end) {
            int length = (bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF);
            at += 2;
            if (length == 0 || length > end - at) {
                broken();
                return;
            }
            whole(bytes, at, length);
            at += length;
        }
    }

    /** §5.8. */
    private void fragment(ByteBuffer bytes, int from, int end) {
        int header = bytes.get(from + 1);
        if ((header & 0x80) != 0) {
            begin((bytes.get(from) & 0xE0) | (header & 0x1F));
        }
        more(bytes, from + 2, end);
        if ((header & 0x40) != 0) {
            end();
        }
    }

    @Override
    boolean beginsPicture(ByteBuffer bytes, int from, int end) {
        if (end - from < 3) {
            return false;
        }
        int type = bytes.get(from) & 0x1F;
        return switch (type) {
            case 6, SPS, PPS, 9, STAP_A -> true;
            case 1, 2, IDR -> bytes.get(from + 1) < 0; // first_mb_in_slice 0 is the bit 1
            case FU_A -> (bytes.get(from + 1) & 0x80) != 0 && bytes.get(from + 2) < 0;
            default -> false;
        };
    }

    @Override
    Use use(ByteBuffer bytes, int from, int length) {
        return switch (bytes.get(from) & 0x1F) {
            case IDR -> Use.KEY_SAMPLE;
            case SPS -> parameters(sps.take(bytes, from, length));
            case PPS -> parameters(pps.take(bytes, from, length));
            case 9, 10, 11, 12 -> Use.DROP;
            default -> Use.SAMPLE;
        };
    }

    private Use parameters(boolean changed) {
        if (changed) {
            format = new TrackFormat.H264(sps.list(), pps.list());
        }
        return changed ? Use.CHANGED_PARAMETERS : Use.PARAMETERS;
    }
}
