package org.conurb.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoicesTest {
    private static final int FRAMES = 100;

    private record Answer(int stream, int sequence, int timestamp, byte[] voice) {}

    private static void ask(DataOutputStream out, int stream, int operation, int sequence, byte[] voice)
            throws IOException {
        out.writeShort(13 + voice.length);
        out.writeInt(stream);
        out.writeByte(operation);
        out.writeInt(sequence);
        out.writeInt(sequence * 7);
        out.write(voice);
    }

    private static List<Answer> served(ByteArrayOutputStream requests) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        Voices.serve(new ByteArrayInputStream(requests.toByteArray()), answers);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(answers.toByteArray()));
        List<Answer> all = new ArrayList<>();
        while (in.available() > 0) {
            int length = in.readUnsignedShort();
            int stream = in.readInt();
            in.readByte();
            all.add(new Answer(stream, in.readInt(), in.readInt(), in.readNBytes(length - 13)));
        }
        return all;
    }

    private static byte[] law(Law law, short[] tone, int from) {
        byte[] voice = new byte[160];
        for (int i = 0; i < 160; i++) {
            voice[i] = law.octet(tone[from + i]);
        }
        return voice;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aToneOfAPhoneIsTheSameToneAfterOpusAndBack(int operation) throws IOException {
        Law law = operation == 1 ? Law.A : Law.MU;
        short[] tone = Tone.of(880, FRAMES * 160, 8_000);
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(requests);
        for (int i = 0; i < FRAMES; i++) {
            ask(out, 1, operation, i, law(law, tone, i * 160));
        }
        List<Answer> opus = served(requests);

        assertThat(opus).hasSize(FRAMES);
        requests = new ByteArrayOutputStream();
        out = new DataOutputStream(requests);
        for (Answer each : opus) {
            assertThat(each.voice().length).isBetween(1, 200);
            assertThat(each.timestamp()).isEqualTo(each.sequence() * 7);
            ask(out, 9, operation + 2, each.sequence(), each.voice());
        }
        List<Answer> back = served(requests);

        assertThat(back).hasSize(FRAMES).allMatch(answer -> answer.voice().length == 160 && answer.stream() == 9);
        short[] heard = new short[FRAMES * 160];
        for (int i = 0; i < FRAMES; i++) {
            for (int at = 0; at < 160; at++) {
                heard[i * 160 + at] = law.sample(back.get(i).voice()[at]);
            }
        }
        assertThat(Tone.strength(heard, 8_000, 880, 8_000)).isBetween(5_000.0, 9_500.0);
        assertThat(Tone.strength(heard, 8_000, 660, 8_000)).isLessThan(400);
        assertThat(Tone.strength(heard, 8_000, 1_320, 8_000)).isLessThan(400);
    }

    @Test
    void octetsOfStrangersAreAnsweredByNothingAndTheNextIsServed() throws IOException {
        Random random = new Random(3);
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(requests);
        for (int i = 0; i < 2_000; i++) {
            byte[] voice = new byte[random.nextInt(1_500)];
            random.nextBytes(voice);
            ask(out, i % 50, 3 + i % 2, i, voice);
        }
        ask(out, 99, 2, 5_000, new byte[160]);
        List<Answer> answers = served(requests);

        assertThat(answers).hasSize(2_001);
        assertThat(answers.getLast().voice()).isNotEmpty();
    }

    @Test
    void aLengthThatIsNoneEndsIt() {
        assertThatThrownBy(() ->
                        Voices.serve(new ByteArrayInputStream(new byte[] {0, 3, 1, 2, 3}), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 octets");
    }

    @Test
    void theLawsAreThoseOfG711() {
        assertThat(Law.MU.octet((short) 0)).isEqualTo((byte) 0xFF);
        assertThat(Law.A.octet((short) 8)).isEqualTo((byte) 0xD5);
        assertThat(Law.MU.sample((byte) 0x00)).isEqualTo((short) -32_124);
        assertThat(Law.MU.sample((byte) 0x80)).isEqualTo((short) 32_124);
        assertThat(Law.A.sample((byte) 0xAA)).isEqualTo((short) 32_256);
        assertThat(Law.A.sample((byte) 0x2A)).isEqualTo((short) -32_256);
    }
}
