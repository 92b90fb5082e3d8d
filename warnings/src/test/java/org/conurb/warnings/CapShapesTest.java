package org.conurb.warnings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.warnings.CapShapes.Unreadable;
import org.junit.jupiter.api.Test;

class CapShapesTest {
    @Test
    void anOpenRingIsClosedAndOrderBecomesLongitudeFirst() throws Unreadable {
        assertThat(CapShapes.polygon(" 1,10\n 2,11\t3,12 "))
                .containsExactly(List.of(List.of(10d, 1d), List.of(11d, 2d), List.of(12d, 3d), List.of(10d, 1d)));
        assertThat(CapShapes.polygon("  ")).isEmpty();
    }

    @Test
    void aCircleKeepsItsRadius() throws Unreadable {
        List<List<Double>> ring = CapShapes.circle("43.73,7.42 12.5").getFirst();
        assertThat(ring).hasSize(CapShapes.CIRCLE_POINTS + 1);
        assertThat(ring.getFirst()).isEqualTo(ring.getLast());
        Epsg4326Point centre = new Epsg4326Point(43.73, 7.42);
        for (List<Double> point : ring) {
            assertThat(centre.metresTo(new Epsg4326Point(point.get(1), point.get(0))))
                    .isCloseTo(12_500, within(5d));
        }
    }

    @Test
    void aCircleOfNoRadiusCanStillBeSeen() throws Unreadable {
        List<List<Double>> ring = CapShapes.circle("32.95,-115.55 0").getFirst();
        assertThat(new Epsg4326Point(32.95, -115.55)
                        .metresTo(new Epsg4326Point(
                                ring.getFirst().get(1), ring.getFirst().get(0))))
                .isCloseTo(100, within(5d));
    }

    @Test
    void whatCrossesTheAntimeridianIsCutThere() throws Unreadable {
        List<List<List<Double>>> halves = CapShapes.polygon("50,179 52,179 52,-178 50,-178 50,179");
        assertThat(halves).hasSize(2);
        assertThat(halves.get(0)).allSatisfy(p -> assertThat(p.getFirst()).isBetween(179d, 180d));
        assertThat(halves.get(1)).allSatisfy(p -> assertThat(p.getFirst()).isBetween(-180d, -178d));
        assertThat(CapShapes.circle("0,-179.9 100")).hasSize(2);
        assertThat(CapShapes.circle("0,179.9 100")).hasSize(2);
    }

    @Test
    void aCircleAroundAPoleIsACapOfTheEarth() throws Unreadable {
        List<List<Double>> north = CapShapes.circle("89.9,0 100").getFirst();
        assertThat(north).contains(List.of(-180d, 90d), List.of(180d, 90d));
        assertThat(CapShapes.circle("0,0 20000").getFirst()).contains(List.of(-180d, -90d), List.of(180d, 90d));
    }

    @Test
    void allOverlappingAndCrossingShapesGiveOneValidPlace() throws Unreadable {
        Random random = new Random(5);
        for (int n = 0; n < 300; n++) {
            StringBuilder points = new StringBuilder();
            for (int i = 3 + random.nextInt(12); i > 0; i--) {
                points.append(random.nextInt(-90, 91))
                        .append(',')
                        .append(random.nextInt(-180, 181))
                        .append(' ');
            }
            CapAlert alert;
            try {
                alert = CapReader.read(Cap.alert("A")
                        .with("polygon", points.toString())
                        .xml()
                        .replace("</area>", "<circle>0,0 900</circle></area>")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            } catch (CapRefused fewerThanThreePoints) {
                continue;
            }
            WarningPlace place = WarningPlace.of(alert).orElseThrow();
            assertThat(place.geoJson().get("type")).isIn("Polygon", "MultiPolygon");
            assertThat(place.cell().level()).isBetween(0, Cell.MAX_LEVEL);
        }
    }

    @Test
    void thePlaceOfOnePolygonIsThatPolygon() {
        WarningPlace place =
                WarningPlace.of(CapReader.read(Cap.alert("A").bytes())).orElseThrow();
        assertThat(place.geoJson())
                .isEqualTo(CapReader.read(Cap.alert("A").bytes())
                        .areas()
                        .getFirst()
                        .polygon());
        assertThat(place.cell().level()).isBetween(5, 15);
    }

    @Test
    void areasThatAreOnlyNamedHaveNoPlace() {
        Cap named = Cap.alert("A").without("polygon");
        assertThat(WarningPlace.of(CapReader.read(named.bytes()))).isEmpty();
        Map<String, List<String>> none =
                CapReader.read(named.bytes()).areas().getFirst().geocodes();
        assertThat(none).isEmpty();
    }
}
