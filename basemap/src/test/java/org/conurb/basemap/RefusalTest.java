package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.basemap.TestExtract.anExtract;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.conurb.basemap.Fixtures.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that cannot become a map: named, with what to do, code 2, and nothing left behind. */
class RefusalTest {
    @TempDir
    Path folder;

    @Test
    void aMissingFileIsNamed() throws IOException {
        refused(folder.resolve("nowhere.osm.pbf"), "There is no file", "geofabrik");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        refused(Files.createFile(folder.resolve("a.osm.pbf")), "is empty", "again");
    }

    @Test
    void anotherFormIsRefusedWithTheCommandThatTurnsIt() throws IOException {
        refused(Files.writeString(folder.resolve("a.osm"), "<osm/>"), "does not end in .osm.pbf", "osmium cat");
    }

    @Test
    void aFolderIsRefused() throws IOException {
        refused(Files.createDirectory(folder.resolve("a.osm.pbf")), "not a file that can be read", "permissions");
    }

    @Test
    void randomBytesAreRefused() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5000)];
            random.nextBytes(bytes);
            if (i % 2 == 0) { // a plausible length first, so that what follows is looked at
                Arrays.fill(bytes, 0, Math.min(3, bytes.length), (byte) 0);
            }
            refused(Files.write(folder.resolve("a.osm.pbf"), bytes), "a.osm.pbf", "again");
        }
    }

    @Test
    void anExtractCutAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(aStreet().write(folder.resolve("whole.osm.pbf")));
        for (int length = 1; length < whole.length; length += 3) {
            refused(Files.write(folder.resolve("a.osm.pbf"), Arrays.copyOf(whole, length)), "a.osm.pbf", "again");
        }
    }

    @Test
    void oneChangedByteInPackedDataIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(aStreet().write(folder.resolve("whole.osm.pbf")));
        for (int at = whole.length - 40; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) 0xFF; // all bits: single ones may be padding
            refused(Files.write(folder.resolve("a.osm.pbf"), changed), "a.osm.pbf", "again");
        }
    }

    @Test
    void garbageThatIsWellPackedIsRefusedWhileWorking() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[500];
            random.nextBytes(garbage);
            refused(aStreet().holding(garbage).write(folder.resolve("a.osm.pbf")), "is damaged", "again");
        }
    }

    @Test
    void theRecordedMonacoCutInTheMiddleIsRefused() throws IOException {
        Path cut = Files.copy(Fixtures.osm("monaco.osm.pbf"), folder.resolve("a.osm.pbf"));
        assertThat(cut.toFile().setWritable(true)).isTrue();
        try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
            channel.truncate(300_000);
        }
        refused(cut, "is cut off", "again");
    }

    @Test
    void packingAndFeaturesNotReadHereAreNamed() throws IOException {
        refused(aStreet().packedWithLz4().write(folder.resolve("a.osm.pbf")), "packed in a way", "compression=zlib");
        refused(
                aStreet().requiring("HistoricalInformation").write(folder.resolve("a.osm.pbf")),
                "HistoricalInformation",
                "without history");
    }

    @Test
    void unsortedAndUnpublishedNumbersAreRefusedWithTheCommandThatHelps() throws IOException {
        refused(
                anExtract()
                        .box(7, 43, 7.1, 43.1)
                        .node(5, 7.01, 43.01)
                        .node(4, 7.02, 43.02)
                        .write(folder.resolve("a.osm.pbf")),
                "not in order",
                "osmium sort");
        refused(
                anExtract().box(7, 43, 7.1, 43.1).node(-5, 7.01, 43.01).write(folder.resolve("a.osm.pbf")),
                "never uploaded",
                "osmium renumber");
    }

    @Test
    void anAreaOutsideTheExtractIsRefused() throws IOException {
        Path extract = aStreet().write(folder.resolve("a.osm.pbf"));
        Outcome outcome = Fixtures.run(extract, folder.resolve("map.pmtiles"), "--area", "20,50,21,51");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("outside the extract");
        assertNothingLeft();
    }

    @Test
    void aCommandLineThatIsWrongSaysHowItGoes() throws IOException {
        for (String[] arguments : List.of(
                new String[] {},
                new String[] {"a.osm.pbf"},
                new String[] {"a.osm.pbf", "map.txt"},
                new String[] {"a.osm.pbf", "map.pmtiles", "more"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--area"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--area", "1,2,3"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--area", "7,44,6,45"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--area", "a,b,c,NaN"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--threads", "0"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--threads", "many"},
                new String[] {"a.osm.pbf", "map.pmtiles", "--fast"})) {
            Outcome outcome = Fixtures.run((Object[]) arguments);
            assertThat(outcome.code()).as("%s", Arrays.toString(arguments)).isEqualTo(2);
            assertThat(outcome.err().lines()).hasSize(2).allMatch(line -> line.startsWith("basemap: "));
        }
    }

    @Test
    void aRefusalLeavesTheFormerMapInPlace() throws IOException {
        Path map = Files.writeString(folder.resolve("map.pmtiles"), "the former map");
        Path cut = Files.write(folder.resolve("a.osm.pbf"), new byte[] {0, 0, 0, 13});
        assertThat(Fixtures.run(cut, map).code()).isEqualTo(2);
        assertThat(map).hasContent("the former map");
    }

    private static TestExtract aStreet() {
        return anExtract()
                .box(7, 43, 7.1, 43.1)
                .node(1, 7.01, 43.01)
                .node(2, 7.02, 43.02)
                .way(3, List.of(1L, 2L), "highway", "residential", "name", "Rue Grimaldi");
    }

    private void refused(Path extract, String what, String remedy) throws IOException {
        Outcome outcome = Fixtures.run(extract, folder.resolve("map.pmtiles"));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err()).contains(what).contains(remedy);
        assertThat(outcome.out()).doesNotContain("wrote");
        assertNothingLeft();
    }

    private void assertNothingLeft() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("pmtiles"));
        }
    }
}
