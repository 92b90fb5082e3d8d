package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;

final class GeometriesTest {
    private final Random random = new Random(7);

    private Point point(double x, double y) {
        return Geometries.FACTORY.createPoint(new Coordinate(x, y));
    }

    private Geometry shape(double x, double y) {
        return switch (random.nextInt(3)) {
            case 0 -> point(x, y);
            case 1 ->
                point(x, y)
                        .buffer(0.0001 + random.nextDouble() * 3)
                        .intersection(Geometries.FACTORY.toGeometry(
                                new org.locationtech.jts.geom.Envelope(-180, 180, -90, 90)));
            default ->
                Geometries.FACTORY.createLineString(new Coordinate[] {
                    new Coordinate(x, y),
                    new Coordinate(
                            Math.clamp(x + random.nextGaussian(), -180, 180),
                            Math.clamp(y + random.nextGaussian(), -90, 90))
                });
        };
    }

    private static boolean touches(List<long[]> spans, List<Long> cells) {
        return cells.stream().anyMatch(cell -> spans.stream().anyMatch(span -> cell >= span[0] && cell <= span[1]));
    }

    @Test
    void cellsNeverMissWhatMatches() {
        int matched = 0;
        for (int run = 0; run < 3_000; run++) {
            double x = random.nextDouble() * 360 - 180;
            double y = random.nextDouble() * 178 - 89;
            Geometry target = shape(
                    Math.clamp(x + random.nextGaussian() * 2, -180, 180),
                    Math.clamp(y + random.nextGaussian() * 2, -90, 90));
            GeoQuery query = random.nextBoolean()
                    ? new GeoQuery(
                            GeoQuery.Relation.NEAR,
                            Geometries.sound(shape(x, y)),
                            "location",
                            0,
                            random.nextDouble() * 400_000)
                    : new GeoQuery(
                            GeoQuery.Relation.INTERSECTS,
                            Geometries.sound(shape(x, y)),
                            "location",
                            0,
                            Double.POSITIVE_INFINITY);
            boolean matches = query.relation() == GeoQuery.Relation.NEAR
                    ? Geometries.metres(target, query.geometry()) <= query.maxMetres()
                    : target.intersects(query.geometry());
            if (matches) {
                matched++;
                assertThat(touches(query.spans(), Geometries.cover(target, 12)))
                        .as("%s %s %s", query.relation(), query.geometry(), target)
                        .isTrue();
            }
        }
        assertThat(matched).isGreaterThan(300);
    }

    @Test
    void nearReachesOverTheAntimeridian() {
        GeoQuery query = new GeoQuery(GeoQuery.Relation.NEAR, point(179.99, 10), "location", 0, 5_000);
        assertThat(touches(query.spans(), Geometries.cover(point(-179.99, 10), 12)))
                .isTrue();
        assertThat(Geometries.metres(point(-179.99, 10), point(179.99, 10))).isLessThan(5_000);
    }

    @Test
    void coversAreBounded() {
        for (int run = 0; run < 500; run++) {
            Geometry shape = shape(random.nextDouble() * 350 - 175, random.nextDouble() * 160 - 80);
            assertThat(Geometries.cover(shape, 12)).hasSizeBetween(1, 12);
        }
    }

    @Test
    void randomJsonIsAGeometryOrRefused() {
        String[] parts = {
            "\"type\":\"Polygon\"",
            "\"type\":\"Point\"",
            "\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]",
            "\"coordinates\":[]",
            "\"coordinates\":{}",
            "\"coordinates\":[1]",
            "\"type\":7",
            "\"coordinates\":[[\"a\"]]",
            "\"coordinates\":[1,2,3,4,5]",
            "\"type\":\"MultiPolygon\"",
            "\"type\":\"LineString\"",
            "\"coordinates\":[[1,2]]"
        };
        for (int run = 0; run < 3_000; run++) {
            String json = "{" + parts[random.nextInt(parts.length)] + "}";
            String other = "{" + parts[random.nextInt(2)] + "," + parts[2 + random.nextInt(4)] + "}";
            for (String one : List.of(json, other)) {
                try {
                    Geometries.read("it", Json.mapper().readTree(one));
                } catch (NgsiLdFault refused) {
                    assertThat(refused.category().status()).isEqualTo(400);
                }
            }
        }
        assertThatThrownBy(() -> Geometries.readAsked(
                        "it",
                        Json.mapper()
                                .readTree("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}")))
                .isInstanceOf(NgsiLdFault.class);
    }
}
