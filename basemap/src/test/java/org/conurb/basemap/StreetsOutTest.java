package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.basemap.TestExtract.anExtract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.conurb.basemap.Fixtures.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreetsOutTest {
    @TempDir
    Path folder;

    @Test
    void drivableWaysAndNamesLieBesideTheMapOfARealCity() throws IOException {
        Path streets = folder.resolve("streets");

        Outcome outcome =
                Fixtures.run(Fixtures.osm("monaco.osm.pbf"), folder.resolve("m.pmtiles"), "--streets", streets);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .containsPattern("basemap: [\\d,]{3,} drivable ways, [\\d,]{3,} names and house numbers");
        assertThat(Files.size(streets.resolve("ways"))).isGreaterThan(10_000);
        assertThat(Files.readString(streets.resolve("places"), StandardCharsets.ISO_8859_1))
                .contains("Rue Grimaldi");
    }

    @Test
    void withoutTheOptionThereIsOnlyTheMap() throws IOException {
        Path extract = anExtract().node(1, 7.01, 43.01).node(2, 7.02, 43.02).write(folder.resolve("a.osm.pbf"));

        assertThat(Fixtures.run(extract, folder.resolve("m.pmtiles")).code()).isZero();

        assertThat(folder.resolve("streets")).doesNotExist();
    }

    @Test
    void aFootPathIsNoWayForAVehicle() throws IOException {
        Path streets = folder.resolve("streets");
        Path extract = anExtract()
                .node(1, 7.01, 43.01)
                .node(2, 7.02, 43.02)
                .way(5, List.of(1L, 2L), "highway", "footway")
                .way(6, List.of(1L, 2L), "highway", "residential")
                .write(folder.resolve("a.osm.pbf"));

        Outcome outcome = Fixtures.run(extract, folder.resolve("m.pmtiles"), "--streets", streets);

        assertThat(outcome.out()).contains("basemap: 1 drivable ways");
        assertThat(Files.size(streets.resolve("ways"))).isEqualTo(4 + 9 + 2 * 16);
    }
}
