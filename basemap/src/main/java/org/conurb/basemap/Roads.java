package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.util.Map;
import java.util.Set;

/** Layer {@code roads}: streets, paths, rails, runways, piers, ferries and aerial ways. */
final class Roads implements Layer {
    private record Road(String kind, int minZoom, int namesFrom) {}

    private static final Map<String, Road> HIGHWAYS = Map.ofEntries(
            Map.entry("motorway", new Road("highway", 4, 10)),
            Map.entry("motorway_link", new Road("highway", 9, 12)),
            Map.entry("trunk", new Road("major_road", 5, 10)),
            Map.entry("trunk_link", new Road("major_road", 10, 12)),
            Map.entry("primary", new Road("major_road", 7, 11)),
            Map.entry("primary_link", new Road("major_road", 11, 13)),
            Map.entry("secondary", new Road("major_road", 9, 11)),
            Map.entry("secondary_link", new Road("major_road", 11, 13)),
            Map.entry("tertiary", new Road("major_road", 10, 12)),
            Map.entry("tertiary_link", new Road("major_road", 12, 14)),
            Map.entry("residential", new Road("minor_road", 12, 14)),
            Map.entry("unclassified", new Road("minor_road", 12, 14)),
            Map.entry("road", new Road("minor_road", 12, 14)),
            Map.entry("living_street", new Road("minor_road", 12, 14)),
            Map.entry("busway", new Road("minor_road", 12, 14)),
            Map.entry("raceway", new Road("minor_road", 13, 14)),
            Map.entry("service", new Road("minor_road", 13, 14)),
            Map.entry("pedestrian", new Road("path", 12, 14)),
            Map.entry("track", new Road("path", 12, 14)),
            Map.entry("path", new Road("path", 13, 14)),
            Map.entry("cycleway", new Road("path", 13, 14)),
            Map.entry("bridleway", new Road("path", 13, 14)),
            Map.entry("footway", new Road("path", 13, 14)),
            Map.entry("steps", new Road("path", 13, 14)),
            Map.entry("corridor", new Road("path", 14, 14)));
    private static final Set<String> RAILS =
            Set.of("rail", "light_rail", "narrow_gauge", "monorail", "funicular", "subway", "tram");
    private static final Set<String> AERIAL_WAYS = Set.of("cable_car", "gondola", "mixed_lift", "chair_lift");

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        if (!element.canBeLine() || element.hasTag("area", "yes")) {
            return;
        }
        String highway = element.getString("highway", "");
        Road road = HIGHWAYS.get(highway);
        if (road != null) {
            street(element, out, highway, road);
        } else if (RAILS.contains(element.getString("railway", ""))) {
            boolean siding = element.hasTag("service") || element.hasTag("railway", "tram");
            line(element, out, "rail", element.getString("railway", ""), siding ? 13 : 9, 14);
        } else if (element.hasTag("aeroway", "runway", "taxiway")) {
            boolean runway = element.hasTag("aeroway", "runway");
            line(element, out, "other", element.getString("aeroway", ""), runway ? 9 : 12, 14);
        } else if (element.hasTag("man_made", "pier")) {
            line(element, out, "other", "pier", 12, 14);
        } else if (element.hasTag("route", "ferry")) {
            line(element, out, "ferry", "ferry", 8, 12);
        } else if (AERIAL_WAYS.contains(element.getString("aerialway", ""))) {
            line(element, out, "aerialway", element.getString("aerialway", ""), 12, 14);
        }
    }

    private static void street(SourceFeature element, FeatureCollector out, String highway, Road road) {
        Feature feature = line(element, out, road.kind(), highway, road.minZoom(), road.namesFrom());
        if (highway.endsWith("_link")) {
            feature.setAttr("is_link", true);
        }
        if (element.hasTag("oneway", "yes", "1", "true")) {
            feature.setAttrWithMinzoom("oneway", "yes", 15);
        }
        String reference = element.getString("ref");
        if (reference != null) {
            String first = reference.split(";", 2)[0].strip();
            feature.setAttrWithMinzoom("ref", first, 9);
            feature.setAttrWithMinzoom("shield_text", first, 9);
        }
    }

    private static Feature line(
            SourceFeature element, FeatureCollector out, String kind, String detail, int minZoom, int namesFrom) {
        Feature feature = out.line("roads")
                .setAttr("kind", kind)
                .setAttr("kind_detail", detail)
                .setAttr("min_zoom", minZoom)
                .setMinZoom(minZoom)
                .setMinPixelSize(0)
                .setSortKey(element.getWayZorder());
        if (element.hasTag("tunnel") && !element.hasTag("tunnel", "no")) {
            feature.setAttr("is_tunnel", true);
        }
        if (element.hasTag("bridge") && !element.hasTag("bridge", "no")) {
            feature.setAttr("is_bridge", true);
        }
        return Names.put(feature, element, namesFrom);
    }
}
