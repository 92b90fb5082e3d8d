package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as a broken disk may give them back: read up to what is whole, refused, but never worse. */
class SpurtReaderTest {
    @TempDir
    private Path folder;

    private byte[] file() throws IOException {
        TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
        Talk talk = new Talk(
                TestIds.seeded(clock).next(),
                RecordingRoom.group(RecordingRoom.GROUP, Optional.empty(), true),
                RecordingRoom.ENGINE,
                clock.instant(),
                Urgency.EMERGENCY);
        SpurtFacts facts = SpurtFacts.of("alder", talk, "E1", 0);
        TalkFolder place = new TalkFolder(folder);
        SpurtWriter writer = SpurtWriter.open(place, facts, clock, () -> 0);
        byte[] packet = new byte[60];
        packet[0] = (byte) 0x80;
        packet[1] = 111;
        packet[12] = 0x78;
        for (int i = 0; i < 60; i++) {
            ByteBuffer.wrap(packet).putShort(2, (short) i).putInt(4, i * 960);
            writer.packet(packet, 60, i * 20_000_000L);
        }
        writer.lost(3);
        writer.end(clock.instant().plusSeconds(2));
        return Files.readAllBytes(place.file(facts.began(), facts.spurt()));
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        SpurtReader read = SpurtReader.of(ByteBuffer.wrap(file()));

        assertThat(read.facts().urgency()).isEqualTo("emergency");
        assertThat(read.facts().origin()).isEqualTo("standing");
        assertThat(read.packets()).isEqualTo(60);
        assertThat(read.lost()).isEqualTo(3);
        assertThat(read.end()).contains(new SpurtReader.End(read.facts().began().plusSeconds(2), 60, 3));
        assertThat(read.wholeBytes()).isEqualTo(read.file().limit());
        assertThat(VoiceTimeline.of(read).end()).isEqualTo(60 * 960);
    }

    @Test
    void anyCutLeavesWhatIsWholeBeforeIt() throws IOException {
        byte[] whole = file();
        int packets = 0;
        for (int length = whole.length; length > 0; length -= 7) {
            try {
                SpurtReader read = SpurtReader.of(ByteBuffer.wrap(Arrays.copyOf(whole, length)));
                assertThat(read.wholeBytes()).isLessThanOrEqualTo(length);
                packets += read.packets();
            } catch (IOException refused) {
                assertThat(length).isLessThan(1_000); // not even the facts are whole
            }
        }
        assertThat(packets).isPositive();
    }

    @Test
    void changedBytesAreReadOrRefused() throws IOException {
        byte[] whole = file();
        Random random = new Random(5);
        for (int round = 0; round < 5_000; round++) {
            byte[] changed = whole.clone();
            for (int i = 0; i < 1 + round % 6; i++) {
                changed[random.nextInt(RtpDump.START, changed.length)] = (byte) random.nextInt();
            }
            try {
                SpurtReader read = SpurtReader.of(ByteBuffer.wrap(changed));
                VoiceTimeline voice = VoiceTimeline.of(read);
                Waveform.of(read, voice);
                read.audioAt();
                if (voice.end() < 48_000L * 3_600) {
                    OggOpus.write(voice, read.facts(), new ByteArrayOutputStream());
                }
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("no recorded talk");
            }
        }
    }
}
