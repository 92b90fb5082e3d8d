package org.conurb.basemap;

import com.onthegomap.planetiler.geo.GeoUtils;
import com.onthegomap.planetiler.geo.GeometryException;
import com.onthegomap.planetiler.reader.SourceFeature;
import com.onthegomap.planetiler.reader.osm.OsmElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.streets.Place.Kind;
import org.conurb.streets.PlaceFile;
import org.conurb.streets.WayFile;
import org.conurb.streets.WayFile.Spot;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;

/**
 * What travel times and address search are made of, gathered while the map is drawn: drivable ways in the first pass,
 * names and house numbers in the second, which comes from several threads.
 */
final class StreetsOut {
    private static final List<String> SHOWN = List.of("name", "int_name", "name:en");
    private static final List<String> OTHERS = List.of(
            "int_name",
            "alt_name",
            "official_name",
            "short_name",
            "loc_name",
            "old_name",
            "ref",
            "name:en",
            "name:fr",
            "name:es",
            "name:zh",
            "name:ar");
    private static final Map<String, Kind> SETTLED = Map.ofEntries(
            Map.entry("city", Kind.CITY),
            Map.entry("town", Kind.CITY),
            Map.entry("village", Kind.CITY),
            Map.entry("hamlet", Kind.QUARTER),
            Map.entry("borough", Kind.QUARTER),
            Map.entry("suburb", Kind.QUARTER),
            Map.entry("quarter", Kind.QUARTER),
            Map.entry("neighbourhood", Kind.QUARTER),
            Map.entry("square", Kind.STREET));
    private static final List<String> PLACES_TO_GO = List.of(
            "amenity",
            "shop",
            "tourism",
            "leisure",
            "office",
            "healthcare",
            "emergency",
            "railway",
            "aeroway",
            "historic",
            "public_transport",
            "man_made",
            "natural",
            "bridge");

    private final WayFile ways = new WayFile();
    private final PlaceFile places = new PlaceFile();

    void way(OsmElement.Way way) {
        if (way.tags().containsKey("highway")) {
            ways.add(way.tags(), way.nodes().toArray());
        }
    }

    void element(SourceFeature element) {
        String number = element.getString("addr:housenumber");
        boolean named = SHOWN.stream().anyMatch(element::hasTag);
        if (number == null && !named) {
            return;
        }
        Spot spot = spot(element);
        if (spot == null) {
            return;
        }
        if (number != null) {
            String street = element.getString("addr:street", element.getString("addr:place", ""));
            places.number(number, street, spot);
        }
        Kind kind = kind(element);
        if (named && kind != null) {
            places.add(names(element), kind, spot);
        }
    }

    private static @Nullable Kind kind(SourceFeature element) {
        String place = element.getString("place", "");
        if (SETTLED.containsKey(place)) {
            boolean once = element.isPoint() || place.equals("square");
            return once ? SETTLED.get(place) : null;
        }
        if (element.hasTag("highway") && (element.canBeLine() || element.canBePolygon())) {
            return Kind.STREET;
        }
        if (PLACES_TO_GO.stream().anyMatch(element::hasTag) || element.hasTag("highway", "bus_stop")) {
            return Kind.POI;
        }
        return element.hasTag("building") ? Kind.BUILDING : null;
    }

    private static List<String> names(SourceFeature element) {
        List<String> names = new ArrayList<>();
        for (List<String> keys : List.of(SHOWN.subList(0, 1), OTHERS)) {
            for (String key : keys) {
                String name = element.getString(key);
                if (name != null) {
                    names.addAll(List.of(name.split(";")));
                }
            }
        }
        return names;
    }

    /** A point of it; the middle one of a line. Null where its nodes lie outside the extract. */
    private static @Nullable Spot spot(SourceFeature element) {
        try {
            Coordinate world;
            if (!element.isPoint() && element.canBeLine() && !element.canBePolygon()) {
                Coordinate[] line = element.line().getCoordinates();
                world = line[line.length / 2];
            } else {
                Geometry geometry = element.isPoint() ? element.worldGeometry() : element.pointOnSurface();
                world = geometry.getCoordinate();
            }
            return world == null ? null : Spot.of(GeoUtils.getWorldLat(world.y), GeoUtils.getWorldLon(world.x));
        } catch (GeometryException e) {
            return null;
        }
    }

    /** Writes {@code ways} and {@code places} into the folder. */
    void write(Path folder, NodeLocations nodes, Progress progress) throws IOException {
        Files.createDirectories(folder);
        ways.write(folder.resolve("ways"), node -> {
            long at = nodes.get(node);
            return at == NodeLocations.MISSING_VALUE
                    ? Optional.empty()
                    : Optional.of(Spot.of(
                            GeoUtils.getWorldLat(GeoUtils.decodeWorldY(at)),
                            GeoUtils.getWorldLon(GeoUtils.decodeWorldX(at))));
        });
        places.write(folder.resolve("places"));
        progress.say("%,d drivable ways, %,d names and house numbers".formatted(ways.ways(), places.held()));
    }
}
