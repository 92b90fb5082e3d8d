package org.conurb.demo;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Headers of one RTP stream (RFC 3550 §5.1) and its sender reports (§6.4.1). */
final class RtpSender {
    private static final int TYPE = 96;
    private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

    private final int channel;
    private final @Nullable SocketAddress rtp;
    private final @Nullable SocketAddress rtcp;
    private final int ssrc;
    private int sequence;
    private int timestamp;
    private int packets;
    private int octets;

    /** @param rtp where datagrams go, and {@code rtcp} reports; null over TCP, on {@code channel} and the next */
    RtpSender(RandomGenerator random, int channel, @Nullable SocketAddress rtp, @Nullable SocketAddress rtcp) {
        this.channel = channel;
        this.rtp = rtp;
        this.rtcp = rtcp;
        this.ssrc = random.nextInt();
        this.sequence = random.nextInt(0x8000);
        this.timestamp = random.nextInt();
    }

    int ssrc() {
        return ssrc;
    }

    int sequence() {
        return sequence & 0xffff;
    }

    int timestamp() {
        return timestamp;
    }

    boolean overTcp() {
        return rtp == null;
    }

    /** Puts a whole picture as interleaved frames (RFC 2326 §10.12); a dropped one only counts its time and numbers. */
    void interleave(ByteBuffer out, List<byte[]> payloads, boolean drop) {
        for (int i = 0; i < payloads.size(); i++) {
            byte[] payload = payloads.get(i);
            if (drop) {
                sequence++;
                continue;
            }
            out.put((byte) '$').put((byte) channel).putShort((short) (12 + payload.length));
            packet(out, payload, i == payloads.size() - 1);
        }
        timestamp += Clip.TICKS_A_PICTURE;
    }

    void datagrams(RtspServer server, ByteBuffer scratch, List<byte[]> payloads, @Nullable Instant report)
            throws IOException {
        if (report != null) {
            report(scratch.clear(), report);
            server.rtcp().send(scratch.flip().position(4), rtcp);
        }
        for (int i = 0; i < payloads.size(); i++) {
            packet(scratch.clear(), payloads.get(i), i == payloads.size() - 1);
            server.rtp().send(scratch.flip(), rtp);
        }
        timestamp += Clip.TICKS_A_PICTURE;
    }

    private void packet(ByteBuffer out, byte[] payload, boolean last) {
        out.put((byte) 0x80).put((byte) (TYPE | (last ? 0x80 : 0)));
        out.putShort((short) sequence++).putInt(timestamp).putInt(ssrc).put(payload);
        packets++;
        octets += payload.length;
    }

    /** A sender report as an interleaved frame; over UDP its first four bytes are left out. */
    void report(ByteBuffer out, Instant now) {
        out.put((byte) '$').put((byte) (channel + 1)).putShort((short) 28);
        out.put((byte) 0x80).put((byte) 200).putShort((short) 6).putInt(ssrc);
        out.putInt((int) (now.getEpochSecond() + SECONDS_1900_TO_1970));
        out.putInt((int) (((long) now.getNano() << 32) / 1_000_000_000L));
        out.putInt(timestamp).putInt(packets).putInt(octets);
    }
}
