package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.conurb.hub.Attribute;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.ResponseEntity;

class StillsStoreTest {
    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera camera;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        camera = doors.camera("Market square");
    }

    @Test
    void aStillIsTheNewestKeyFrameOfWhatWasRecorded() throws IOException, InterruptedException {
        byte[] mp4 = fragmented();
        int moof = indexOf(mp4, "moof") - 4;
        recorded(Arrays.copyOf(mp4, moof), Arrays.copyOfRange(mp4, moof, mp4.length));
        try (StillProcess process = process()) {
            StillController controller = controller(process);

            ResponseEntity<byte[]> answer =
                    controller.snapshot(camera.urn(), EIGHT.plusSeconds(5).toString(), 160, null, doors.dispatcher);

            BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.getBody()));
            assertThat(image.getWidth()).isEqualTo(160);
            assertThat(answer.getHeaders().getFirst("Conurb-Taken-At")).isEqualTo(EIGHT.toString());
            assertThat(doors.audit.actions()).contains("camera.stills.read");

            doors.access.withoutPurpose();
            assertThatThrownBy(() -> controller.snapshot(camera.urn(), null, 160, null, doors.dispatcher))
                    .isInstanceOf(Denied.class);
        }
    }

    @Test
    void aProcessThatDiesIsStartedAnewAndTakesNothingAlong() {
        KeyFrame frame = new KeyFrame(false, new byte[4], new byte[100]);
        try (StillProcess process = new StillProcess(List.of("/bin/false"))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> process.decode(frame, 0)).isInstanceOf(ConurbException.class);
            }
        }
        try (StillProcess none = new StillProcess(List.of())) {
            assertThatThrownBy(() -> none.decode(frame, 0)).isInstanceOf(ConurbException.class);
        }
    }

    @Test
    void whatIsNoRecordingHasNoKeyFrame() throws IOException, InterruptedException {
        Random random = new Random(2);
        for (int i = 0; i < 1_000; i++) {
            byte[] init = new byte[random.nextInt(200)];
            byte[] fragment = new byte[random.nextInt(200)];
            random.nextBytes(init);
            random.nextBytes(fragment);
            assertThat(KeyFrame.of(init, fragment)).isEmpty();
        }
        byte[] mp4 = fragmented();
        int moof = indexOf(mp4, "moof") - 4;
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = mp4.clone();
            for (int n = 0; n < 4; n++) {
                changed[random.nextInt(Math.min(changed.length, moof + 200))] = (byte) random.nextInt();
            }
            KeyFrame.of(Arrays.copyOf(changed, moof), Arrays.copyOfRange(changed, moof, changed.length));
        }
    }

    @Test
    void aCamerasEntityFollowsItsStateAndHealthNamesWhatIsNotRecording() {
        CameraWatch watch = new CameraWatch(doors.transactions, doors.cameras, doors.lines, doors.entities);
        HealthController health = doors.health();
        assertThat(watch.step()).isEqualTo(1);
        assertThat(watch.step()).isZero();
        assertThat(health.health(doors.dispatcher).notRecording()).isEmpty();

        doors.lines.state = CameraStatus.State.STALLED;

        assertThat(watch.step()).isEqualTo(1);
        assertThat(doors.in(() -> doors.entities.find(camera.urn()))
                        .orElseThrow()
                        .attribute("state"))
                .contains(Attribute.property("stalled"));
        HealthController.HealthView view = health.health(doors.dispatcher);
        assertThat(view.wanted()).isEqualTo(1);
        assertThat(view.recording()).isZero();
        assertThat(view.notRecording())
                .singleElement()
                .satisfies(missing -> assertThat(missing.reason()).isEqualTo("No packets for 5 s."));
    }

    @Test
    void aFindingIsAnEntityThatOpensAndCloses() {
        Findings findings = doors.findings();
        RecordingListener.Finding finding = new RecordingListener.Finding(
                java.util.Optional.of(camera.id()), "not-recording", EIGHT, "No packets for 5 s.", "Look at its plug.");

        findings.opened(finding);
        assertThat(state(finding)).isEqualTo(Attribute.property("open"));
        findings.closed(finding, EIGHT.plusSeconds(60));
        assertThat(state(finding)).isEqualTo(Attribute.property("closed"));
    }

    private Object state(RecordingListener.Finding finding) {
        return doors.in(() -> doors.entities.find(Findings.urn(finding)))
                .orElseThrow()
                .attribute("state")
                .orElseThrow();
    }

    private StillController controller(StillProcess process) {
        return new StillController(
                doors.cameras,
                new Stills(doors.recordings, process),
                doors.views,
                doors.access,
                doors.transactions,
                doors.clock);
    }

    private static StillProcess process() {
        Path target = Path.of("../pictures/target");
        Assumptions.assumeTrue(Files.exists(target.resolve("pictures-0.1.0.jar")), "pictures is not built");
        return new StillProcess(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                target.resolve("pictures-0.1.0.jar") + ":" + target.resolve("lib") + "/*",
                "org.conurb.pictures.Pictures"));
    }

    private void recorded(byte[] init, byte[] fragment) throws IOException {
        CameraFolder place = CameraFolder.of(folder, camera.organisation(), camera.id());
        Path path = place.hour(EIGHT);
        Files.createDirectories(path);
        try (HourIndex index = HourIndex.open(path, EIGHT)) {
            index.add(
                    new IndexRecord(
                            EIGHT.toEpochMilli() * 90,
                            180_000,
                            IndexRecord.KEY,
                            0,
                            init.length,
                            fragment.length,
                            init.length),
                    new byte[32]);
        }
        Files.write(
                path.resolve(EIGHT.toEpochMilli() + ".mp4"),
                ByteBuffer.allocate(init.length + fragment.length)
                        .put(init)
                        .put(fragment)
                        .array());
    }

    /** One fragment of a test picture. */
    private byte[] fragmented() throws IOException, InterruptedException {
        Path ffmpeg = Path.of("/usr/bin/ffmpeg");
        Assumptions.assumeTrue(Files.isExecutable(ffmpeg), "ffmpeg is not installed");
        Path file = folder.resolve("k.mp4");
        String options = "-v error -y -f lavfi -i testsrc=size=320x180:rate=25 -frames:v 3 -c:v libx264 -g 25"
                + " -pix_fmt yuv420p -movflags +frag_keyframe+empty_moov+default_base_moof";
        List<String> command = new java.util.ArrayList<>(List.of(ffmpeg.toString()));
        command.addAll(List.of(options.split(" ")));
        command.add(file.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return Files.readAllBytes(file);
    }

    private static int indexOf(byte[] bytes, String type) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(type);
    }
}
