package org.conurb.video;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A phone as its session's worker hands it on: frames of a clip, cut into RTP packets, from the caller's thread. */
final class FakePhone {
    private static final int MTU = 1200;
    private static final long FRAME_NANOS = 40_000_000L;

    final CameraLines.Published to;
    long nanos;
    int sent;
    private final int ssrc;
    private int sequence;

    FakePhone(CameraLines.Published to, int ssrc, long nanos) {
        this.to = to;
        this.ssrc = ssrc;
        this.nanos = nanos;
    }

    /** So many frames at 25 a second, in no time. */
    void send(int frames) {
        List<List<byte[]>> clip = Studio.clip();
        for (int i = 0; i < frames; i++) {
            packets(clip.get(sent % clip.size())).forEach(packet -> to.datagram(0, nanos, packet));
            sent++;
            nanos += FRAME_NANOS;
            to.tick(nanos);
        }
    }

    /** Nothing comes for that long. */
    void rest(long seconds) {
        nanos += seconds * 1_000_000_000L;
        to.tick(nanos);
    }

    private List<ByteBuffer> packets(List<byte[]> nals) {
        List<ByteBuffer> packets = new ArrayList<>();
        for (int i = 0; i < nals.size(); i++) {
            byte[] nal = nals.get(i);
            boolean last = i == nals.size() - 1;
            if (nal.length <= MTU) {
                packets.add(packet(nal, last));
                continue;
            }
            for (int at = 1; at < nal.length; at += MTU) {
                int length = Math.min(MTU, nal.length - at);
                boolean end = at + length == nal.length;
                byte[] part = new byte[length + 2];
                part[0] = (byte) (nal[0] & 0xE0 | 28);
                part[1] = (byte) ((at == 1 ? 0x80 : 0) | (end ? 0x40 : 0) | nal[0] & 0x1F);
                System.arraycopy(nal, at, part, 2, length);
                packets.add(packet(part, last && end));
            }
        }
        return packets;
    }

    private ByteBuffer packet(byte[] payload, boolean marker) {
        ByteBuffer rtp = ByteBuffer.allocate(12 + payload.length);
        rtp.put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | 102)).putShort((short) sequence++);
        return rtp.putInt(sent * 3600).putInt(ssrc).put(payload).flip();
    }
}
