package org.conurb.media;

import java.nio.ByteBuffer;

/**
 * Writes G.711 as FLAC (RFC 9639) without loss: browsers play FLAC in MP4, and play no G.711 there. Each packet becomes
 * one frame of 8 kHz, 16 bits, one channel: fixed prediction of order 1 with one Rice partition, or verbatim where that
 * is smaller. Reused; no allocation per frame.
 */
final class FlacFrames {
    /** Longest packet taken: half a second. */
    static final int MAX_SAMPLES = 4_096;

    private final int[] samples = new int[MAX_SAMPLES];
    private final int[] residuals = new int[MAX_SAMPLES];
    private BoxWriter out = new BoxWriter(0);
    private int start;
    private long pending;
    private int pendingBits;

    /**
     * Appends one frame.
     *
     * @param number of the first sample; its low 31 bits are kept: ffmpeg refuses the 36 that §9.1.5 allows
     * @return samples written; less than were given only beyond {@link #MAX_SAMPLES}
     */
    int append(TrackFormat.G711.Law law, ByteBuffer g711, long number, BoxWriter into) {
        int count = Math.min(g711.remaining(), MAX_SAMPLES);
        int from = g711.position();
        for (int i = 0; i < count; i++) {
            int code = g711.get(from + i);
            samples[i] = law == TrackFormat.G711.Law.MU ? fromMu(code) : fromA(code);
        }
        out = into;
        start = into.length();
        pending = 0;
        pendingBits = 0;
        header(count, number & 0x7FFF_FFFFL);
        subframe(count);
        align();
        into.u16(crc16(start, into.length()));
        return count;
    }

    /** ITU-T G.711 table 2a, 14 bits widened to 16. */
    static int fromMu(int code) {
        int u = ~code & 0xFF;
        int magnitude = ((u & 0x0F) << 3) + 0x84 << ((u & 0x70) >> 4);
        return (u & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84;
    }

    /** ITU-T G.711 table 1a, 13 bits widened to 16. */
    static int fromA(int code) {
        int a = (code ^ 0x55) & 0xFF;
        int segment = (a & 0x70) >> 4;
        int magnitude = (a & 0x0F) << 4;
        magnitude = segment == 0 ? magnitude + 8 : magnitude + 0x108 << (segment - 1);
        return (a & 0x80) != 0 ? magnitude : -magnitude;
    }

    /** §9.1: variable block size, 16-bit count of samples, 8 kHz, mono, 16 bits. */
    private void header(int count, long number) {
        out.u16(0xFFF9).u8(0x74).u8(0x08);
        coded(number);
        out.u16(count - 1);
        out.u8(crc8(start, out.length()));
    }

    /** §9.1.5: the number coded as UTF-8 extends to 36 bits. */
    private void coded(long number) {
        if (number < 0x80) {
            out.u8((int) number);
            return;
        }
        int more = 1;
        while (more < 6 && number >= 1L << (6 * more + 6 - more)) {
            more++;
        }
        out.u8((int) (0xFF00 >> (more + 1) & 0xFF | number >> (6 * more)));
        for (int i = more - 1; i >= 0; i--) {
            out.u8((int) (0x80 | number >> (6 * i) & 0x3F));
        }
    }

    private void subframe(int count) {
        long sum = 0;
        for (int i = 1; i < count; i++) {
            int difference = samples[i] - samples[i - 1];
            residuals[i] = difference << 1 ^ difference >> 31;
            sum += residuals[i];
        }
        int rice = 0;
        while (rice < 14 && (long) (count - 1) << rice < sum) {
            rice++;
        }
        long riceBits = 0;
        for (int i = 1; i < count; i++) {
            riceBits += (residuals[i] >> rice) + 1 + rice;
        }
        if (riceBits + 26 >= 16L * count) {
            bits(1 << 1, 8);
            for (int i = 0; i < count; i++) {
                bits(samples[i] & 0xFFFF, 16);
            }
            return;
        }
        bits(0b001001 << 1, 8);
        bits(samples[0] & 0xFFFF, 16);
        bits(0, 2 + 4);
        bits(rice, 4);
        for (int i = 1; i < count; i++) {
            int high = residuals[i] >> rice;
            while (high >= 16) {
                bits(0, 16);
                high -= 16;
            }
            bits(1, high + 1);
            bits(residuals[i] & (1 << rice) - 1, rice);
        }
    }

    private void bits(int value, int count) {
        pending = pending << count | value;
        pendingBits += count;
        while (pendingBits >= 8) {
            pendingBits -= 8;
            out.u8((int) (pending >> pendingBits));
        }
    }

    private void align() {
        if (pendingBits > 0) {
            bits(0, 8 - pendingBits);
        }
    }

    private int crc8(int from, int end) {
        int crc = 0;
        for (int i = from; i < end; i++) {
            crc ^= out.at(i);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x07) & 0xFF : crc << 1;
            }
        }
        return crc;
    }

    private int crc16(int from, int end) {
        int crc = 0;
        for (int i = from; i < end; i++) {
            crc = (crc << 8 ^ CRC16[crc >> 8 ^ out.at(i)]) & 0xFFFF;
        }
        return crc;
    }

    private static final int[] CRC16 = table();

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x8005) & 0xFFFF : crc << 1;
            }
            table[i] = crc;
        }
        return table;
    }
}
