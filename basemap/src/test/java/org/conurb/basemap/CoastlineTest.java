package org.conurb.basemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

class CoastlineTest {
    private static final Envelope BOX = new Envelope(0, 10, 0, 10);

    @Test
    void seaLiesOnTheRightOfACoastThatCrossesTheBox() {
        Sea sea = sea(way(-5, 4, 5, 4, 15, 4)); // eastwards: land north, sea south
        assertThat(isSea(sea, 5, 2)).isTrue();
        assertThat(isSea(sea, 5, 6)).isFalse();
        assertThat(((Sea.Known) sea).closedEnds()).isZero();
    }

    @Test
    void piecesOfACoastAreJoinedInWhateverOrderTheyCome() {
        Sea sea = sea(way(6, 4, 15, 4), way(3, 5, 6, 4), way(-5, 4, 3, 5));
        assertThat(isSea(sea, 5, 2)).isTrue();
        assertThat(isSea(sea, 5, 8)).isFalse();
    }

    @Test
    void looseEndsNearTheEdgeAreContinuedInTheDirectionTheCoastHas() {
        Sea sea = sea(way(1, 4, 5, 4, 8, 6)); // heads north-east, so on to (10, 7.33)
        assertThat(((Sea.Known) sea).closedEnds()).isEqualTo(2);
        assertThat(isSea(sea, 9.5, 6.8)).isTrue();
        assertThat(isSea(sea, 9.5, 7.2)).isFalse();
        assertThat(isSea(sea, 0.5, 3.9)).isTrue();
    }

    @Test
    void endsFarFromTheEdgeLeaveTheSeaUnknown() {
        assertThat(sea(way(4.9, 5, 5.1, 5))).isInstanceOf(Sea.Unknown.class);
    }

    @Test
    void islandsAreLandAndTheirLakesAreNotSea() {
        Sea sea = sea(way(2, 2, 8, 2, 8, 8, 2, 8, 2, 2)); // against the clock: land inside
        assertThat(isSea(sea, 1, 1)).isTrue();
        assertThat(isSea(sea, 5, 5)).isFalse();
    }

    @Test
    void aHarbourBasinDrawnWithTheClockIsSeaAndTheRestLand() {
        Sea sea = sea(way(2, 2, 2, 8, 8, 8, 8, 2, 2, 2));
        assertThat(isSea(sea, 5, 5)).isTrue();
        assertThat(isSea(sea, 1, 1)).isFalse();
    }

    @Test
    void coastsThatContradictEachOtherLeaveTheSeaUnknown() {
        assertThat(sea(way(-5, 4, 15, 4), way(-5, 6, 15, 6))).isInstanceOf(Sea.Unknown.class);
    }

    @Test
    void buildingsWhereTheSeaWouldBeLeaveItUnknown() {
        List<Coordinate> buildings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            buildings.add(new Coordinate(i / 2.0, 2));
        }
        assertThat(Coastline.sea(BOX, List.<Coordinate[]>of(way(-5, 4, 15, 4)), buildings))
                .isInstanceOf(Sea.Unknown.class);
    }

    @Test
    void withoutCoastlineThereIsNoSea() {
        assertThat(sea()).isInstanceOf(Sea.Unknown.class);
        assertThat(sea(way(20, 20, 30, 30))).isInstanceOf(Sea.Unknown.class);
    }

    @Test
    void randomCoastsNeverFailAndNeverGiveSeaOutsideTheBox() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            List<Coordinate[]> ways = new ArrayList<>();
            for (int way = random.nextInt(5); way >= 0; way--) {
                Coordinate[] points = new Coordinate[2 + random.nextInt(6)];
                for (int point = 0; point < points.length; point++) {
                    points[point] = new Coordinate(random.nextInt(15) - 2, random.nextInt(15) - 2);
                }
                ways.add(points);
            }
            if (Coastline.sea(BOX, ways, List.of()) instanceof Sea.Known known) {
                assertThat(BOX.contains(known.area().getEnvelopeInternal())).isTrue();
            }
        }
    }

    private static Sea sea(Coordinate[]... ways) {
        return Coastline.sea(BOX, List.of(ways), List.of());
    }

    private static boolean isSea(Sea sea, double x, double y) {
        assertThat(sea).isInstanceOf(Sea.Known.class);
        return ((Sea.Known) sea).area().contains(new GeometryFactory().createPoint(new Coordinate(x, y)));
    }

    private static Coordinate[] way(double... numbers) {
        Coordinate[] points = new Coordinate[numbers.length / 2];
        for (int i = 0; i < points.length; i++) {
            points[i] = new Coordinate(numbers[2 * i], numbers[2 * i + 1]);
        }
        return points;
    }
}
