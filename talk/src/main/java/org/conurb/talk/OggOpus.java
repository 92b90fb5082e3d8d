package org.conurb.talk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A recorded talk as Ogg Opus (RFC 7845), made anew each time, always the same bytes: the packets as they came, and where
 * none came, as in pauses that were not sent and for what was lost, something of the same length: up to 60 ms ask the
 * decoder to conceal (§4.1), longer ones are silence, so that nothing is heard that was not said. Time in the file is time
 * from the first packet.
 */
final class OggOpus {
    static final String MEDIA_TYPE = "audio/ogg";

    /** What an encoder looks ahead, 6.5 ms; ours are not known, browsers' have this. */
    static final int PRE_SKIP = 312;

    private static final int RATE = 48_000;
    private static final int UNIT = 120;
    private static final int CONCEALED = 2_880;
    private static final int PAGE = RATE;

    private final VoiceTimeline voice;
    private final SpurtFacts facts;
    private final OggPages pages;
    private long position;
    private long pageFrom;

    private OggOpus(VoiceTimeline voice, SpurtFacts facts, OutputStream out) {
        this.voice = voice;
        this.facts = facts;
        this.pages = new OggPages(out, facts.spurt().hashCode());
    }

    /** Writes all of it. */
    static void write(VoiceTimeline voice, SpurtFacts facts, OutputStream out) throws IOException {
        new OggOpus(voice, facts, out).write();
    }

    private void write() throws IOException {
        pages.add(head());
        pages.end(0, false);
        pages.add(tags());
        pages.end(0, false);
        int toc = OpusPacket.silence(960)[0] & 0xFF;
        for (int n = 0; n < voice.count(); n++) {
            int samples = voice.samples(n);
            if (voice.start(n) + samples <= position) {
                continue; // what it would say was said
            }
            fill(voice.start(n) - position, toc);
            add(voice.bytes(n), samples);
            toc = voice.toc(n);
        }
        pages.end(position, true);
    }

    private static byte[] head() {
        return ByteBuffer.allocate(19)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("OpusHead".getBytes(US_ASCII))
                .put((byte) 1)
                .put((byte) 1)
                .putShort((short) PRE_SKIP)
                .putInt(RATE)
                .putShort((short) 0)
                .put((byte) 0)
                .array();
    }

    private byte[] tags() {
        byte[] vendor = "Conurb".getBytes(US_ASCII);
        List<byte[]> comments = List.of(
                comment("TITLE", facts.groupName()),
                comment("ARTIST", facts.name()),
                comment("DATE", facts.began().toString()),
                comment("CONURB_SPURT", facts.spurt().toString()));
        int length = 8 + 4 + vendor.length + 4;
        for (byte[] comment : comments) {
            length += 4 + comment.length;
        }
        ByteBuffer tags = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        tags.put("OpusTags".getBytes(US_ASCII)).putInt(vendor.length).put(vendor);
        tags.putInt(comments.size());
        comments.forEach(comment -> tags.putInt(comment.length).put(comment));
        return tags.array();
    }

    private static byte[] comment(String name, String value) {
        return (name + "=" + value.substring(0, Math.min(200, value.length()))).getBytes(UTF_8);
    }

    /** What is not a multiple of 2.5 ms is left to the next gap. */
    private void fill(long gap, int toc) throws IOException {
        long left = gap / UNIT * UNIT;
        int frame = OpusPacket.frame(toc);
        while (left >= frame && gap <= CONCEALED) {
            add(OpusPacket.concealed(toc), frame);
            left -= frame;
        }
        for (int samples = 960; samples >= UNIT; samples /= 2) {
            for (; left >= samples; left -= samples) {
                add(OpusPacket.silence(samples), samples);
            }
        }
    }

    private void add(byte[] packet, int samples) throws IOException {
        boolean full = position - pageFrom >= PAGE || !pages.holds(packet.length);
        if (full && !pages.isEmpty()) {
            pages.end(position, false);
            pageFrom = position;
        }
        pages.add(packet);
        position += samples;
    }
}
