package org.conurb.streets;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Epsg4326Point;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The doors {@code /api/roads/route} and {@code /api/places}, for whoever is signed in; what is asked is not kept. */
@RestController
class StreetController {
    private static final int LONGEST_QUERY = 200;
    private static final int MOST = 50;

    private final Streets streets;

    StreetController(Streets streets) {
        this.streets = streets;
    }

    /** @param line GeoJSON LineString */
    record RouteView(double seconds, double metres, boolean estimated, Map<String, Object> line) {}

    record PlaceView(String label, String kind, Map<String, Object> place) {}

    @GetMapping("/api/roads/route")
    RouteView route(@RequestParam String from, @RequestParam String to, Caller caller) {
        Route route = streets.route(point("from", from), point("to", to));
        List<List<Double>> line = route.line().stream()
                .map(point -> List.of(point.longitudeDegrees(), point.latitudeDegrees()))
                .toList();
        return new RouteView(
                tenths(route.travel().seconds()),
                tenths(route.travel().metres()),
                route.travel().estimated(),
                Map.of("type", "LineString", "coordinates", line));
    }

    @GetMapping("/api/places")
    List<PlaceView> places(
            @RequestParam String q,
            @RequestParam @Nullable String near,
            @RequestParam(defaultValue = "10") int limit,
            Caller caller) {
        if (q.length() > LONGEST_QUERY) {
            throw new BadRequest(
                    "query",
                    "The query has %d characters.".formatted(q.length()),
                    "Use at most " + LONGEST_QUERY + ".");
        }
        if (limit < 1 || limit > MOST) {
            throw new BadRequest("limit", "limit %d is not 1 to %d.".formatted(limit, MOST), "Ask for fewer.");
        }
        Optional<Epsg4326Point> here = near == null ? Optional.empty() : Optional.of(point("near", near));
        return streets.search(q, here, limit).stream()
                .map(place -> new PlaceView(
                        place.label(),
                        place.kind().name().toLowerCase(java.util.Locale.ROOT),
                        place.place().toGeoJson()))
                .toList();
    }

    static Epsg4326Point point(String name, String text) {
        String[] halves = text.split(",", -1);
        try {
            if (halves.length == 2) {
                return new Epsg4326Point(Double.parseDouble(halves[1]), Double.parseDouble(halves[0]));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadRequest(
                "point",
                "%s is not a longitude and a latitude.".formatted(name),
                "Send %s=7.42,43.73.".formatted(name));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
