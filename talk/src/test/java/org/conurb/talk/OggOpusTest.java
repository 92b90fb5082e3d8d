package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.conurb.talk.RecordingRoom.ENGINE;
import static org.conurb.talk.RecordingRoom.GROUP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said is heard again: real Opus in, Ogg out, judged by ffmpeg and ffprobe. */
class OggOpusTest {
    private static final double FULL = 2_000;

    @TempDir
    private Path folder;

    @AutoClose
    private RecordingRoom room;

    @BeforeEach
    void open() {
        Clips.needFfmpeg();
        room = new RecordingRoom(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opus", "libopus"})
    void aToneThatWasSaidIsHeard(String decoder) throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 3);
        Spurt spurt = room.said(ENGINE, GROUP, tone);

        byte[] ogg = room.ogg(spurt.id());

        assertThat(Clips.granules(ogg)).isEqualTo(tone.size() * 960L);
        assertThat(Clips.packets(ogg).subList(2, 2 + tone.size())).containsExactlyElementsOf(tone);
        short[] heard = Clips.decode(folder, ogg, decoder);
        assertThat(heard.length).isEqualTo(tone.size() * 960 - OggOpus.PRE_SKIP);
        assertThat(Clips.strongest(heard, 0.5, 2.5, 440, 800, 840, 880, 920, 1_760))
                .isEqualTo(880);
        assertThat(Clips.loudness(heard, 0.5, 2.5)).isGreaterThan(FULL);
    }

    @Test
    void ffprobeTakesItForWhatItIs() throws IOException {
        Spurt spurt = room.said(ENGINE, GROUP, Clips.tone(folder, 880, 2));
        Path file = Files.write(folder.resolve("probe.ogg"), room.ogg(spurt.id()));

        String said = Clips.run(List.of(
                "ffprobe",
                "-v",
                "warning",
                "-show_entries",
                "stream=codec_name,channels,sample_rate,start_pts,duration:" + "stream_tags:format_tags",
                "-of",
                "default=nw=1",
                file.toString()));

        assertThat(said)
                .contains("codec_name=opus", "channels=1", "sample_rate=48000", "Joint", "Crew of sip:unit-engine-1")
                .doesNotContain("Warning", "rror");
        assertThat(said).containsPattern("duration=2\\.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"opus", "libopus"})
    void aPauseThatWasNotSentIsSilenceOfItsLength(String decoder) throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 4);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(tone.subList(0, 50));
        speaker.pass(50);
        speaker.say(tone.subList(50, 100));
        room.end(talk);

        short[] heard = Clips.decode(folder, room.ogg(talk.id()), decoder);

        assertThat(heard.length).isEqualTo(150 * 960 - OggOpus.PRE_SKIP);
        assertThat(Clips.loudness(heard, 0.3, 0.9)).isGreaterThan(FULL);
        assertThat(Clips.loudness(heard, 1.1, 1.9)).isLessThan(20);
        assertThat(Clips.loudness(heard, 2.3, 2.9)).isGreaterThan(FULL);
    }

    @Test
    void oneLostPacketIsConcealedAndTheRestKeepsItsTime() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 2);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(tone.subList(0, 40));
        speaker.pass(1);
        speaker.say(tone.subList(41, 80));
        room.end(talk);

        byte[] ogg = room.ogg(talk.id());

        assertThat(Clips.packets(ogg).get(2 + 40)).hasSize(1);
        assertThat(Clips.granules(ogg)).isEqualTo(80 * 960L);
        short[] heard = Clips.decode(folder, ogg, "libopus");
        assertThat(Clips.strongest(heard, 0.85, 1.5, 440, 840, 880, 920)).isEqualTo(880);
        assertThat(Clips.loudness(heard, 0.78, 0.83)).isGreaterThan(500);
    }

    @Test
    void packetsThatCameOutOfOrderOrTwiceSoundOnceAndInOrder() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 2);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        for (int i = 0; i + 1 < 60; i += 2) {
            java.nio.ByteBuffer first = speaker.packet(tone.get(i));
            speaker.pass(1);
            speaker.sink.rtp(speaker.packet(tone.get(i + 1)), room.nanos());
            speaker.sink.rtp(first, room.nanos());
            speaker.sink.rtp(first, room.nanos());
            speaker.pass(1);
            room.recorder.step();
        }
        room.end(talk);

        assertThat(Clips.packets(room.ogg(talk.id())).subList(2, 62)).containsExactlyElementsOf(tone.subList(0, 60));
    }

    @Test
    void aLineThatCameBackWithAnotherSourceGoesOnWhereItWasHeard() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 2);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(tone.subList(0, 30));
        speaker.pass(40);
        speaker.ssrc = 77;
        speaker.time = 123;
        speaker.say(tone.subList(30, 60));
        room.end(talk);

        assertThat(Clips.granules(room.ogg(talk.id()))).isEqualTo(100 * 960L);
    }

    @Test
    void tonesOfKeysAndWhatIsNoOpusAreLeftOut() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 1);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.type = 101;
        speaker.say(new byte[] {10, 0, 0, 80});
        speaker.type = 111;
        speaker.say(tone.subList(0, 30));
        speaker.say(new byte[] {3});
        room.end(talk);

        assertThat(Clips.packets(room.ogg(talk.id()))).hasSize(2 + 30);
    }

    @Test
    void theWaveformShowsWhereItWasLoud() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 2);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.say(tone.subList(0, 50));
        speaker.pass(50);
        speaker.say(tone.subList(50, 100));
        room.end(talk);

        SpurtController.WaveformView waveform =
                room.controller.waveform(talk.id().toString(), null, room.dispatcher);

        assertThat(waveform.source()).isEqualTo("packet-size");
        assertThat(waveform.seconds()).isCloseTo(3.0, within(0.001));
        assertThat(waveform.peaks()).hasSize(200);
        assertThat(java.util.Arrays.stream(waveform.peaks()).limit(60)).allMatch(peak -> peak > 60);
        assertThat(java.util.Arrays.stream(waveform.peaks()).skip(70).limit(60)).allMatch(peak -> peak == 0);
        assertThat(java.util.Arrays.stream(waveform.peaks()).max()).hasValue(255);
    }

    @Test
    void levelsThatTheClientToldMakeTheWaveform() throws IOException {
        List<byte[]> tone = Clips.tone(folder, 880, 2);
        Talk talk = room.talk(ENGINE, true);
        RecordingRoom.Speaker speaker = room.begin(talk);
        speaker.level = 127;
        speaker.say(tone.subList(0, 50));
        speaker.level = 0;
        speaker.say(tone.subList(50, 100));
        room.end(talk);

        SpurtController.WaveformView waveform =
                room.controller.waveform(talk.id().toString(), null, room.dispatcher);

        assertThat(waveform.source()).isEqualTo("audio-level");
        assertThat(java.util.Arrays.stream(waveform.peaks()).limit(99)).allMatch(peak -> peak == 0);
        assertThat(java.util.Arrays.stream(waveform.peaks()).skip(101)).allMatch(peak -> peak == 255);
    }
}
