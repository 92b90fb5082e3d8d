package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.conurb.video.PictureMemory.Fault;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureMemoryTest {
    private static final Instant EIGHT = Instant.parse("2026-03-01T08:00:00Z");

    private final PictureMemory memory = new PictureMemory();
    private final Random random = new Random(3);
    private final float[] street = scene(7, 0);
    private int looks;

    @Test
    void aStreetByDayAndNightWithPeopleInItIsNotMoved() {
        for (int i = 0; i < 400; i++) {
            float light = (float) (0.55 + 0.45 * Math.cos(i / 60.0));
            float[] now = lit(street, light);
            for (int person = 0; person < 6; person++) {
                paint(now, random.nextInt(14) + 3, random.nextInt(31), 2, 1, random.nextInt(200));
            }
            look(now);
            assertThat(faults()).as("look %d", i).isEmpty();
        }
    }

    @Test
    void theLightOfAMomentIsNotAMove() {
        usual();

        for (float light : new float[] {0.12f, 1, 0.2f, 0.1f, 1}) {
            look(lit(street, light));
            look(lit(street, light));
            assertThat(faults()).isEmpty();
        }
    }

    @Test
    void aBusThatStandsBeforeAThirdOfItIsNotAMove() {
        usual();
        for (int i = 0; i < 60; i++) {
            float[] now = lit(street, 1);
            paint(now, random.nextInt(9) + 1, random.nextInt(20), 8, 12, random.nextInt(256));
            look(now);
            assertThat(faults()).as("look %d", i).isEmpty();
        }
    }

    @Test
    void anotherViewIsAMoveAtTheSecondLookUntilItIsTurnedBack() {
        usual();
        float[] other = scene(8, 0);

        look(lit(other, 1));
        assertThat(faults()).isEmpty();
        Instant second = look(lit(other, 0.8f));
        assertThat(memory.since(Fault.MOVED)).contains(second.minusSeconds(30));
        for (int i = 0; i < 50; i++) {
            look(lit(other, 1));
        }
        assertThat(faults()).containsExactly(Fault.MOVED);

        look(lit(street, 1));
        assertThat(faults()).containsExactly(Fault.MOVED);
        look(lit(street, 1));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aPushOfAnEighthOfThePictureIsAMoveAndTheSwayOfAMastIsNot() {
        for (int seed = 10; seed < 40; seed++) {
            PictureMemory one = new PictureMemory();
            for (int i = 0; i < 5; i++) {
                one.look(noisy(lit(scene(seed, 0), 1)), EIGHT.plusSeconds(30 * i), Optional::empty);
            }
            for (int i = 5; i < 10; i++) {
                one.look(noisy(lit(scene(seed, i % 2), 1)), EIGHT.plusSeconds(30 * i), Optional::empty);
                assertThat(one.since(Fault.MOVED)).as("seed %d", seed).isEmpty();
            }
            for (int i = 10; i < 12; i++) {
                one.look(noisy(lit(scene(seed, 4), 1)), EIGHT.plusSeconds(30 * i), Optional::empty);
            }
            assertThat(one.since(Fault.MOVED)).as("seed %d", seed).isPresent();
        }
    }

    @Test
    void blackIsDarkAndEvenAndANightWithLampsIsNot() {
        usual();
        float[] black = new float[BrightnessGrid.FIELDS];
        Arrays.fill(black, 16);
        paint(black, 0, 2, 1, 12, 200); // its clock
        float[] lamps = new float[BrightnessGrid.FIELDS];
        for (int i = 0; i < 14; i++) {
            paint(lamps, 3 + i % 11, i * 2, 2, 1, 180);
        }

        look(lamps);
        look(lamps);
        assertThat(faults()).doesNotContain(Fault.BLACK);
        look(black);
        look(black);
        assertThat(faults()).containsExactly(Fault.BLACK);
        look(black);
        assertThat(faults()).containsExactly(Fault.BLACK);
        look(lit(street, 1));
        look(lit(street, 1));
        assertThat(faults()).isEmpty();
    }

    @Test
    void fogShowsNothingToTellAMoveBy() {
        usual();
        float[] fog = new float[BrightnessGrid.FIELDS];
        Arrays.fill(fog, 170);

        for (int i = 0; i < 5; i++) {
            look(fog);
        }

        assertThat(faults()).isEmpty();
    }

    @Test
    void thePictureThatNeverChangesIsFrozenAndAnEmptyStreetIsNot() {
        usual();
        for (int i = 0; i < 100; i++) {
            look(lit(street, 1));
        }
        assertThat(faults()).isEmpty();
        BrightnessGrid stuck = noisy(lit(street, 1));
        for (int i = 0; i < 3; i++) {
            memory.look(stuck, at(), () -> Optional.of(stuck));
        }
        assertThat(faults()).containsExactly(Fault.FROZEN);

        look(lit(street, 1));
        look(lit(street, 1));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aSceneThatComesAroundAgainIsNotFrozen() {
        BrightnessGrid now = noisy(lit(street, 1));
        BrightnessGrid shortlyBefore = noisy(lit(street, 1));
        for (int i = 0; i < 20; i++) {
            memory.look(now, at(), () -> Optional.of(shortlyBefore));
        }
        assertThat(faults()).isEmpty();
    }

    @Test
    void afterARestartAMoveStaysKnownAndEndsWithTheUsualView() {
        usual();
        PictureMemory.Usual kept = memory.usual().orElseThrow();
        PictureMemory fresh = new PictureMemory();
        fresh.resume(new PictureMemory.Usual(BrightnessGrid.of(kept.view().bytes()), kept.looks()));
        fresh.resume(Fault.MOVED, EIGHT);

        for (int i = 0; i < 5; i++) {
            fresh.look(noisy(scene(8, 0)), at(), Optional::empty);
        }
        assertThat(fresh.since(Fault.MOVED)).contains(EIGHT);
        fresh.look(noisy(street), at(), Optional::empty);
        fresh.look(noisy(street), at(), Optional::empty);
        assertThat(fresh.since(Fault.MOVED)).isEmpty();
    }

    @Test
    void inRealFootagePeoplePassAndACameraThatIsPushedIsFound(@TempDir Path folder)
            throws IOException, InterruptedException {
        List<BrightnessGrid> before = footage(folder, "crop=iw*0.85:ih:0:0");
        List<BrightnessGrid> pushed = footage(folder, "crop=iw*0.85:ih:iw*0.15:0");
        assertThat(before).hasSizeGreaterThan(30);

        for (BrightnessGrid now : before) {
            memory.look(now, at(), Optional::empty);
            assertThat(faults()).isEmpty();
        }
        memory.look(pushed.get(0), at(), Optional::empty);
        memory.look(pushed.get(1), at(), Optional::empty);
        assertThat(faults()).containsExactly(Fault.MOVED);
    }

    private static List<BrightnessGrid> footage(Path folder, String crop) throws IOException, InterruptedException {
        Path ffmpeg = Path.of("/usr/bin/ffmpeg");
        Path video = Path.of("/usr/share/doc/opencv-doc/examples/data/vtest.avi");
        Assumptions.assumeTrue(Files.isExecutable(ffmpeg), "ffmpeg is not installed");
        Assumptions.assumeTrue(Files.isReadable(video), "opencv-doc is not installed");
        Path raw = folder.resolve("grids");
        List<String> command = new ArrayList<>(List.of(ffmpeg.toString(), "-v", "error", "-y", "-i", video.toString()));
        command.addAll(List.of("-vf", "fps=1/2," + crop + ",scale=32:18:flags=area,format=gray", "-f", "rawvideo"));
        command.add(raw.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        byte[] bytes = Files.readAllBytes(raw);
        List<BrightnessGrid> grids = new ArrayList<>();
        for (int i = 0; i + BrightnessGrid.FIELDS <= bytes.length; i += BrightnessGrid.FIELDS) {
            grids.add(BrightnessGrid.of(Arrays.copyOfRange(bytes, i, i + BrightnessGrid.FIELDS)));
        }
        return grids;
    }

    private void usual() {
        for (int i = 0; i < 30; i++) {
            look(lit(street, 1));
        }
        assertThat(faults()).isEmpty();
    }

    private List<Fault> faults() {
        return Arrays.stream(Fault.values())
                .filter(fault -> memory.since(fault).isPresent())
                .toList();
    }

    private Instant at() {
        return EIGHT.plusSeconds(30L * looks++);
    }

    private Instant look(float[] fields) {
        Instant at = at();
        memory.look(noisy(fields), at, () -> Optional.of(noisy(fields)));
        return at;
    }

    /** With what a sensor adds to the mean of a field. */
    private BrightnessGrid noisy(float[] fields) {
        return grid(fields, random);
    }

    static BrightnessGrid grid(float[] fields, Random random) {
        byte[] bytes = new byte[BrightnessGrid.FIELDS];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.clamp(Math.round(fields[i] + random.nextGaussian() * 0.3), 0, 255);
        }
        return BrightnessGrid.of(bytes);
    }

    /** Houses, windows and a road, seen {@code right} fields farther to the right. */
    static float[] scene(int seed, int right) {
        Random random = new Random(seed);
        float[] wide = new float[BrightnessGrid.ROWS * 64];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = 200 - i / 64f * 4;
        }
        for (int house = 0; house < 40; house++) {
            int top = random.nextInt(16);
            int left = random.nextInt(60);
            int height = 2 + random.nextInt(6);
            int width = 2 + random.nextInt(6);
            float bright = 20 + random.nextInt(210);
            for (int y = top; y < Math.min(BrightnessGrid.ROWS, top + height); y++) {
                Arrays.fill(wide, y * 64 + left, y * 64 + Math.min(64, left + width), bright);
            }
        }
        float[] seen = new float[BrightnessGrid.FIELDS];
        for (int y = 0; y < BrightnessGrid.ROWS; y++) {
            System.arraycopy(wide, y * 64 + right, seen, y * BrightnessGrid.COLUMNS, BrightnessGrid.COLUMNS);
        }
        return seen;
    }

    /** Under less light, with a shadow that falls from one side. */
    private static float[] lit(float[] scene, float light) {
        float[] fields = new float[BrightnessGrid.FIELDS];
        for (int i = 0; i < fields.length; i++) {
            float shadow = 1 - 0.4f * (1 - light) * (i % BrightnessGrid.COLUMNS) / BrightnessGrid.COLUMNS;
            fields[i] = scene[i] * light * shadow;
        }
        return fields;
    }

    private static void paint(float[] fields, int top, int left, int height, int width, float bright) {
        for (int y = top; y < Math.min(BrightnessGrid.ROWS, top + height); y++) {
            for (int x = left; x < Math.min(BrightnessGrid.COLUMNS, left + width); x++) {
                fields[y * BrightnessGrid.COLUMNS + x] = bright;
            }
        }
    }
}
