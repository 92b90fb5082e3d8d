package org.conurb.media;

/** What a peer says of our streams: how much it loses (RFC 3550 §6.4), that it lost packets, or cannot decode on (RFC 4585, RFC 5104). Confined to its worker. */
final class PeerFeedback {
    private static final int RESENDS_PER_TICK = 64;

    private final MediaSession session;
    private final MediaListener listener;
    private int resends = RESENDS_PER_TICK;

    PeerFeedback(MediaSession session, MediaListener listener) {
        this.session = session;
        this.listener = listener;
    }

    void tick() {
        resends = RESENDS_PER_TICK;
    }

    void read(byte[] packet, int at, int length) {
        if (CompoundReader.isKeyFrameRequest(packet, at)) {
            keyFrameWanted(packet, at, length);
        } else if (CompoundReader.isNack(packet, at)) {
            nack(packet, at, length);
        } else {
            reports(packet, at, length);
        }
    }

    private void reports(byte[] packet, int at, int length) {
        int first = CompoundReader.firstBlock(packet, at);
        int blocks = first == 0 ? 0 : Math.min(packet[at] & 0x1f, (length - first) / ReceiveStream.BLOCK);
        for (int i = 0; i < blocks; i++) {
            int block = at + first + i * ReceiveStream.BLOCK;
            for (MediaTrack track : session.tracks()) {
                if (track.out != null && track.out.ssrc == Bytes.i32(packet, block)) {
                    track.out.lost(Bytes.u8(packet, block + 4), session.worker.nanos());
                }
            }
        }
    }

    private void keyFrameWanted(byte[] packet, int at, int length) {
        int media = Bytes.i32(packet, at + 8);
        int first = length >= 20 ? Bytes.i32(packet, at + 12) : media; // FIR names it in its entry
        for (MediaTrack track : session.tracks()) {
            SendStream out = track.out;
            boolean meant = out != null && (out.ssrc == media || out.ssrc == first);
            if (meant && track.mayAskForKeyFrame(session.worker.nanos())) {
                listener.keyFrameWanted(track);
            }
        }
    }

    private void nack(byte[] packet, int at, int length) {
        int media = Bytes.i32(packet, at + 8);
        for (MediaTrack track : session.tracks()) {
            if (track.out != null && track.out.ssrc == media) {
                for (int entry = at + 12; entry + 4 <= at + length; entry += 4) {
                    resend(track.out, Bytes.u16(packet, entry), Bytes.u16(packet, entry + 2));
                }
            }
        }
    }

    /** @param following bits of the 16 sequence numbers after the first */
    private void resend(SendStream stream, int first, int following) {
        for (int i = 0; i <= 16; i++) {
            if (i == 0 || (following >>> i - 1 & 1) != 0) {
                int length = resends > 0 ? stream.resend(first + i & 0xffff, session.worker.out()) : 0;
                if (length > 0) {
                    resends--;
                    session.protect(stream, length);
                }
            }
        }
    }
}
