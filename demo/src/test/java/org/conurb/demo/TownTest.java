package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Coordinate;

class TownTest {
    private static final Path ALDER = Path.of("alder");

    @TempDir
    Path folder;

    private static Town town;

    @BeforeAll
    static void build() {
        town = TownBuilder.build(1);
    }

    @Test
    void theMapInTheCityFolderIsWhatTheGeneratorMakes() throws Exception {
        Path made = folder.resolve("made.osm.pbf");
        OsmFile.write(town, made);
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "sines differ in the last bit on other processors");
        assertThat(unpacked(made)).isEqualTo(unpacked(ALDER.resolve("alder.osm.pbf")));
        assertThat(Files.size(made)).isLessThan(300_000);
    }

    /** The blocks without their packing, which differs between versions of zlib. */
    private static byte[] unpacked(Path file) throws Exception {
        var out = new java.io.ByteArrayOutputStream();
        var in = java.nio.ByteBuffer.wrap(Files.readAllBytes(file));
        while (in.hasRemaining()) {
            in.position(in.getInt() + in.position());
            assertThat(in.get()).isEqualTo((byte) 0x10);
            byte[] block = new byte[varint(in)];
            assertThat(in.get()).isEqualTo((byte) 0x1a);
            byte[] packed = new byte[varint(in)];
            in.get(packed);
            try (var inflater = new java.util.zip.Inflater()) {
                inflater.setInput(packed);
                assertThat(inflater.inflate(block)).isEqualTo(block.length);
            }
            out.writeBytes(block);
        }
        return out.toByteArray();
    }

    private static int varint(java.nio.ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int part = in.get();
            value |= (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    @Test
    void fromEveryStreetEveryOtherIsReached() {
        Map<Long, Set<Long>> next = new HashMap<>();
        for (Town.Street street : town.streets()) {
            for (int i = 1; i < street.nodes().size(); i++) {
                long a = street.nodes().get(i - 1).id();
                long b = street.nodes().get(i).id();
                next.computeIfAbsent(a, key -> new HashSet<>()).add(b);
                next.computeIfAbsent(b, key -> new HashSet<>()).add(a);
            }
        }
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(
                List.of(town.streets().getFirst().nodes().getFirst().id()));
        while (!open.isEmpty()) {
            long node = open.pop();
            if (seen.add(node)) {
                open.addAll(next.getOrDefault(node, Set.of()));
            }
        }
        assertThat(seen.size()).isGreaterThan(next.size() * 97 / 100);
    }

    @Test
    void itIsATownOfItsSizeWithAllThatWorksInOne() {
        assertThat(town.streets()).hasSizeGreaterThan(250);
        assertThat(town.streets().stream().map(Town.Street::name).distinct().count())
                .isEqualTo(town.streets().size());
        assertThat(town.streets()).anyMatch(Town.Street::oneWay);
        assertThat(town.streets().stream().map(Town.Street::limitKmh).distinct())
                .contains(20, 30, 50, 80);
        assertThat(town.houses()).hasSizeGreaterThan(3_500);
        assertThat(town.houses().stream().filter(house -> house.number() > 0)).hasSizeGreaterThan(3_000);
        for (String value : List.of("hospital", "school", "fire_station", "police", "townhall")) {
            assertThat(town.site("amenity", value)).isNotNull();
        }
        assertThat(town.site("emergency", "ambulance_station")).isNotNull();
    }

    @Test
    void nothingIsBuiltInTheSea() {
        assertThat(town.houses()).allMatch(house -> town.land().contains(house.shape()));
    }

    @Test
    void everyUnitOfAlderStandsAtAStreetOrOnTheWater() throws Exception {
        Matcher home = Pattern.compile("(\\w+): \\{kind: (\\w+), home: \\{latitude: ([0-9.]+), longitude: ([0-9.]+)}}")
                .matcher(Files.readString(ALDER.resolve("units.yaml")));
        int units = 0;
        while (home.find()) {
            units++;
            Coordinate place = Town.metres(Double.parseDouble(home.group(4)), Double.parseDouble(home.group(3)));
            double nearest = town.streets().stream()
                    .mapToDouble(street -> TownBuilder.line(street).distance(TownPlan.SHAPES.createPoint(place)))
                    .min()
                    .orElseThrow();
            if (!home.group(2).equals("fireboat")) {
                assertThat(nearest).as(home.group(1)).isLessThan(60);
            }
        }
        assertThat(units).isEqualTo(40);
    }

    @Test
    void theBasemapProgramDrawsIt() throws Exception {
        Path program = Path.of("../basemap/target/basemap-0.1.0.jar");
        Path libraries = Path.of("../basemap/target/lib");
        assumeTrue(Files.exists(program) && Files.isDirectory(libraries), "basemap is not built");
        Path map = folder.resolve("alder.pmtiles");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx600m",
                        "-cp",
                        program + ":" + libraries + "/*",
                        "org.conurb.basemap.Basemap",
                        ALDER.resolve("alder.osm.pbf").toAbsolutePath().toString(),
                        map.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        assertThat(out).contains("sea drawn from the coastline").doesNotContain("no sea drawn");
        assertThat(Files.size(map)).isGreaterThan(100_000);
    }

    @Test
    void anotherSeedIsAnotherTownAndTheSameSeedTheSame() {
        List<String> names = town.streets().stream().map(Town.Street::name).toList();
        List<String> other =
                TownBuilder.build(2).streets().stream().map(Town.Street::name).toList();
        assertThat(Collections.disjoint(
                        Stream.of(names).toList(), Stream.of(other).toList()))
                .isTrue();
    }
}
