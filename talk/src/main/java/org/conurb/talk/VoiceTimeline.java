package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.conurb.media.RtpPacket;

/**
 * The Opus packets of a talk in the order in which they sound, each at its place in samples of 48 kHz from the first. RTP
 * time rules while one source goes on; where another begins (the talker's line came back), or RTP time leaves the time of
 * arrival by more than {@value #MOST_APART} s, arrival puts the new one in its place. Doubled packets, and those of other
 * payload types (tones of keys), are left out.
 */
final class VoiceTimeline {
    private static final int MOST_APART = 5;
    private static final int RATE = 48_000;

    private final ByteBuffer file;
    private final int[] places;
    private final int[] lengths;
    private final int[] packets;
    private final long[] starts;

    private VoiceTimeline(ByteBuffer file, int[] places, int[] lengths, int[] packets, long[] starts) {
        this.file = file;
        this.places = places;
        this.lengths = lengths;
        this.packets = packets;
        this.starts = starts;
    }

    /** Where a source's RTP time lies. */
    private static final class Source {
        private long base;
        private int rtp;
        private long place;
    }

    static VoiceTimeline of(SpurtReader talk) {
        int count = talk.packets();
        RtpPacket rtp = new RtpPacket();
        int type = commonest(talk, rtp);
        int[] places = new int[count];
        int[] lengths = new int[count];
        int[] packets = new int[count];
        long[] starts = new long[count];
        Map<Integer, Source> sources = new HashMap<>();
        int n = 0;
        for (int i = 0; i < count; i++) {
            boolean voice = wrap(talk, i, rtp)
                    && rtp.payloadType() == type
                    && OpusPacket.samples(talk.file(), rtp.payloadOffset(), rtp.payloadLength()) > 0;
            if (voice) {
                places[n] = rtp.payloadOffset();
                lengths[n] = rtp.payloadLength();
                packets[n] = i;
                starts[n] = place(sources, rtp, talk.millis(i));
                n++;
            }
        }
        return sorted(talk.file(), places, lengths, packets, starts, n);
    }

    private static boolean wrap(SpurtReader talk, int n, RtpPacket rtp) {
        ByteBuffer packet = talk.file().duplicate();
        packet.limit(talk.place(n) + talk.length(n)).position(talk.place(n));
        return rtp.wrap(packet);
    }

    private static int commonest(SpurtReader talk, RtpPacket rtp) {
        int[] counts = new int[128];
        for (int i = 0; i < talk.packets(); i++) {
            if (wrap(talk, i, rtp)) {
                counts[rtp.payloadType()]++;
            }
        }
        return IntStream.range(0, counts.length).reduce(0, (best, type) -> counts[type] > counts[best] ? type : best);
    }

    private static long place(Map<Integer, Source> sources, RtpPacket rtp, int millis) {
        long arrival = (long) millis * RATE / 1_000;
        int time = (int) rtp.timestamp();
        Source source = sources.get(rtp.ssrc());
        boolean apart =
                source != null && Math.abs(source.base + (time - source.rtp) - arrival) > (long) MOST_APART * RATE;
        if (source == null || apart) {
            source = new Source();
            source.base = arrival;
            source.rtp = time;
            sources.put(rtp.ssrc(), source);
        }
        source.place = source.base + (time - source.rtp);
        if (source.place > source.base + Integer.MAX_VALUE / 2) {
            source.base = source.place; // so that 32 bits of difference are always enough
            source.rtp = time;
        }
        return source.place;
    }

    private static VoiceTimeline sorted(
            ByteBuffer file, int[] places, int[] lengths, int[] packets, long[] starts, int count) {
        Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        java.util.Arrays.sort(order, (a, b) -> Long.compare(starts[a], starts[b]));
        int[] sortedPlaces = new int[count];
        int[] sortedLengths = new int[count];
        int[] sortedPackets = new int[count];
        long[] sortedStarts = new long[count];
        int n = 0;
        for (int i : order) {
            if (n == 0 || starts[i] != sortedStarts[n - 1]) {
                sortedPlaces[n] = places[i];
                sortedLengths[n] = lengths[i];
                sortedPackets[n] = packets[i];
                sortedStarts[n] = starts[i];
                n++;
            }
        }
        long first = n == 0 ? 0 : sortedStarts[0];
        long[] fromFirst = new long[n];
        for (int i = 0; i < n; i++) {
            fromFirst[i] = sortedStarts[i] - first;
        }
        return new VoiceTimeline(
                file,
                java.util.Arrays.copyOf(sortedPlaces, n),
                java.util.Arrays.copyOf(sortedLengths, n),
                java.util.Arrays.copyOf(sortedPackets, n),
                fromFirst);
    }

    int count() {
        return starts.length;
    }

    /** Where packet {@code n} begins, in samples from the first packet. */
    long start(int n) {
        return starts[n];
    }

    int samples(int n) {
        return OpusPacket.samples(file, places[n], lengths[n]);
    }

    int toc(int n) {
        return file.get(places[n]) & 0xFF;
    }

    int length(int n) {
        return lengths[n];
    }

    /** Its number in the file, in the order of arrival. */
    int packet(int n) {
        return packets[n];
    }

    byte[] bytes(int n) {
        byte[] bytes = new byte[lengths[n]];
        file.get(places[n], bytes);
        return bytes;
    }

    /** Samples from the first packet's begin to the last one's end. */
    long end() {
        return count() == 0 ? 0 : start(count() - 1) + samples(count() - 1);
    }
}
