package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthesiserTest {
    @ParameterizedTest
    @EnumSource(Voice.class)
    void everyClipIsLoudEnoughAndSilentAtItsEnds(Voice voice) {
        for (Map.Entry<String, String> clip : Phrase.clips().entrySet()) {
            short[] sound = speak(voice, clip.getValue());
            assertThat(sound.length % (Synthesiser.RATE / 50)).isZero();
            assertThat(level(sound, 0, sound.length)).as(clip.getKey()).isBetween(1_500.0, 9_000.0);
            assertThat(level(sound, 0, Synthesiser.RATE / 40)).as(clip.getKey()).isLessThan(30);
            assertThat(level(sound, sound.length - 160, sound.length))
                    .as(clip.getKey())
                    .isLessThan(60);
        }
    }

    /** What tells vowels apart are the first two resonances (Peterson and Barney 1952). */
    @ParameterizedTest
    @EnumSource(Voice.class)
    void vowelsHaveTheirOwnResonances(Voice voice) {
        short[] ee = speak(voice, "IY1");
        short[] ah = speak(voice, "AA1");
        short[] oo = speak(voice, "UW1");
        double size = voice.size();
        assertThat(band(ee, 1_900 * size, 2_300 * size))
                .as("the second resonance of ee is high")
                .isGreaterThan(4 * band(ee, 1_000 * size, 1_400 * size));
        assertThat(band(ah, 1_000 * size, 1_400 * size))
                .as("that of ah is low")
                .isGreaterThan(4 * band(ah, 1_900 * size, 2_300 * size));
        assertThat(band(ah, 600 * size, 850 * size) / band(ah, 230, 420))
                .as("the first resonance of ah is high")
                .isGreaterThan(4 * band(oo, 600 * size, 850 * size) / band(oo, 230, 420));
    }

    @Test
    void hissesAreHighAndVowelsAreNot() {
        short[] hiss = speak(Voice.LOW, "S");
        short[] vowel = speak(Voice.LOW, "AH1");
        assertThat(band(hiss, 4_000, 7_500)).isGreaterThan(20 * band(hiss, 250, 3_000));
        assertThat(band(vowel, 250, 3_000)).isGreaterThan(20 * band(vowel, 4_000, 7_500));
    }

    @Test
    void aStopShutsTheMouth() {
        short[] sound = speak(Voice.MIDDLE, "AA1 T AA1");
        int frame = Synthesiser.RATE / 100;
        double least = Double.MAX_VALUE;
        for (int at = sound.length / 3; at + frame < sound.length * 2 / 3; at += frame / 2) {
            least = Math.min(least, level(sound, at, at + frame));
        }
        assertThat(least).isLessThan(level(sound, 0, sound.length) / 20);
    }

    @Test
    void voicesDifferInPitchAndTheSameCrewKeepsItsVoice() {
        assertThat(pitch(speak(Voice.LOW, "AA1"))).isBetween(80.0, 115.0);
        assertThat(pitch(speak(Voice.HIGH, "AA1"))).isBetween(165.0, 230.0);
        assertThat(Voice.of("E11")).isEqualTo(Voice.of("E11"));
        assertThat(speak(Voice.LOW, "W AH1 N")).isEqualTo(speak(Voice.LOW, "W AH1 N"));
    }

    @Test
    void whatIsNoSoundIsRefused() {
        assertThatThrownBy(() -> Gesture.of("W QQ N")).isInstanceOf(IllegalArgumentException.class);
    }

    private static short[] speak(Voice voice, String phones) {
        return new Synthesiser(voice, 3).speak(Gesture.of(phones));
    }

    static double level(short[] sound, int from, int to) {
        double energy = 0;
        for (int i = from; i < to; i++) {
            energy += (double) sound[i] * sound[i];
        }
        return Math.sqrt(energy / (to - from));
    }

    /** Energy between two pitches, by a Fourier sum each 20 Hz. */
    private static double band(short[] sound, double from, double to) {
        double energy = 0;
        for (double hertz = from; hertz < to; hertz += 20) {
            double c = 0;
            double s = 0;
            for (int i = 0; i < sound.length; i++) {
                double angle = 2 * Math.PI * hertz * i / Synthesiser.RATE;
                c += sound[i] * Math.cos(angle);
                s += sound[i] * Math.sin(angle);
            }
            energy += c * c + s * s;
        }
        return energy;
    }

    /** Where the sound is most like itself a little later. */
    private static double pitch(short[] sound) {
        int begin = sound.length / 3;
        double best = -1;
        int period = 1;
        for (int lag = Synthesiser.RATE / 300; lag < Synthesiser.RATE / 60; lag++) {
            double alike = 0;
            for (int i = begin; i < begin + 640; i++) {
                alike += (double) sound[i] * sound[i + lag];
            }
            if (alike > best) {
                best = alike;
                period = lag;
            }
        }
        return Synthesiser.RATE / (double) period;
    }
}
