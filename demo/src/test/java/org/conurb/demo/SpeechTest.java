package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept as clips is what would be made now, and a player that is not ours takes it. */
class SpeechTest {
    @TempDir
    Path folder;

    private final Speech speech = Speech.load();

    @ParameterizedTest
    @EnumSource(Voice.class)
    void theClipsAreThoseThatWouldBeMadeNow(Voice voice) throws IOException {
        Map<String, List<byte[]>> clips = OggOpus.read(file(voice));
        assertThat(clips.keySet()).containsExactlyElementsOf(Phrase.clips().keySet());
        Phrase.clips().forEach((name, phones) -> {
            int made = new Synthesiser(voice, 1).speak(Gesture.of(phones)).length / (Synthesiser.RATE / 50);
            assertThat(clips.get(name).size()).as(name).isBetween(made, made + 1);
        });
        assertThat(clips.values().stream().flatMap(List::stream)).allSatisfy(packet -> {
            assertThat(milliseconds(packet)).isEqualTo(20);
            assertThat(packet.length).isLessThan(400);
        });
    }

    @Test
    void aCallSignIsSpelledBeforeWhatItsCrewSays() {
        List<byte[]> spoken = speech.of("E11", Phrase.ON_SCENE);
        List<byte[]> other = speech.of("E12", Phrase.ON_SCENE);
        assertThat(spoken).hasSizeBetween(90, 150);
        assertThat(Arrays.deepEquals(spoken.toArray(), other.toArray())).isFalse();
        assertThat(speech.of("消防", Phrase.ON_SCENE))
                .as("what cannot be spelled")
                .isNotEmpty();
    }

    @Test
    void aPlayerThatIsNotOursDecodesIt() throws Exception {
        for (String callSign : List.of("E11", "P4", "A7", "FB1")) {
            for (Phrase phrase : List.of(Phrase.ON_SCENE, Phrase.HELP)) {
                List<byte[]> packets = speech.of(callSign, phrase);
                short[] sound = decoded(OggFile.of(packets));
                assertThat(sound.length).isEqualTo(packets.size() * 320);
                assertThat(SynthesiserTest.level(sound, 0, sound.length)).isBetween(1_200.0, 9_000.0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Voice.class)
    void aPlayerThatIsNotOursTakesTheFilesAsTheyAre(Voice voice) throws Exception {
        int packets =
                OggOpus.read(file(voice)).values().stream().mapToInt(List::size).sum();
        assertThat(decoded(file(voice)).length / 320)
                .isBetween(packets - Phrase.clips().size() * 2, packets);
    }

    @Test
    void whatIsNoSuchFileIsRefused() throws IOException {
        byte[] file = file(Voice.LOW);
        for (byte[] bad : List.of(new byte[40], Arrays.copyOf(file, 5_000), Arrays.copyOfRange(file, 3, 90))) {
            assertThatThrownBy(() -> OggOpus.read(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] file(Voice voice) throws IOException {
        try (InputStream in = SpeechTest.class.getResourceAsStream("/voices/" + voice.code() + ".opus")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    /** Of one frame, by its first octet (RFC 6716 §3.1); −1 for anything else. */
    private static int milliseconds(byte[] packet) {
        int config = (packet[0] & 0xff) >> 3;
        boolean single = (packet[0] & 3) == 0;
        int[] lengths = config < 12 ? new int[] {10, 20, 40, 60} : new int[] {10, 20};
        int length = config < 16 ? lengths[config % lengths.length] : new int[] {2, 5, 10, 20}[config % 4];
        return single ? length : -1;
    }

    private short[] decoded(byte[] ogg) throws Exception {
        Path in = Files.write(folder.resolve("in.opus"), ogg);
        Path out = folder.resolve("out.pcm");
        Process ffmpeg;
        try {
            ffmpeg = new ProcessBuilder(
                            "ffmpeg",
                            "-v",
                            "error",
                            "-xerror",
                            "-y",
                            "-i",
                            in.toString(),
                            "-f",
                            "s16le",
                            "-ar",
                            "16000",
                            "-ac",
                            "1",
                            out.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "ffmpeg is not here: apt-get install ffmpeg");
            throw e;
        }
        String said = new String(ffmpeg.getInputStream().readAllBytes());
        assertThat(ffmpeg.waitFor()).as(said).isZero();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        short[] sound = new short[bytes.remaining() / 2];
        bytes.asShortBuffer().get(sound);
        return sound;
    }
}
