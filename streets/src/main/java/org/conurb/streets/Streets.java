package org.conurb.streets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Epsg4326Point;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Travel times by road and search for places, from files made of the city's map. Opened at the first question, and again
 * when the map was made anew; until there is one, travel is estimated by the line of flight. Safe for many threads.
 */
public final class Streets {
    /** Streets are longer than the line of flight by about this (Ballou et al. 2002: 1.2 to 1.6 by country). */
    private static final double DETOUR = 1.4;

    private static final double ESTIMATED_KMH = 40;
    private static final int MOST_TRAVELS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Streets.class);

    private final Path folder;
    private volatile Opened opened = new Opened("", Optional.empty(), Optional.empty());

    private record Opened(String stamp, Optional<RoadGraph> roads, Optional<PlaceIndex> places) {}

    public Streets(StreetsFolder folder) {
        this.folder = folder.path();
    }

    /** The fastest way; estimated where no road leads. */
    public Route route(Epsg4326Point from, Epsg4326Point to) {
        return current()
                .roads()
                .flatMap(roads -> roads.route(from, to))
                .orElseGet(() -> new Route(estimate(from, to), List.of(from, to)));
    }

    /**
     * Travels from each to one place, in the order given.
     *
     * @param from 0 to 1,000
     */
    public List<Travel> travels(List<Epsg4326Point> from, Epsg4326Point to) {
        if (from.size() > MOST_TRAVELS) {
            throw new IllegalArgumentException("%d travels at once".formatted(from.size()));
        }
        Optional<RoadGraph> roads = current().roads();
        if (roads.isEmpty() || from.isEmpty()) {
            return from.stream().map(start -> estimate(start, to)).toList();
        }
        List<Optional<Travel>> found = roads.get().travels(from, to);
        List<Travel> travels = new ArrayList<>(from.size());
        for (int i = 0; i < from.size(); i++) {
            Epsg4326Point start = from.get(i);
            travels.add(found.get(i).orElseGet(() -> estimate(start, to)));
        }
        return travels;
    }

    /** By the line of flight: what {@link #travels} answers where there is no road. */
    public static Travel estimate(Epsg4326Point from, Epsg4326Point to) {
        double metres = DETOUR * from.metresTo(to);
        return new Travel(metres / ESTIMATED_KMH * 3.6, metres, true);
    }

    /**
     * Places by name, best first.
     *
     * @param near what lies near it comes first
     * @throws Conflict where no map was made
     */
    public List<Place> search(String query, Optional<Epsg4326Point> near, int limit) {
        return current()
                .places()
                .orElseThrow(
                        () -> new Conflict(
                                "no-map",
                                "There is no map of this city to search in.",
                                "Start with --map FILE.osm.pbf, or name one in the city folder; or give the place as latitude and longitude."))
                .search(query, near, limit);
    }

    /** Opens the files, so that the first question need not wait. */
    public void open() {
        current();
    }

    private Opened current() {
        String stamp = stamp();
        Opened now = opened;
        return now.stamp.equals(stamp) ? now : reopen(stamp);
    }

    private synchronized Opened reopen(String stamp) {
        if (opened.stamp.equals(stamp)) {
            return opened;
        }
        try {
            Path places = folder.resolve("places");
            opened = new Opened(
                    stamp,
                    RoadGraph.open(folder.resolve("roads")),
                    Files.exists(places) ? Optional.of(PlaceIndex.open(places)) : Optional.empty());
            LOG.atInfo()
                    .addKeyValue(
                            "junctions", opened.roads.map(RoadGraph::junctions).orElse(0))
                    .addKeyValue("places", opened.places.map(PlaceIndex::things).orElse(0))
                    .log("streets.opened");
        } catch (IOException | RuntimeException damaged) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(damaged).log("streets.unreadable");
            opened = new Opened(stamp, Optional.empty(), Optional.empty());
        }
        return opened;
    }

    private String stamp() {
        try {
            Path places = folder.resolve("places");
            return Files.getLastModifiedTime(places) + " " + Files.size(places);
        } catch (IOException absent) {
            return "";
        }
    }
}
