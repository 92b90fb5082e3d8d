package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import org.jspecify.annotations.Nullable;

/** Layer {@code buildings}: outlines with height in metres where known, and house numbers as points. */
final class Buildings implements Layer {
    private static final double METRES_A_FLOOR = 3;

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        boolean part = element.hasTag("building:part") && !element.hasTag("building:part", "no");
        boolean whole = element.hasTag("building") && !element.hasTag("building", "no");
        if ((part || whole) && element.canBePolygon()) {
            Feature polygon = out.polygon("buildings")
                    .setAttr("kind", whole ? "building" : "building_part")
                    .setMinZoom(part ? 15 : 13)
                    .setMinPixelSize(2);
            metres(element.getString("height"), element.getString("building:levels"), polygon, "height");
            metres(element.getString("min_height"), element.getString("building:min_level"), polygon, "min_height");
        }
        String number = element.getString("addr:housenumber");
        if (number != null && (element.isPoint() || whole && element.canBePolygon())) {
            Feature point = element.isPoint() ? out.point("buildings") : out.pointOnSurface("buildings");
            point.setAttr("kind", "address")
                    .setAttr("addr_housenumber", number)
                    .setAttr("addr_street", element.getTag("addr:street"))
                    .setMinZoom(15)
                    .setBufferPixels(8);
        }
    }

    private static void metres(@Nullable String given, @Nullable String floors, Feature polygon, String attribute) {
        double metres = number(given == null ? null : given.replace("m", ""));
        if (Double.isNaN(metres)) {
            metres = number(floors) * METRES_A_FLOOR;
        }
        if (metres > 0 && metres < 1000) {
            polygon.setAttrWithMinzoom(attribute, metres, 15);
        }
    }

    private static double number(@Nullable String text) {
        try {
            return text == null ? Double.NaN : Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
