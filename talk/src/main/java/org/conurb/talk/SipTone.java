package org.conurb.talk;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a phone without a display hears of the floor, in packets of 20 ms. For Opus they are kept ready, since a call of Opus
 * needs no codec: made by the voice process' encoder ({@code VoicesTones} of module voices) from the same samples.
 */
enum SipTone {
    /** 160 ms of 880 Hz: speak now. */
    GRANTED(new int[] {880, 880, 880, 880, 880, 880, 880, 880}),
    /** Three low ones of 80 ms: not you. */
    DENIED(new int[] {320, 320, 320, 320, 0, 0, 320, 320, 320, 320, 0, 0, 320, 320, 320, 320});

    private static final int SAMPLES = 160;
    private static final int LOUDNESS = 8_000;

    private final int[] hertz;
    private final List<byte[]> opus;

    SipTone(int[] hertz) {
        this.hertz = hertz;
        this.opus = load(name().toLowerCase(java.util.Locale.ROOT));
    }

    private static List<byte[]> load(String name) {
        try (InputStream file = SipTone.class.getResourceAsStream("/org/conurb/talk/tone-" + name + ".opus-packets")) {
            if (file == null) {
                throw new IllegalStateException("The tone %s is not in the program".formatted(name));
            }
            DataInputStream in = new DataInputStream(file);
            List<byte[]> packets = new ArrayList<>();
            while (true) {
                int length;
                try {
                    length = in.readUnsignedShort();
                } catch (EOFException end) {
                    return List.copyOf(packets);
                }
                packets.add(in.readNBytes(length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One after the other, 20 ms each. */
    List<byte[]> packets(SipCodec codec) {
        if (codec == SipCodec.OPUS) {
            return opus;
        }
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < hertz.length; i++) {
            byte[] packet = new byte[SAMPLES];
            for (int at = 0; at < SAMPLES; at++) {
                double turn = 2 * Math.PI * hertz[i] * (i * SAMPLES + at) / 8_000;
                packet[at] = G711.encode(codec, (int) (LOUDNESS * Math.sin(turn)));
            }
            packets.add(packet);
        }
        return packets;
    }
}
