package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Layer {@code pois}: what the style draws, and what responders look for (hospitals, stations, hydrants, defibrillators,
 * meeting points), which the console draws in a layer of its own. The style shows one from its {@code min_zoom} on.
 */
final class PointsOfInterest implements Layer {
    private record Poi(String kind, int minZoom, boolean unnamed) {}

    private static final Map<String, Map<String, Poi>> POIS = new LinkedHashMap<>();

    static {
        shownUnnamed("amenity", 13, "hospital", "fire_station", "police");
        shownUnnamed("emergency", 13, "ambulance_station", "water_rescue");
        shownUnnamed("emergency", 17, "fire_hydrant", "defibrillator", "assembly_point", "siren", "phone");
        shownUnnamed("aeroway", 13, "helipad");
        shown("aeroway", 11, "aerodrome");
        shown("railway", 13, "station", "halt=station");
        shown("natural", 13, "peak", "beach");
        shown("leisure", 14, "park", "stadium", "marina");
        shown("leisure", 16, "garden");
        shown("tourism", 14, "zoo", "museum");
        shown("tourism", 15, "attraction");
        shown("tourism", 17, "artwork");
        shown("landuse", 14, "forest");
        shown("amenity", 14, "university", "college=university", "townhall", "ferry_terminal");
        shown("amenity", 15, "school", "library", "theatre", "clinic");
        shown("amenity", 16, "post_office", "pharmacy", "doctors");
        shown("amenity", 17, "restaurant", "fast_food", "cafe", "bar", "pub=bar");
        shownUnnamed("amenity", 17, "toilets", "drinking_water");
        shownUnnamed("amenity", 19, "bench");
        shown("highway", 17, "bus_stop");
        shown("shop", 16, "supermarket");
        shown("shop", 17, "convenience", "books", "beauty", "electronics", "clothes");
    }

    private static void shown(String key, int minZoom, String... values) {
        add(key, minZoom, false, values);
    }

    private static void shownUnnamed(String key, int minZoom, String... values) {
        add(key, minZoom, true, values);
    }

    /** {@code values} are the tag's, each with {@code =kind} behind it where the style has another word. */
    private static void add(String key, int minZoom, boolean unnamed, String... values) {
        for (String value : values) {
            String[] halves = value.split("=", 2);
            POIS.computeIfAbsent(key, k -> new LinkedHashMap<>())
                    .put(halves[0], new Poi(halves[halves.length - 1], minZoom, unnamed));
        }
    }

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        if (!element.isPoint() && !element.canBePolygon()) {
            return;
        }
        for (var key : POIS.entrySet()) {
            String value = element.getString(key.getKey());
            Poi poi = value == null ? null : key.getValue().get(value);
            if (poi != null && (poi.unnamed() || Names.named(element))) {
                point(element, out, poi);
                return;
            }
        }
    }

    private static void point(SourceFeature element, FeatureCollector out, Poi poi) {
        Feature point = element.isPoint() ? out.point("pois") : out.pointOnSurface("pois");
        point.setAttr("kind", poi.kind())
                .setAttr("min_zoom", poi.minZoom())
                .setMinZoom(Math.min(15, poi.minZoom()))
                .setSortKey(poi.minZoom())
                .setBufferPixels(16);
        if (poi.kind().equals("peak")) {
            point.setAttr("elevation", element.getTag("ele"));
        }
        Names.put(point, element, 0);
    }
}
