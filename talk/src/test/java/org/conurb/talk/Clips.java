package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real Opus, made and judged by ffmpeg. */
final class Clips {
    private Clips() {}

    static void needFfmpeg() {
        Assumptions.assumeTrue(
                Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ffmpeg"))),
                "SKIPPED: ffmpeg is not installed. On Debian: apt-get install ffmpeg");
    }

    /** Packets of 20 ms of a tone, as a browser encodes voice. */
    static List<byte[]> tone(Path folder, int hertz, int seconds) throws IOException {
        Path file = folder.resolve("tone-%d.ogg".formatted(hertz));
        run(
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=%d:sample_rate=48000:duration=%d".formatted(hertz, seconds),
                "-c:a",
                "libopus",
                "-b:a",
                "32k",
                "-application",
                "voip",
                "-frame_duration",
                "20",
                file.toString());
        List<byte[]> packets = packets(Files.readAllBytes(file));
        return packets.subList(2, packets.size());
    }

    /** All packets of an Ogg stream with the heads, read anew by RFC 3533. */
    static List<byte[]> packets(byte[] ogg) {
        List<byte[]> packets = new ArrayList<>();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        for (int at = 0; at < ogg.length; ) {
            int segments = ogg[at + 26] & 0xFF;
            int body = at + 27 + segments;
            for (int i = 0; i < segments; i++) {
                int length = ogg[at + 27 + i] & 0xFF;
                packet.write(ogg, body, length);
                body += length;
                if (length < 255) {
                    packets.add(packet.toByteArray());
                    packet.reset();
                }
            }
            at = body;
        }
        return packets;
    }

    /** Granule position of the last page. */
    static long granules(byte[] ogg) {
        long last = 0;
        for (int at = 0; at < ogg.length; ) {
            int segments = ogg[at + 26] & 0xFF;
            last = ByteBuffer.wrap(ogg, at + 6, 8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            int body = at + 27 + segments;
            for (int i = 0; i < segments; i++) {
                body += ogg[at + 27 + i] & 0xFF;
            }
            at = body;
        }
        return last;
    }

    /** Samples of 48 kHz, decoded by the decoder named: ffmpeg's own {@code opus}, or the reference {@code libopus}. */
    static short[] decode(Path folder, byte[] ogg, String decoder) throws IOException {
        Path in = Files.write(folder.resolve("decode.ogg"), ogg);
        Path out = folder.resolve("decode.raw");
        String said =
                run("-c:a", decoder, "-i", in.toString(), "-f", "s16le", "-ac", "1", "-ar", "48000", out.toString());
        if (!said.isBlank()) {
            throw new AssertionError("ffmpeg says: " + said);
        }
        byte[] bytes = Files.readAllBytes(out);
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private static String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-loglevel", "warning", "-y"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + " failed: " + said);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return said;
    }

    /** Root mean square of some samples. */
    static double loudness(short[] samples, double fromSeconds, double toSeconds) {
        int from = (int) (fromSeconds * 48_000);
        int to = Math.min(samples.length, (int) (toSeconds * 48_000));
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return Math.sqrt(sum / Math.max(1, to - from));
    }

    /** Which of these frequencies is strongest, by Goertzel's filter. */
    static int strongest(short[] samples, double fromSeconds, double toSeconds, int... hertz) {
        int best = 0;
        double most = -1;
        for (int frequency : hertz) {
            double w = 2 * Math.PI * frequency / 48_000;
            double before = 0;
            double last = 0;
            for (int i = (int) (fromSeconds * 48_000); i < Math.min(samples.length, (int) (toSeconds * 48_000)); i++) {
                double next = samples[i] + 2 * Math.cos(w) * last - before;
                before = last;
                last = next;
            }
            double power = last * last + before * before - 2 * Math.cos(w) * last * before;
            if (power > most) {
                most = power;
                best = frequency;
            }
        }
        return best;
    }
}
