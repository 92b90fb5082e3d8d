package org.conurb.media;

import java.nio.ByteBuffer;

/**
 * Finds the packet where a key frame begins, looking at no more than the header and the first NAL unit types, so that a
 * network loop can flag it ({@link PacketRing#KEY_START}). Parameter sets count: what precedes the picture belongs to
 * it. One instance per video track; one thread.
 */
public final class KeyStarts {
    private final TrackFormat format;
    private long last = -1;

    private KeyStarts(TrackFormat format) {
        this.format = format;
    }

    /** For a video track; audio has key frames only, and this never finds one. */
    public static KeyStarts of(TrackFormat format) {
        return new KeyStarts(format);
    }

    /** Whether a key frame begins here; once per timestamp. */
    public boolean begins(RtpPacket packet) {
        int from = packet.payloadOffset();
        int end = packet.payloadEnd();
        if (end - from < 3 || packet.timestamp() == last || !key(packet.buffer(), from, end)) {
            return false;
        }
        last = packet.timestamp();
        return true;
    }

    private boolean key(ByteBuffer bytes, int from, int end) {
        return switch (format) {
            case TrackFormat.H264 _ -> key264(bytes, from, end);
            case TrackFormat.H265 _ -> key265(bytes, from, end);
            case TrackFormat.Aac _, TrackFormat.Opus _, TrackFormat.G711 _ -> false;
        };
    }

    private static boolean key264(ByteBuffer bytes, int from, int end) {
        int type = bytes.get(from) & 0x1F;
        return switch (type) {
            case 24 -> aggregated264(bytes, from + 1, end);
            case 28 -> bytes.get(from + 1) < 0 && key264Type(bytes.get(from + 1) & 0x1F);
            default -> key264Type(type);
        };
    }

    /** The first few units of an aggregate: a delimiter or SEI may stand before the parameter sets. */
    private static boolean aggregated264(ByteBuffer bytes, int from, int end) {
        int at = from;
        for (int i = 0; i < 4 && at + 2 < end; i++) {
            if (key264Type(bytes.get(at + 2) & 0x1F)) {
                return true;
            }
            at += 2 + ((bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF));
        }
        return false;
    }

    private static boolean key264Type(int type) {
        return type == 5 || type == 7;
    }

    private static boolean key265(ByteBuffer bytes, int from, int end) {
        int type = bytes.get(from) >> 1 & 0x3F;
        return switch (type) {
            case 48 -> aggregated265(bytes, from + 2, end);
            case 49 -> bytes.get(from + 2) < 0 && key265Type(bytes.get(from + 2) & 0x3F);
            default -> key265Type(type);
        };
    }

    private static boolean aggregated265(ByteBuffer bytes, int from, int end) {
        int at = from;
        for (int i = 0; i < 4 && at + 2 < end; i++) {
            if (key265Type(bytes.get(at + 2) >> 1 & 0x3F)) {
                return true;
            }
            at += 2 + ((bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF));
        }
        return false;
    }

    private static boolean key265Type(int type) {
        return (type >= 16 && type <= 21) || type == 32 || type == 33;
    }
}
