package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.util.List;
import java.util.Map;

/** Layer {@code landuse}: the areas that the style colours. The first tag in the list that an element has decides. */
final class Landuse implements Layer {
    private record Use(String key, Map<String, String> kinds) {}

    private static final List<Use> USES = List.of(
            new Use(
                    "amenity",
                    Map.of(
                            "hospital", "hospital",
                            "clinic", "hospital",
                            "school", "school",
                            "kindergarten", "school",
                            "university", "university",
                            "college", "college",
                            "grave_yard", "cemetery")),
            new Use("aeroway", Map.of("aerodrome", "aerodrome", "runway", "runway", "taxiway", "taxiway")),
            new Use("tourism", Map.of("zoo", "zoo")),
            new Use("military", Map.of("naval_base", "naval_base", "airfield", "airfield", "base", "military")),
            new Use("man_made", Map.of("pier", "pier")),
            new Use("waterway", Map.of("dam", "dam")),
            new Use("highway", Map.of("pedestrian", "pedestrian", "footway", "pedestrian")),
            new Use("place", Map.of("square", "pedestrian")),
            new Use(
                    "leisure",
                    Map.of(
                            "park", "park",
                            "garden", "grass",
                            "dog_park", "park",
                            "golf_course", "golf_course",
                            "nature_reserve", "nature_reserve",
                            "playground", "playground",
                            "pitch", "park")),
            new Use(
                    "landuse",
                    Map.ofEntries(
                            Map.entry("cemetery", "cemetery"),
                            Map.entry("forest", "forest"),
                            Map.entry("grass", "grass"),
                            Map.entry("meadow", "grass"),
                            Map.entry("recreation_ground", "park"),
                            Map.entry("village_green", "village_green"),
                            Map.entry("allotments", "allotments"),
                            Map.entry("industrial", "industrial"),
                            Map.entry("railway", "industrial"),
                            Map.entry("port", "industrial"),
                            Map.entry("military", "military"))),
            new Use(
                    "natural",
                    Map.of(
                            "wood", "wood",
                            "scrub", "scrub",
                            "heath", "scrub",
                            "grassland", "grassland",
                            "glacier", "glacier",
                            "sand", "sand",
                            "beach", "beach")),
            new Use("boundary", Map.of("national_park", "national_park", "protected_area", "protected_area")));

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        if (!element.canBePolygon() || element.hasTag("building")) {
            return;
        }
        for (Use use : USES) {
            String value = element.getString(use.key());
            String kind = value == null ? null : use.kinds().get(value);
            if (kind != null && isArea(element, use)) {
                out.polygon("landuse")
                        .setAttr("kind", kind)
                        .setAttr("kind_detail", value)
                        .setMinZoom(kind.equals("pier") || kind.equals("pedestrian") ? 12 : 7)
                        .setMinPixelSize(2)
                        .setSortKey(largeFirst(out));
                return;
            }
        }
    }

    /** A closed footway or pier is an area only when it says so; a multipolygon is one anyhow. */
    private static boolean isArea(SourceFeature element, Use use) {
        return !element.canBeLine()
                || !(use.key().equals("highway") || use.key().equals("man_made"))
                || element.hasTag("area", "yes");
    }

    /** Small areas are drawn upon large ones. */
    private static int largeFirst(FeatureCollector out) {
        double pixels = out.getPixelSizeAtZoom(15);
        return (int) Math.clamp(-100 * Math.log(Math.max(pixels, 1e-3)), -4000, 4000);
    }
}
