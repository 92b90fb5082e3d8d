package org.conurb.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our encoder's voice at a loss of one packet in ten, heard by a decoder that repairs. */
class RepairTest {
    private static final int PACKETS = 1_000;
    private static final double LOSS = 0.1;
    private static final int LOUD = 500;
    private static final double LIKE = 0.9;

    /** How alike two pieces of sound are: 1 the same but for loudness, 0 nothing in common. */
    private static double alike(short[] one, short[] other) {
        double both = 0;
        double ones = 1;
        double others = 1;
        for (int i = 0; i < one.length; i++) {
            both += one[i] * other[i];
            ones += one[i] * one[i];
            others += other[i] * other[i];
        }
        return both / Math.sqrt(ones * others);
    }

    private static double loudness(short[] sound) {
        double sum = 0;
        for (short sample : sound) {
            sum += sample * sample;
        }
        return Math.sqrt(sum / sound.length);
    }

    @Test
    void mostPacketsThatAreLostComeBackFromTheirSuccessors() {
        try (LibOpus whole = libOpus();
                LibOpus repairing = libOpus();
                LibOpus concealing = libOpus()) {
            List<byte[]> packets = encoded(Vowels.of(PACKETS * OpusEncoder.SAMPLES, 5));
            boolean[] lost = lost(packets.size());
            int words = 0;
            int repaired = 0;
            int concealed = 0;
            for (int i = 0; i < packets.size() - 1; i++) {
                byte[] packet = packets.get(i);
                short[] said = whole.packet(packet);
                short[] heard = lost[i]
                        ? lost[i + 1] ? repairing.concealed() : repairing.repaired(packets.get(i + 1))
                        : repairing.packet(packet);
                short[] guessed = lost[i] ? concealing.concealed() : concealing.packet(packet);
                if (lost[i] && loudness(said) > LOUD) {
                    words++;
                    repaired += alike(said, heard) > LIKE ? 1 : 0;
                    concealed += alike(said, guessed) > LIKE ? 1 : 0;
                }
            }
            assertThat(words).isGreaterThan(40);
            assertThat(repaired).as("of %d", words).isGreaterThan(words * 3 / 4);
            assertThat(concealed).as("without repair, of %d", words).isLessThan(repaired / 2);
        }
    }

    private static boolean[] lost(int packets) {
        Random line = new Random(11);
        boolean[] lost = new boolean[packets];
        for (int i = 0; i < packets; i++) {
            lost[i] = line.nextDouble() < LOSS;
        }
        return lost;
    }

    private static LibOpus libOpus() {
        try {
            return new LibOpus();
        } catch (IllegalArgumentException absent) {
            assumeTrue(false, "libopus.so.0 is not here: ffmpeg's decoder, which is, repairs nothing.");
            throw absent;
        }
    }

    private static List<byte[]> encoded(short[] voice) {
        List<byte[]> packets = new ArrayList<>();
        try (OpusEncoder encoder = new OpusEncoder()) {
            short[] piece = new short[OpusEncoder.SAMPLES];
            for (int i = 0; i < PACKETS; i++) {
                System.arraycopy(voice, i * OpusEncoder.SAMPLES, piece, 0, OpusEncoder.SAMPLES);
                byte[] packet = encoder.encode(piece);
                if (packet.length > 0) {
                    packets.add(packet);
                }
            }
        }
        return packets;
    }
}
