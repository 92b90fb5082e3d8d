package org.conurb.streets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.conurb.kernel.Epsg4326Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoadGraphTest {
    @TempDir
    Path folder;

    @Test
    void aRealCityIsDrivenThroughInRealTimes() throws IOException {
        RoadGraph roads = monaco();
        Epsg4326Point port = new Epsg4326Point(43.7347, 7.4216);
        Epsg4326Point casino = new Epsg4326Point(43.7392, 7.4286);

        Route route = roads.route(port, casino).orElseThrow();

        assertThat(route.travel().estimated()).isFalse();
        assertThat(route.travel().metres()).isBetween(port.metresTo(casino), 4_000.0);
        assertThat(route.travel().seconds()).isBetween(60.0, 600.0);
        assertThat(route.line().getFirst().metresTo(port)).isLessThan(150);
        assertThat(route.line().getLast().metresTo(casino)).isLessThan(150);
        assertThat(length(route))
                .isCloseTo(route.travel().metres(), org.assertj.core.data.Percentage.withPercentage(5));
    }

    @Test
    void travelsFromManyAreThoseOfTheSingleRoutes() throws IOException {
        RoadGraph roads = monaco();
        Random random = new Random(3);
        List<Epsg4326Point> from = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            from.add(new Epsg4326Point(43.728 + random.nextDouble() * 0.018, 7.412 + random.nextDouble() * 0.025));
        }
        Epsg4326Point to = new Epsg4326Point(43.7392, 7.4286);
        List<Optional<Travel>> travels = roads.travels(from, to);
        for (int i = 0; i < 20; i++) {
            Optional<Travel> single = roads.route(from.get(i), to).map(Route::travel);
            assertThat(travels.get(i).map(travel -> Math.round(travel.metres())))
                    .isEqualTo(single.map(travel -> Math.round(travel.metres())));
        }
    }

    private static double length(Route route) {
        double metres = 0;
        for (int i = 1; i < route.line().size(); i++) {
            metres += route.line().get(i - 1).metresTo(route.line().get(i));
        }
        return metres;
    }

    private RoadGraph monaco() throws IOException {
        List<WayFile.Way> ways = WayFile.read(Monaco.ways(folder));
        RoadBuild.Made made = RoadBuild.make(ways, folder.resolve("roads"));
        assertThat(made.junctions()).isGreaterThan(500);
        return RoadGraph.open(folder.resolve("roads")).orElseThrow();
    }
}
