package org.conurb.talk;

import java.nio.ByteBuffer;

/**
 * How loud a talk is over its length, in {@value #PEAKS} steps of 0..255, without decoding: from the level that the client
 * told with each packet (RFC 6464) where it did, else from how many octets a packet has, which grows with what there is to
 * say.
 *
 * @param source {@code audio-level} or {@code packet-size}
 */
record Waveform(int[] peaks, String source) {
    static final int PEAKS = 200;

    private static final int ONE_BYTE_FORM = 0xBEDE;
    private static final int SILENT = 127;
    /** Octets of a packet that only says that nobody speaks. */
    private static final int NOTHING = 6;

    static Waveform of(SpurtReader talk, VoiceTimeline voice) {
        int id = levelId(talk, voice);
        int[] peaks = new int[PEAKS];
        double loudest = 1;
        for (int n = 0; n < voice.count(); n++) {
            loudest = Math.max(loudest, density(voice, n));
        }
        for (int n = 0; n < voice.count(); n++) {
            int level = id > 0
                    ? loudness(level(talk, voice.packet(n), id))
                    : (int) Math.round(255 * density(voice, n) / loudest);
            spread(peaks, level, voice.start(n), voice.samples(n), voice.end());
        }
        return new Waveform(peaks, id > 0 ? "audio-level" : "packet-size");
    }

    private static void spread(int[] peaks, int level, long start, int samples, long end) {
        int first = (int) (start * PEAKS / Math.max(1, end));
        int last = (int) ((start + samples - 1) * PEAKS / Math.max(1, end));
        for (int i = first; i <= Math.min(PEAKS - 1, last); i++) {
            peaks[i] = Math.max(peaks[i], level);
        }
    }

    /** Octets for each 20 ms beyond those of silence. */
    private static double density(VoiceTimeline voice, int n) {
        return Math.max(0, (voice.length(n) - NOTHING) * 960.0 / voice.samples(n));
    }

    /** @param level 0 (loudest) to 127 (silent), in -dBov; -1 for none */
    private static int loudness(int level) {
        return level < 0 ? 0 : (SILENT - level) * 255 / SILENT;
    }

    /**
     * The negotiated number of the level is not in the file: it is the extension of one octet that most packets have and
     * that changes; others of that length (RFC 8843) stay the same.
     *
     * @return 0 for none
     */
    private static int levelId(SpurtReader talk, VoiceTimeline voice) {
        for (int id = 1; id <= 14; id++) {
            int seen = 0;
            int first = -1;
            boolean changes = false;
            for (int n = 0; n < voice.count(); n++) {
                int level = element(talk, voice.packet(n), id);
                if (level >= 0) {
                    seen++;
                    changes |= first >= 0 && first != level;
                    first = first < 0 ? level : first;
                }
            }
            if (changes && seen * 2 > voice.count()) {
                return id;
            }
        }
        return 0;
    }

    private static int level(SpurtReader talk, int packet, int id) {
        int octet = element(talk, packet, id);
        return octet < 0 ? -1 : octet & 0x7F;
    }

    /** The octet of an element of one octet (RFC 8285 §4.2); -1 where there is none. */
    private static int element(SpurtReader talk, int packet, int id) {
        ByteBuffer file = talk.file();
        int at = talk.place(packet);
        int end = at + talk.length(packet);
        if ((file.get(at) & 0x10) == 0) {
            return -1;
        }
        at += 12 + 4 * (file.get(at) & 0x0F);
        if (at + 4 > end || (file.getShort(at) & 0xFFFF) != ONE_BYTE_FORM) {
            return -1;
        }
        int stop = Math.min(end, at + 4 + 4 * (file.getShort(at + 2) & 0xFFFF));
        for (at += 4; at < stop; ) {
            int head = file.get(at++) & 0xFF;
            if (head == 0) {
                continue;
            }
            int length = (head & 0x0F) + 1;
            if (head >> 4 == id && length == 1 && at < stop) {
                return file.get(at) & 0xFF;
            }
            at += length;
        }
        return -1;
    }
}
