package org.conurb.demo;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes the clips that the demo's cameras show: draws a {@link Scene}, lets ffmpeg (with libx264, a tool of making only)
 * encode it to H.264 Baseline, and moves the picture down by a strip that {@link ClockStrip} fills while it is served.
 * Again: {@code java -cp 'demo/target/demo-0.1.0.jar:demo/target/lib/*' org.conurb.demo.Demo clips demo/src/main/resources/clips}.
 */
final class ClipMaker {
    static final int FRAMES_A_SECOND = 25;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 720 - 32;

    private ClipMaker() {}

    static void make(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (Scene scene : Scene.values()) {
            String name = scene.name().toLowerCase(Locale.ROOT);
            Path main = folder.resolve(name + ".raw.h264");
            Path sub = folder.resolve(name + "-sub.raw.h264");
            encode(scene, main, sub);
            Files.write(folder.resolve(name + ".h264"), lowered(Files.readAllBytes(main), 2, WIDTH / 16));
            Files.write(folder.resolve(name + "-sub.h264"), lowered(Files.readAllBytes(sub), 1, WIDTH / 32));
            Files.delete(main);
            Files.delete(sub);
        }
    }

    private static void encode(Scene scene, Path main, Path sub) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-y", "-f", "rawvideo"));
        command.addAll(List.of("-pix_fmt", "bgr24", "-s", WIDTH + "x" + HEIGHT, "-r", "25", "-i", "-"));
        output(command, "scale=1280:688", "440k", "31", main);
        output(command, "scale=640:344", "150k", "30", sub);
        Process ffmpeg = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        try (OutputStream frames = new BufferedOutputStream(ffmpeg.getOutputStream(), 1 << 20)) {
            for (int frame = 0; frame < Scene.LOOP_SECONDS * FRAMES_A_SECOND; frame++) {
                scene.draw(picture, frame / (double) FRAMES_A_SECOND);
                edge(picture);
                frames.write(((DataBufferByte) picture.getRaster().getDataBuffer()).getData());
            }
        }
        if (ffmpeg.waitFor() != 0) {
            throw new IOException("ffmpeg failed; is it one with libx264?");
        }
    }

    /** Motion may point above the picture, where the strip will be: the edge has the strip's colour. */
    private static void edge(BufferedImage picture) {
        var pen = picture.createGraphics();
        pen.setColor(new java.awt.Color(7, 7, 7));
        pen.fillRect(0, 0, WIDTH, 4);
        pen.dispose();
    }

    private static void output(List<String> command, String filter, String rate, String level, Path file) {
        command.addAll(List.of("-vf", filter, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-profile:v", "baseline"));
        command.addAll(List.of("-level", level.equals("31") ? "3.1" : "3.0", "-preset", "slow"));
        command.addAll(List.of("-threads", "1"));
        command.addAll(List.of("-x264-params", "ref=1:keyint=50:min-keyint=50:scenecut=0:slices=1"));
        command.addAll(List.of("-b:v", rate, "-maxrate", "900k", "-bufsize", "1800k", "-f", "h264", file.toString()));
    }

    /** The same pictures, {@code rows} rows of macroblocks further down in a picture that is so much taller. */
    static byte[] lowered(byte[] stream, int rows, int macroblocksARow) {
        List<byte[]> lowered = new ArrayList<>();
        for (byte[] nal : AnnexB.split(stream)) {
            switch (AnnexB.type(nal)) {
                case AnnexB.SPS -> first(lowered, SequenceSet.taller(nal, rows));
                case AnnexB.PPS -> first(lowered, nal);
                case AnnexB.SLICE, AnnexB.KEY_SLICE -> {
                    BitReader slice = new BitReader(nal);
                    BitWriter moved = new BitWriter().ue(slice.ue() + rows * macroblocksARow);
                    slice.copyRest(moved);
                    lowered.add(moved.nal(nal[0]));
                }
                default -> {} // words of the encoder
            }
        }
        return AnnexB.join(lowered);
    }

    /** Parameter sets stand at the beginning only; RTSP tells them apart from the pictures. */
    private static void first(List<byte[]> nals, byte[] nal) {
        if (nals.stream().noneMatch(known -> AnnexB.type(known) == AnnexB.type(nal))) {
            nals.add(nal);
        }
    }
}
