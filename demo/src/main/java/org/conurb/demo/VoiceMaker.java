package org.conurb.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes what the demo's crews say: {@link Synthesiser} speaks each clip, ffmpeg (with libopus, a tool of making only) encodes
 * it in packets of 20 ms, and all clips of a {@link Voice} lie in one file, one Ogg stream behind the other, each with its
 * name as its title. Any player plays it. Again: {@code java -cp 'demo/target/demo-0.1.0.jar:demo/target/lib/*'
 * org.conurb.demo.Demo voices demo/src/main/resources/voices}.
 */
final class VoiceMaker {
    private static final long SEED = 5;

    private VoiceMaker() {}

    static void make(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (Voice voice : Voice.values()) {
            int serial = 0; // streams of one file have different ones (RFC 3533 §4)
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Map.Entry<String, String> clip : Phrase.clips().entrySet()) {
                short[] sound = new Synthesiser(voice, SEED).speak(Gesture.of(clip.getValue()));
                all.write(encoded(sound, clip.getKey(), ++serial));
            }
            Files.write(folder.resolve(voice.code() + ".opus"), all.toByteArray());
        }
    }

    static byte[] encoded(short[] sound, String title, int serial) throws IOException, InterruptedException {
        Path file = Files.createTempFile("conurb-voice", ".opus");
        try {
            List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-f", "s16le"));
            command.addAll(List.of("-ar", String.valueOf(Synthesiser.RATE), "-ac", "1", "-i", "-", "-c:a", "libopus"));
            command.addAll(List.of("-b:a", "20k", "-application", "voip", "-frame_duration", "20"));
            command.addAll(List.of("-map_metadata", "-1", "-flags", "+bitexact", "-fflags", "+bitexact"));
            command.addAll(List.of(
                    "-metadata",
                    "title=" + title,
                    "-serial_offset",
                    String.valueOf(serial),
                    "-f",
                    "ogg",
                    file.toString()));
            Process ffmpeg = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (OutputStream to = ffmpeg.getOutputStream()) {
                to.write(bytes(sound));
            }
            if (ffmpeg.waitFor() != 0) {
                throw new IOException("ffmpeg failed; is it one with libopus?");
            }
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] bytes(short[] sound) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * sound.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : sound) {
            bytes.putShort(sample);
        }
        return bytes.array();
    }
}
