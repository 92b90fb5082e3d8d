package org.conurb.media;

import java.nio.ByteBuffer;

/** H.265 by RFC 7798: single NAL units, aggregation packets and fragmentation units, with or without DONL. */
final class H265Depacketizer extends VideoDepacketizer {
    private static final int VPS = 32;
    private static final int SPS = 33;
    private static final int PPS = 34;
    private static final int AGGREGATION = 48;
    private static final int FRAGMENT = 49;

    private final ParameterSets vps;
    private final ParameterSets sps;
    private final ParameterSets pps;
    private final boolean donl;
    private TrackFormat.H265 format;

    H265Depacketizer(TrackFormat.H265 format) {
        this.format = format;
        this.donl = format.donl();
        vps = new ParameterSets(format.vps(), set -> set.length() > 2 ? set.at(2) >> 4 : 0);
        sps = new ParameterSets(format.sps(), H265Sps::identifier);
        pps = new ParameterSets(format.pps(), set -> new BitReader(set, 2).golomb(63));
    }

    @Override
    public TrackFormat format() {
        return format;
    }

    @Override
    void nals(ByteBuffer bytes, int from, int end) {
        if (end - from < 3) {
            broken();
            return;
        }
        int type = bytes.get(from) >> 1 & 0x3F;
        if (type < AGGREGATION) {
            if (donl) {
                withoutOrder(bytes, from, end);
            } else {
                whole(bytes, from, end - from);
            }
        } else if (type == AGGREGATION) {
            aggregated(bytes, from + 2, end);
        } else if (type == FRAGMENT) {
            fragment(bytes, from, end);
        } else {
            broken();
        }
    }

    /** §4.4.1: two bytes of DONL stand between header and payload; packets come in decoding order all the same. */
    private void withoutOrder(ByteBuffer bytes, int from, int end) {
        begin(bytes.get(from), bytes.get(from + 1));
        more(bytes, from + 4, end);
        end();
    }

    /** §4.4.2. */
    private void aggregated(ByteBuffer bytes, int from, int end) {
        int at = from;
        boolean first = true;
        while (at < end) {
            at += donl ? first ? 2 : 1 : 0;
            first = false;
            if (at + 2 > end) {
                broken();
                return;
            }
            int length = (bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF);
            at += 2;
            if (length < 2 || length > end - at) {
                broken();
                return;
            }
            whole(bytes, at, length);
            at += length;
        }
    }

    /** §4.4.3. */
    private void fragment(ByteBuffer bytes, int from, int end) {
        int header = bytes.get(from + 2);
        boolean start = (header & 0x80) != 0;
        if (start) {
            begin((bytes.get(from) & 0x81) | (header & 0x3F) << 1, bytes.get(from + 1));
        }
        more(bytes, from + 3 + (start && donl ? 2 : 0), end);
        if ((header & 0x40) != 0) {
            end();
        }
    }

    @Override
    boolean beginsPicture(ByteBuffer bytes, int from, int end) {
        if (end - from < 4) {
            return false;
        }
        int type = bytes.get(from) >> 1 & 0x3F;
        if (type < VPS) {
            return bytes.get(from + (donl ? 4 : 2)) < 0; // first_slice_segment_in_pic_flag
        }
        if (type == FRAGMENT) {
            int slice = from + 3 + (donl ? 2 : 0);
            return (bytes.get(from + 2) & 0x80) != 0 && slice < end && bytes.get(slice) < 0;
        }
        return type <= 39 || type == AGGREGATION;
    }

    @Override
    Use use(ByteBuffer bytes, int from, int length) {
        int type = bytes.get(from) >> 1 & 0x3F;
        return switch (type) {
            case 16, 17, 18, 19, 20, 21 -> Use.KEY_SAMPLE;
            case VPS -> parameters(vps.take(bytes, from, length));
            case SPS -> parameters(sps.take(bytes, from, length));
            case PPS -> parameters(pps.take(bytes, from, length));
            case 35, 36, 37, 38 -> Use.DROP;
            default -> Use.SAMPLE;
        };
    }

    private Use parameters(boolean changed) {
        if (changed) {
            format = new TrackFormat.H265(vps.list(), sps.list(), pps.list(), donl);
        }
        return changed ? Use.CHANGED_PARAMETERS : Use.PARAMETERS;
    }
}
