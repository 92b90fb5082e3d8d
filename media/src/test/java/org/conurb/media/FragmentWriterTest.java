package org.conurb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ffprobe and ffmpeg, which share no code with us, read what was written. */
class FragmentWriterTest {
    private static final long START =
            MediaTime.of(Instant.parse("2026-03-01T08:00:00Z")).ticks();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"h264,h264", "h264-b-frames,h264", "h264-slices,h264", "h265,hevc", "h265-in-band,hevc"})
    void ffmpegDecodesEveryPictureWithoutAComplaintAndInTime(String name, String codec) throws Exception {
        Path file = write(name);
        List<String> lines = run(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "v",
                "-show_entries",
                "stream=codec_name,width,height:packet=pts,dts,flags",
                "-of",
                "csv=p=0",
                file.toString());
        assertThat(lines).contains(codec + ",320,180");
        List<String[]> packets = lines.stream()
                .filter(line -> Character.isDigit(line.charAt(0)))
                .map(line -> line.split(","))
                .toList();
        assertThat(packets).hasSize(75);
        assertThat(packets.stream().filter(packet -> packet[2].startsWith("K"))).hasSize(3);
        List<Long> shown = packets.stream()
                .map(packet -> Long.parseLong(packet[0]))
                .sorted()
                .toList();
        long from = shown.getFirst();
        for (int i = 0; i < shown.size(); i++) {
            assertThat(shown.get(i)).isEqualTo(from + i * 3_600L);
        }
        assertThat(from).isEqualTo(START);
        assertThat(run("ffmpeg", "-v", "warning", "-i", file.toString(), "-fps_mode", "passthrough", "-f", "null", "-"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"aac,aac,48000", "opus,opus,48000", "pcmu,flac,8000", "pcma,flac,8000"})
    void ffmpegDecodesEverySoundWithoutAComplaint(String name, String codec, int rate) throws Exception {
        Path file = write(name);
        assertThat(run(
                        "ffprobe",
                        "-v",
                        "error",
                        "-show_entries",
                        "stream=codec_name,sample_rate",
                        "-of",
                        "csv=p=0",
                        file.toString()))
                .containsExactly(codec + "," + rate);
        assertThat(run("ffmpeg", "-v", "warning", "-i", file.toString(), "-f", "null", "-"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"pcmu,mulaw", "pcma,alaw"})
    void everySampleOfG711SurvivesInFlac(String name, String law) throws Exception {
        Path file = write(name);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (Frames.Frame frame : Recorded.of(name).frames().all) {
            sent.writeBytes(frame.sample());
        }
        Path bare = Files.write(folder.resolve("bare"), sent.toByteArray());
        run(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                file.toString(),
                "-f",
                "s16le",
                folder.resolve("ours").toString());
        run(
                "ffmpeg",
                "-v",
                "error",
                "-f",
                law,
                "-ar",
                "8000",
                "-ac",
                "1",
                "-i",
                bare.toString(),
                "-f",
                "s16le",
                folder.resolve("theirs").toString());
        assertThat(Files.readAllBytes(folder.resolve("ours")))
                .hasSizeGreaterThan(10_000)
                .isEqualTo(Files.readAllBytes(folder.resolve("theirs")));
    }

    @Test
    void pictureAndSoundShareAFile() throws Exception {
        Path file = write("h264", "aac");
        assertThat(run(
                        "ffprobe",
                        "-v",
                        "error",
                        "-count_packets",
                        "-show_entries",
                        "stream=codec_name,nb_read_packets",
                        "-of",
                        "csv=p=0",
                        file.toString()))
                .contains("h264,75")
                .anyMatch(line -> line.startsWith("aac,"));
        assertThat(run("ffmpeg", "-v", "warning", "-i", file.toString(), "-f", "null", "-"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264", "h264-b-frames", "h265"})
    void theScannerFindsWhatWasWritten(String name) throws Exception {
        FragmentScanner.Scan scan = scan(written(name));
        assertThat(scan.wholeBytes()).isEqualTo(written(name).length);
        assertThat(scan.fragments()).hasSize(3).allMatch(FragmentScanner.Fragment::key);
        assertThat(scan.fragments().stream()
                        .mapToInt(FragmentScanner.Fragment::samples)
                        .sum())
                .isEqualTo(75);
        FragmentScanner.Fragment first = scan.fragments().getFirst();
        assertThat(first.offset()).isEqualTo(scan.initBytes());
        assertThat(first.ticks()).isCloseTo(first.samples() * 3_600L, within(5L));
        assertThat(first.startsAt() + first.ticks())
                .isEqualTo(scan.fragments().get(1).startsAt());
    }

    @Test
    void aFileTornAnywhereEndsAtItsLastWholeFragment() throws Exception {
        byte[] whole = written("h264");
        FragmentScanner.Scan all = scan(whole);
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            int length = random.nextInt(whole.length);
            FragmentScanner.Scan torn = scan(Arrays.copyOf(whole, length));
            List<FragmentScanner.Fragment> expected = all.fragments().stream()
                    .filter(fragment -> fragment.offset() + fragment.length() <= length)
                    .toList();
            assertThat(torn.fragments()).isEqualTo(expected);
            assertThat(torn.wholeBytes())
                    .isEqualTo(
                            expected.isEmpty()
                                    ? length < all.initBytes() ? 0 : all.initBytes()
                                    : expected.getLast().offset()
                                            + expected.getLast().length());
        }
    }

    @Test
    void theScannerTakesAnyBytes() throws Exception {
        byte[] whole = written("h264-b-frames");
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            byte[] broken = whole.clone();
            for (int k = 0; k < 1 + random.nextInt(8); k++) {
                broken[random.nextInt(1_600)] = (byte) random.nextInt();
            }
            assertThat(scan(broken).wholeBytes()).isBetween(0L, (long) broken.length);
        }
    }

    @Test
    void aHeadWithoutParameterSetsIsRefused() {
        assertThatThrownBy(() -> FragmentWriter.initSegment(List.of(new TrackFormat.H264(List.of(), List.of()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("avc1");
    }

    @Test
    void aFullFragmentRefusesMore() {
        FragmentWriter writer = new FragmentWriter();
        writer.begin(List.of(Recorded.of("h264").frames().format()), 1);
        ByteBuffer megabyte = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < 16; i++) {
            assertThat(writer.sample(0, i, i, true, megabyte)).isTrue();
        }
        assertThat(writer.sample(0, 17, 17, true, megabyte)).isFalse();
        assertThat(writer.samples()).isEqualTo(16);
    }

    private Path write(String... names) throws IOException {
        return Files.write(folder.resolve("written.mp4"), written(names));
    }

    /** A fragment per key frame of the first track, as a recorder does. */
    private static byte[] written(String... names) {
        List<Frames> tracks =
                Arrays.stream(names).map(name -> Recorded.of(name).frames()).toList();
        List<TrackFormat> formats = tracks.stream().map(Frames::format).toList();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FragmentWriter.initSegment(formats));
        FragmentWriter writer = new FragmentWriter();
        List<List<long[]>> times = new ArrayList<>();
        for (int t = 0; t < tracks.size(); t++) {
            times.add(times(tracks.get(t), formats.get(t)));
        }
        Frames lead = tracks.getFirst();
        int sequence = 0;
        int from = 0;
        for (int i = 1; i <= lead.all.size(); i++) {
            boolean last = i == lead.all.size();
            if (last || (formats.getFirst().video() && lead.all.get(i).key())) {
                writer.begin(formats, ++sequence);
                for (int k = from; k < i; k++) {
                    add(writer, 0, times.getFirst().get(k), lead.all.get(k));
                }
                long end = last ? 0 : times.getFirst().get(i)[0];
                for (int t = 1; t < tracks.size(); t++) {
                    for (int k = 0; k < tracks.get(t).all.size(); k++) {
                        long dts = times.get(t).get(k)[0];
                        if (dts >= times.getFirst().get(from)[0] && (last || dts < end)) {
                            add(
                                    writer,
                                    t,
                                    times.get(t).get(k),
                                    tracks.get(t).all.get(k));
                        }
                    }
                }
                ByteBuffer fragment = writer.finish(end);
                byte[] bytes = new byte[fragment.remaining()];
                fragment.get(bytes);
                file.writeBytes(bytes);
                from = i;
            }
        }
        return file.toByteArray();
    }

    private static void add(FragmentWriter writer, int track, long[] time, Frames.Frame frame) {
        assertThat(writer.sample(track, time[0], time[1], frame.key(), ByteBuffer.wrap(frame.sample())))
                .isTrue();
    }

    private static List<long[]> times(Frames frames, TrackFormat format) {
        DecodeTimes decode = DecodeTimes.of(format);
        long first = frames.all.getFirst().time();
        return frames.all.stream()
                .map(frame -> START + MediaTime.of90k(frame.time() - first, format.clockRate()))
                .map(pts -> new long[] {decode.next(pts), pts})
                .toList();
    }

    private FragmentScanner.Scan scan(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("scanned.mp4"), bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return FragmentScanner.scan(channel);
        }
    }

    private List<String> run(String... command) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", command[0])),
                command[0] + " is not installed: apt-get install ffmpeg");
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(said, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text.lines()
                .map(line -> line.replaceFirst(",+$", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }
}
