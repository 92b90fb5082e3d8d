package org.conurb.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;

/**
 * AES-128 in counter mode with HMAC-SHA1-80 (RFC 3711 §4.1.1, §4.2.1). The key stream comes from one call of ECB over
 * a row of counters: the JDK's CTR wants a new parameter object per packet, this allocates nothing.
 */
final class SrtpCounterMode implements SrtpTransform {
    private static final int TAG = 10;
    private static final int RTCP_HEADER = 8;
    private static final VarHandle NATIVE_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final SrtpScratch scratch;
    private final Direction rtp;
    private final Direction rtcp;

    SrtpCounterMode(SrtpKeys keys, SrtpScratch scratch) {
        this.scratch = scratch;
        this.rtp = new Direction(keys, false, scratch);
        this.rtcp = new Direction(keys, true, scratch);
    }

    /** Keys of RTP, or of RTCP. The salt stands ready as the two halves of a counter block. */
    private static final class Direction {
        final Cipher aes;
        final HmacSha1 mac;
        final long saltHigh;
        final long saltLow;

        Direction(SrtpKeys keys, boolean rtcp, SrtpScratch scratch) {
            aes = SrtpKeys.ecb(keys.encryptionKey(rtcp));
            mac = new HmacSha1(keys.authenticationKey(rtcp), scratch.sha1);
            byte[] salt = java.util.Arrays.copyOf(keys.salt(rtcp), 16);
            saltHigh = Bytes.i64(salt, 0);
            saltLow = Bytes.i64(salt, 8);
        }
    }

    @Override
    public int protectRtp(byte[] packet, int length, int header, long index) {
        crypt(rtp, packet, header, length, Bytes.i32(packet, 8), index);
        rtp.mac.start();
        rtp.mac.update(packet, 0, length);
        rtp.mac.updateInt((int) (index >>> 16));
        System.arraycopy(rtp.mac.finish(), 0, packet, length, TAG);
        return length + TAG;
    }

    @Override
    public int openRtp(byte[] packet, int length, int header, long index) {
        int plain = length - TAG;
        if (plain < header) {
            return FORGED;
        }
        rtp.mac.start();
        rtp.mac.update(packet, 0, plain);
        rtp.mac.updateInt((int) (index >>> 16));
        if (!rtp.mac.finishesWith(packet, plain, TAG)) {
            return FORGED;
        }
        crypt(rtp, packet, header, plain, Bytes.i32(packet, 8), index);
        return plain;
    }

    @Override
    public int protectRtcp(byte[] packet, int length, int index) {
        crypt(rtcp, packet, RTCP_HEADER, length, Bytes.i32(packet, 4), index);
        Bytes.put32(packet, length, index | ENCRYPTED);
        rtcp.mac.start();
        rtcp.mac.update(packet, 0, length + 4);
        System.arraycopy(rtcp.mac.finish(), 0, packet, length + 4, TAG);
        return length + 4 + TAG;
    }

    @Override
    public int openRtcp(byte[] packet, int length) {
        int signed = length - TAG;
        int plain = signed - 4;
        if (plain < RTCP_HEADER) {
            return FORGED;
        }
        rtcp.mac.start();
        rtcp.mac.update(packet, 0, signed);
        if (!rtcp.mac.finishesWith(packet, signed, TAG)) {
            return FORGED;
        }
        int word = Bytes.i32(packet, plain);
        if ((word & ENCRYPTED) != 0) {
            crypt(rtcp, packet, RTCP_HEADER, plain, Bytes.i32(packet, 4), word & ~ENCRYPTED);
        }
        return plain;
    }

    @Override
    public int rtcpIndex(byte[] packet, int length) {
        int at = length - TAG - 4;
        return at < RTCP_HEADER ? -1 : Bytes.i32(packet, at) & ~ENCRYPTED;
    }

    private void crypt(Direction keys, byte[] packet, int from, int to, int ssrc, long index) {
        int blocks = to - from + 15 >>> 4;
        long high = keys.saltHigh ^ ssrc & 0xffff_ffffL;
        long low = keys.saltLow ^ index << 16;
        byte[] counters = scratch.counters;
        for (int block = 0; block < blocks; block++) {
            Bytes.put64(counters, block << 4, high);
            Bytes.put64(counters, (block << 4) + 8, low + block);
        }
        try {
            keys.aes.update(counters, 0, blocks << 4, scratch.keyStream, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("packets fit " + SrtpScratch.MAX_PACKET, e);
        }
        mix(packet, from, to);
    }

    private void mix(byte[] packet, int from, int to) {
        byte[] stream = scratch.keyStream;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            NATIVE_LONG.set(packet, at, (long) NATIVE_LONG.get(packet, at) ^ (long) NATIVE_LONG.get(stream, at - from));
        }
        for (; at < to; at++) {
            packet[at] ^= stream[at - from];
        }
    }
}
