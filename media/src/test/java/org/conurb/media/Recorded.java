package org.conurb.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** RTP that ffmpeg's packetiser made of its own test pictures; how is told in recorded/record.py. */
record Recorded(TrackFormat format, List<ByteBuffer> packets) {
    static Recorded of(String name) {
        SessionDescription.Media media = sdp(name).media().getFirst();
        TrackFormat format =
                TrackFormat.of(media, media.payloadTypes().getFirst()).orElseThrow();
        return new Recorded(format, packets(name));
    }

    static SessionDescription sdp(String name) {
        // ffmpeg writes its own heading before what it sends
        String text = new String(bytes(name + ".sdp"), StandardCharsets.UTF_8);
        return SessionDescription.parse(text.substring(text.indexOf("v=0")));
    }

    static byte[] bytes(String name) {
        try (InputStream in = Recorded.class.getResourceAsStream("/recorded/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ByteBuffer> packets(String name) {
        ByteBuffer all = ByteBuffer.wrap(bytes(name + ".rtp"));
        List<ByteBuffer> packets = new ArrayList<>();
        while (all.hasRemaining()) {
            int length = all.getShort() & 0xFFFF;
            packets.add(all.slice(all.position(), length));
            all.position(all.position() + length);
        }
        return packets;
    }

    /** All frames, copied. */
    Frames frames() {
        return Frames.of(format, packets);
    }
}
