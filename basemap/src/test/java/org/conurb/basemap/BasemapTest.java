package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.conurb.basemap.TestExtract.anExtract;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.conurb.basemap.Fixtures.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasemapTest {
    @TempDir
    Path folder;

    /** As the launcher runs it: own process, own class path, 512 MB. */
    @Test
    void monacoBecomesAMapWithStreetsAndSea() throws Exception {
        Path extract = Fixtures.osm("monaco.osm.pbf");
        Path file = folder.resolve("a city/monaco.pmtiles");
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        "target/classes" + File.pathSeparator + "target/lib/*",
                        "org.conurb.basemap.Basemap",
                        extract.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        assertThat(lines).allMatch(line -> line.startsWith("basemap: ")).endsWith("basemap: 100 % done");
        assertThat(percents(lines)).isSorted();
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }

        try (DrawnMap map = new DrawnMap(file)) {
            var metadata = map.tiles.metadata();
            assertThat(metadata.attribution()).isEqualTo("© OpenStreetMap contributors");
            assertThat(metadata.json().vectorLayers())
                    .extracting(layer -> layer.id())
                    .contains("earth", "water", "landuse", "roads", "buildings", "places", "pois", "boundaries");
            var header = map.tiles.getHeader();
            assertThat(header.minZoom()).isZero();
            assertThat((int) header.maxZoom()).isEqualTo(15);
            assertThat(header.bounds().getMinX()).isCloseTo(7.409205, within(1e-5));
            assertThat(header.bounds().getMinY()).isCloseTo(43.72335, within(1e-5));
            assertThat(header.bounds().getMaxX()).isCloseTo(7.448637, within(1e-5));
            assertThat(header.bounds().getMaxY()).isCloseTo(43.75169, within(1e-5));
            assertThat(header.centerLonE7() / 1e7).isCloseTo(7.428921, within(1e-4));

            assertThat(map.values(15, "roads", "name"))
                    .contains("Rue Grimaldi", "Boulevard des Moulins", "Avenue de Monte-Carlo");
            assertThat(map.values(15, "roads", "kind")).contains("major_road", "minor_road", "path", "rail");
            assertThat(map.values(15, "pois", "kind")).contains("hospital", "police", "fire_station", "station");
            assertThat(map.values(14, "places", "name")).contains("Monaco");
            assertThat(map.features(15, "roads"))
                    .anyMatch(road -> Boolean.TRUE.equals(road.tags().get("is_tunnel")));
            assertThat(map.features(12, "boundaries"))
                    .anyMatch(line -> Long.valueOf(2).equals(line.tags().get("kind_detail")));

            for (int zoom : new int[] {10, 13, 14, 15}) {
                assertThat(map.covers("water", 43.727, 7.430, zoom))
                        .as("open sea")
                        .isTrue();
                assertThat(map.covers("water", 43.740, 7.440, zoom))
                        .as("open sea")
                        .isTrue();
                assertThat(map.covers("water", 43.7392, 7.4276, zoom))
                        .as("casino")
                        .isFalse();
                assertThat(map.covers("water", 43.7314, 7.4197, zoom))
                        .as("palace")
                        .isFalse();
                assertThat(map.covers("water", 43.7430, 7.4250, zoom))
                        .as("Beausoleil")
                        .isFalse();
                assertThat(map.covers("earth", 43.7392, 7.4276, zoom)).isTrue();
            }
            assertThat(map.covers("water", 43.7350, 7.4255, 15))
                    .as("Port Hercule")
                    .isTrue();
        }
    }

    @Test
    void andorraHasNoCoastSoItIsLandAndItsTownsAreThere() throws IOException {
        Path file = folder.resolve("andorra.pmtiles");
        Outcome outcome = Fixtures.run(Fixtures.osm("andorra.osm.pbf"), file, "--threads", "2");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("no sea drawn");
        try (DrawnMap map = new DrawnMap(file)) {
            assertThat(map.values(12, "places", "name")).contains("Andorra la Vella");
            assertThat(map.covers("earth", 42.5075, 1.5218, 14)).isTrue();
            assertThat(map.covers("water", 42.5075, 1.5218, 14)).isFalse();
        }
    }

    @Test
    void anAreaMakesASmallerMap() throws IOException {
        Path file = folder.resolve("port.pmtiles");
        Outcome outcome = Fixtures.run(Fixtures.osm("monaco.osm.pbf"), file, "--area", "7.42,43.73,7.43,43.74");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        try (DrawnMap map = new DrawnMap(file)) {
            assertThat(map.tiles.getHeader().bounds().getMaxX()).isCloseTo(7.43, within(1e-6));
            assertThat(map.covers("water", 43.7350, 7.4255, 15))
                    .as("Port Hercule")
                    .isTrue();
            assertThat(map.covers("water", 43.7392, 7.4276, 15)).as("casino").isFalse();
        }
    }

    @Test
    void attributesAreThoseTheStyleReads() throws IOException {
        Path file = folder.resolve("map.pmtiles");
        Path extract = anExtract()
                .node(1, 7.010, 43.010)
                .node(2, 7.020, 43.010)
                .node(3, 7.020, 43.020)
                .node(4, 7.010, 43.020)
                .node(5, 7.015, 43.015, "place", "town", "name", "عكا", "name:en", "Acre", "name:zh", "阿卡")
                .node(6, 7.016, 43.015, "emergency", "defibrillator")
                .node(7, 7.017, 43.015, "addr:housenumber", "12b", "addr:street", "Quai Albert 1er")
                .way(10, List.of(1L, 2L), "highway", "motorway_link", "oneway", "yes", "bridge", "yes", "ref", "A8;E74")
                .way(11, List.of(2L, 3L), "highway", "service", "tunnel", "yes")
                .way(12, List.of(1L, 2L, 3L, 4L, 1L), "building", "yes", "height", "12 m")
                .way(13, List.of(1L, 2L, 3L, 4L, 1L), "leisure", "park", "name", "Jardin")
                .write(folder.resolve("a.osm.pbf"));
        Outcome outcome = Fixtures.run(extract, file);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        try (DrawnMap map = new DrawnMap(file)) {
            var link = map.features(15, "roads")
                    .filter(road -> "motorway_link".equals(road.tags().get("kind_detail")))
                    .findFirst()
                    .orElseThrow();
            assertThat(link.tags())
                    .containsEntry("kind", "highway")
                    .containsEntry("is_link", true)
                    .containsEntry("is_bridge", true)
                    .containsEntry("oneway", "yes")
                    .containsEntry("shield_text", "A8")
                    .doesNotContainKey("is_tunnel");
            var town = map.features(14, "places").findFirst().orElseThrow();
            assertThat(town.tags())
                    .containsEntry("kind", "locality")
                    .containsEntry("kind_detail", "town")
                    .containsEntry("script", "Arabic")
                    .containsEntry("name:en", "Acre")
                    .containsEntry("name:zh-Hans", "阿卡")
                    .containsKeys("population_rank", "min_zoom", "sort_key");
            assertThat(map.values(15, "buildings", "addr_housenumber")).containsExactly("12b");
            assertThat(map.values(15, "buildings", "height")).containsExactly("12.0");
            assertThat(map.values(15, "pois", "kind")).contains("defibrillator", "park");
            assertThat(map.values(14, "landuse", "kind")).containsExactly("park");
        }
    }

    @Test
    void whatAKilledRunLeftIsClearedAndTheFormerMapReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("map.pmtiles"), "the former map");
        Path left = Files.createDirectories(folder.resolve("map.pmtiles.tmp/planetiler"));
        Files.writeString(left.resolve("node.db"), "half");
        Files.writeString(folder.resolve("map.pmtiles.tmp/map.pmtiles"), "half");
        Path extract = anExtract().node(1, 7.01, 43.01).node(2, 7.02, 43.02).write(folder.resolve("a.osm.pbf"));
        Outcome outcome = Fixtures.run(extract, file);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(folder.resolve("map.pmtiles.tmp")).doesNotExist();
        try (DrawnMap map = new DrawnMap(file)) {
            assertThat(map.covers("earth", 43.015, 7.015, 14)).isTrue();
        }
    }

    @Test
    void twoRunsForOneMapDoNotMix() throws IOException {
        Path file = folder.resolve("map.pmtiles");
        Path extract = anExtract().node(1, 7.01, 43.01).node(2, 7.02, 43.02).write(folder.resolve("a.osm.pbf"));
        try (WorkFolder other = WorkFolder.of(file)) {
            Outcome outcome = Fixtures.run(extract, file);
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err()).contains("Another run is writing");
            assertThat(other.path("lock")).exists();
        }
        assertThat(Fixtures.run(extract, file).code()).isZero();
    }

    private static List<Integer> percents(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(" % "))
                .map(line -> Integer.valueOf(line.split(" ", 3)[1]))
                .toList();
    }
}
