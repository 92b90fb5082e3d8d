package org.conurb.voices;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the packets of tones that the talk room keeps, {@code tone-*.opus-packets}: length (2) and Opus of 20 ms each. Run by
 * hand where a tone is to be another; arguments: file, then hertz of each 20 ms.
 */
final class TonePackets {
    private TonePackets() {}

    public static void main(String[] arguments) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(Path.of(arguments[0])));
                OpusEncoder encoder = new OpusEncoder()) {
            for (int i = 1; i < arguments.length; i++) {
                short[] samples = new short[160];
                for (int at = 0; at < 160; at++) {
                    double turn = 2 * Math.PI * Integer.parseInt(arguments[i]) * ((i - 1) * 160 + at) / 8_000;
                    samples[at] = (short) (8_000 * Math.sin(turn));
                }
                byte[] opus = encoder.encode(samples);
                out.writeShort(opus.length);
                out.write(opus);
            }
        }
    }
}
