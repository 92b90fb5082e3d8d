package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.util.Map;

/** Layer {@code water} without the sea, which {@link Coastline} makes; and islands' names in layer {@code earth}. */
final class Water implements Layer {
    private static final Map<String, String> SEAS =
            Map.of("sea", "sea", "ocean", "ocean", "bay", "bay", "strait", "strait", "fjord", "fjord");

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        if (element.hasTag("place", "island", "islet") && Names.named(element)) {
            int from = element.hasTag("place", "island") ? 11 : 14;
            label(element, out, "earth", "island", from);
        }
        String sea = SEAS.get(element.getString("place", element.getString("natural", "")));
        if (sea != null && Names.named(element)) {
            label(element, out, "water", sea, sea.equals("bay") ? 12 : 6);
        }
        if (element.canBePolygon()) {
            surface(element, out);
        }
        if (element.canBeLine()) {
            course(element, out);
        }
    }

    private static void surface(SourceFeature element, FeatureCollector out) {
        String kind;
        if (element.hasTag("leisure", "swimming_pool")) {
            kind = "swimming_pool";
        } else if (element.hasTag("amenity", "fountain")) {
            kind = "fountain";
        } else if (element.hasTag("waterway", "riverbank", "dock")
                || element.hasTag("natural", "water")
                || element.hasTag("landuse", "reservoir", "basin")) {
            kind = element.hasTag("water", "lake", "reservoir") || element.hasTag("landuse", "reservoir")
                    ? "lake"
                    : "water";
        } else {
            return;
        }
        boolean small = kind.equals("swimming_pool") || kind.equals("fountain");
        Feature polygon = out.polygon("water")
                .setAttr("kind", kind)
                .setMinZoom(small ? 14 : 6)
                .setMinPixelSize(1);
        if (element.hasTag("water")) {
            polygon.setAttr("kind_detail", element.getTag("water"));
        }
        if (!small && Names.named(element) && !element.hasTag("water", "river", "canal")) {
            label(element, out, "water", kind, out.getMinZoomForPixelSize(40));
        }
    }

    private static void course(SourceFeature element, FeatureCollector out) {
        String waterway = element.getString("waterway", "");
        if (element.hasTag("tunnel") && !element.hasTag("tunnel", "no")) {
            return;
        }
        boolean river = waterway.equals("river") || waterway.equals("canal");
        if (river || waterway.equals("stream") || waterway.equals("ditch") || waterway.equals("drain")) {
            Feature line = out.line("water")
                    .setAttr("kind", river ? "river" : "stream")
                    .setAttr("kind_detail", waterway)
                    .setMinZoom(river ? 9 : 13)
                    .setMinPixelSize(0);
            Names.put(line, element, 12);
        }
    }

    private static void label(SourceFeature element, FeatureCollector out, String layer, String kind, int minZoom) {
        Feature label = element.isPoint() ? out.point(layer) : out.pointOnSurface(layer);
        Names.put(
                label.setAttr("kind", kind).setAttr("min_zoom", minZoom).setMinZoom(Math.clamp(minZoom, 0, 15)),
                element,
                0);
    }
}
