package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Denied;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two recordings of 20 s, from eight and from nine, with a key frame every 2 s; pictures are numbered as they are made. */
class ThumbnailsStoreTest {
    private static final Instant NINE = EIGHT.plus(Duration.ofHours(1));

    @TempDir
    private Path folder;

    @AutoClose
    private Doors doors;

    private Camera camera;
    private StillProcess process;
    private ThumbnailController controller;
    private StillController single;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        camera = doors.camera("Market square");
        recorded(EIGHT);
        recorded(NINE);
        process = new StillProcess(FakePictures.command());
        Stills stills = new Stills(doors.recordings, process);
        controller = new ThumbnailController(doors.cameras, stills, doors.views, doors.access, doors.transactions);
        single = new StillController(doors.cameras, stills, doors.views, doors.access, doors.transactions, doors.clock);
        doors.audit.clear();
    }

    @AfterEach
    void close() {
        process.close();
    }

    private ThumbnailController.Strip strip(Instant from, Instant to, long step) {
        return controller
                .strip(camera.urn(), from.toString(), to.toString(), step, 160, null, doors.dispatcher)
                .getBody();
    }

    private static List<Instant> moments(ThumbnailController.Strip strip) {
        return strip.items().stream()
                .map(ThumbnailController.Thumbnail::takenAt)
                .toList();
    }

    private static List<Integer> numbers(ThumbnailController.Strip strip) {
        return strip.items().stream()
                .map(one -> ByteBuffer.wrap(one.jpeg()).getInt())
                .toList();
    }

    @Test
    void aStripHasThePictureOfEachStepOnceAndNothingWhereNothingIsRecorded() {
        ThumbnailController.Strip fives = strip(EIGHT.minusSeconds(10), EIGHT.plusSeconds(50), 5);

        assertThat(moments(fives))
                .containsExactly(
                        EIGHT,
                        EIGHT.plusSeconds(4),
                        EIGHT.plusSeconds(10),
                        EIGHT.plusSeconds(14),
                        EIGHT.plusSeconds(18));
        assertThat(numbers(fives)).containsExactly(1, 2, 3, 4, 5);
        assertThat(strip(EIGHT.plusSeconds(60), EIGHT.plusSeconds(120), 5).items())
                .isEmpty();
    }

    @Test
    void picturesThatWereMadeAreNotMadeAgainWhereverTheStripBegins() {
        strip(EIGHT, EIGHT.plusSeconds(20), 5);

        assertThat(numbers(strip(EIGHT.plusMillis(5_400), EIGHT.plusSeconds(20), 5)))
                .containsExactly(2, 3, 4);
    }

    @Test
    void lookingOverAnHourIsWrittenOnceAndPlayingItStillIs() {
        for (int second = 0; second < 20; second++) {
            Instant moment = EIGHT.plusSeconds(second);
            strip(moment, moment.plusSeconds(5), 1);
            single.snapshot(camera.urn(), moment.toString(), 160, null, doors.dispatcher);
        }
        assertThat(doors.audit.actions()).containsExactly("camera.stills.read");
        assertThat(doors.audit.entries().getFirst().facts())
                .containsEntry("from", EIGHT.toString())
                .containsEntry("to", NINE.toString());

        strip(NINE.minusSeconds(5), NINE.plusSeconds(5), 1);
        doors.in(() -> doors.views.play(
                doors.dispatcher, camera, java.util.Optional.empty(), Views.Use.PLAY, EIGHT, EIGHT.plusSeconds(5)));
        assertThat(doors.audit.actions())
                .containsExactly("camera.stills.read", "camera.stills.read", "camera.play.read");
    }

    @Test
    void withoutAPurposeThereIsNoStripAndAStripWithoutBoundsIsRefused() {
        for (Object[] wrong : new Object[][] {
            {EIGHT, EIGHT, 5L},
            {EIGHT.plusSeconds(5), EIGHT, 5L},
            {EIGHT, EIGHT.plusSeconds(61), 1L},
            {EIGHT, EIGHT.plus(Duration.ofHours(25)), 3_600L},
            {EIGHT, EIGHT.plusSeconds(5), 0L},
            {EIGHT, EIGHT.plusSeconds(5), Long.MIN_VALUE}
        }) {
            assertThatThrownBy(() -> strip((Instant) wrong[0], (Instant) wrong[1], (long) wrong[2]))
                    .isInstanceOf(BadRequest.class);
        }
        doors.access.withoutPurpose();
        assertThatThrownBy(() -> strip(EIGHT, EIGHT.plusSeconds(5), 1)).isInstanceOf(Denied.class);
        assertThat(doors.audit.actions()).isEmpty();
    }

    private void recorded(Instant begins) throws IOException {
        byte[] mp4 = fragmented();
        int moof = new String(mp4, StandardCharsets.ISO_8859_1).indexOf("moof") - 4;
        byte[] fragment = Arrays.copyOfRange(mp4, moof, mp4.length);
        Path path = Files.createDirectories(
                CameraFolder.of(folder, camera.organisation(), camera.id()).hour(begins));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(mp4, 0, moof);
        try (HourIndex index = HourIndex.open(path, begins)) {
            for (int i = 0; i < 10; i++) {
                long start = (begins.toEpochMilli() + i * 2_000L) * 90;
                index.add(
                        new IndexRecord(start, 180_000, IndexRecord.KEY, 0, file.size(), fragment.length, moof),
                        new byte[32]);
                file.writeBytes(fragment);
            }
        }
        Files.write(path.resolve(begins.toEpochMilli() + ".mp4"), file.toByteArray());
    }

    /** One fragment of a test picture. */
    private byte[] fragmented() throws IOException {
        Studio.needs("ffmpeg");
        Path file = folder.resolve("k.mp4");
        Studio.run(("ffmpeg -v error -y -f lavfi -i testsrc=size=320x180:rate=25 -frames:v 3 -c:v libx264 -g 25"
                        + " -pix_fmt yuv420p -movflags +frag_keyframe+empty_moov+default_base_moof " + file)
                .split(" "));
        return Files.readAllBytes(file);
    }
}
