package org.conurb.streets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.streets.WayFile.Spot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up block of streets: a square of about 111 m, nodes 1 (south-west), 2 (south-east), 3 (north-east), 4. */
class RoadBuildTest {
    private static final Epsg4326Point SOUTH_WEST = new Epsg4326Point(0, 0);
    private static final Epsg4326Point SOUTH_EAST = new Epsg4326Point(0, 0.001);
    private static final double SIDE = SOUTH_WEST.metresTo(SOUTH_EAST);

    private final WayFile ways = new WayFile();

    @TempDir
    Path folder;

    private static Optional<Spot> spot(long node) {
        return switch ((int) node) {
            case 1 -> Optional.of(Spot.of(0, 0));
            case 2 -> Optional.of(Spot.of(0, 0.001));
            case 3 -> Optional.of(Spot.of(0.001, 0.001));
            case 4 -> Optional.of(Spot.of(0.001, 0));
            case 5 -> Optional.of(Spot.of(0.0005, 0.0005));
            default -> Optional.empty();
        };
    }

    private RoadGraph built() throws IOException {
        Path file = folder.resolve("ways");
        ways.write(file, RoadBuildTest::spot);
        RoadBuild.make(WayFile.read(file), folder.resolve("roads"));
        return RoadGraph.open(folder.resolve("roads")).orElseThrow();
    }

    private static double metres(RoadGraph roads, Epsg4326Point from, Epsg4326Point to) {
        return roads.route(from, to).orElseThrow().travel().metres();
    }

    @Test
    void aOneWayStreetIsDrivenOneWayOnly() throws IOException {
        ways.add(Map.of("highway", "residential", "oneway", "yes"), new long[] {1, 2});
        ways.add(Map.of("highway", "residential"), new long[] {2, 3, 4, 1});

        RoadGraph roads = built();

        assertThat(metres(roads, SOUTH_WEST, SOUTH_EAST)).isBetween(SIDE * 0.98, SIDE * 1.02);
        assertThat(metres(roads, SOUTH_EAST, SOUTH_WEST)).isBetween(SIDE * 2.98, SIDE * 3.02);
    }

    @Test
    void emergencyVehiclesMayGoAgainstItWhereTheSignSaysSo() throws IOException {
        ways.add(Map.of("highway", "residential", "oneway", "yes", "oneway:emergency", "no"), new long[] {1, 2});
        ways.add(Map.of("highway", "residential"), new long[] {2, 3, 4, 1});

        assertThat(metres(built(), SOUTH_EAST, SOUTH_WEST)).isBetween(SIDE * 0.98, SIDE * 1.02);
    }

    @Test
    void theFasterWayIsTakenThoughItIsLonger() throws IOException {
        ways.add(Map.of("highway", "track"), new long[] {1, 2});
        ways.add(Map.of("highway", "trunk"), new long[] {2, 3, 4, 1});

        Route route = built().route(SOUTH_WEST, SOUTH_EAST).orElseThrow();

        assertThat(route.travel().metres()).isBetween(SIDE * 2.98, SIDE * 3.02);
        assertThat(route.travel().seconds()).isBetween(13.5, 15.0); // 334 m at 85 km/h, in steps of 2 km/h
        assertThat(route.line()).hasSize(4);
    }

    @Test
    void aWayClosedToAllIsNotDriven() throws IOException {
        ways.add(Map.of("highway", "residential", "access", "no"), new long[] {1, 2});
        ways.add(Map.of("highway", "footway"), new long[] {1, 5, 2});
        ways.add(Map.of("highway", "residential"), new long[] {2, 3, 4, 1});

        assertThat(metres(built(), SOUTH_WEST, SOUTH_EAST)).isBetween(SIDE * 2.98, SIDE * 3.02);
    }

    @Test
    void aWayThatLeavesTheExtractIsCutThere() throws IOException {
        ways.add(Map.of("highway", "residential"), new long[] {1, 2, 99, 3, 4});

        Path file = folder.resolve("ways");
        ways.write(file, RoadBuildTest::spot);

        assertThat(RoadBuild.make(WayFile.read(file), folder.resolve("roads"))).isEqualTo(new RoadBuild.Made(4, 2));
    }

    @Test
    void aPlaceFarFromAnyRoadHasNoWay() throws IOException {
        ways.add(Map.of("highway", "residential"), new long[] {1, 2});

        assertThat(built().route(SOUTH_WEST, new Epsg4326Point(0.1, 0.1))).isEmpty();
    }

    @Test
    void withoutRoadsTravelIsEstimatedAndSaysSo() {
        Streets streets = new Streets(new StreetsFolder(folder.resolve("none")));

        Route route = streets.route(SOUTH_WEST, SOUTH_EAST);

        assertThat(route.travel().estimated()).isTrue();
        assertThat(route.travel().metres()).isEqualTo(1.4 * SIDE);
        assertThat(route.line()).containsExactly(SOUTH_WEST, SOUTH_EAST);
    }

    @Test
    void damagedFilesOfWaysAreRefused() throws IOException {
        ways.add(Map.of("highway", "residential"), new long[] {1, 2, 3, 4});
        Path file = folder.resolve("ways");
        ways.write(file, RoadBuildTest::spot);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            if (length != Integer.BYTES) { // that is a file without ways
                assertThatThrownBy(() -> WayFile.read(file)).isInstanceOf(IOException.class);
            }
        }
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            System.arraycopy(whole, 0, noise, 0, Math.min(round % 12, noise.length));
            Files.write(file, noise);
            try {
                WayFile.read(file);
            } catch (IOException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void graphsOfAnotherFormAreNotRead() throws IOException {
        ways.add(Map.of("highway", "residential"), new long[] {1, 2});
        built();
        Files.writeString(folder.resolve("roads/form.txt"), "conurb-roads 0");

        assertThat(RoadGraph.open(folder.resolve("roads"))).isEmpty();
    }

    @Test
    void legalSpeedsAreReadInBothUnits() {
        assertThat(EmergencySpeed.legalKmh("50")).isEqualTo(50);
        assertThat(EmergencySpeed.legalKmh("30 mph")).isBetween(48.0, 49.0);
        assertThat(EmergencySpeed.legalKmh("FR:urban")).isZero();
        assertThat(EmergencySpeed.kmh(Map.of("highway", "primary", "maxspeed", "30")))
                .isEqualTo(27);
    }
}
