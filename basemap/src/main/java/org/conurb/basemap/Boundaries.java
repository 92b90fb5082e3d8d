package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.reader.SourceFeature;
import com.onthegomap.planetiler.reader.osm.OsmElement;
import com.onthegomap.planetiler.reader.osm.OsmRelationInfo;
import java.util.List;
import java.util.OptionalInt;

/** Layer {@code boundaries}: lines between countries, regions and communes; not those at sea. */
final class Boundaries implements Layer {
    private static final int LEAST_LEVEL = 2;
    private static final int MOST_LEVEL = 10;

    /** An administrative relation, remembered for its member ways. */
    private record Administrative(long id, int level) implements OsmRelationInfo {}

    static List<OsmRelationInfo> remember(OsmElement.Relation relation) {
        if (!relation.hasTag("type", "boundary") || !relation.hasTag("boundary", "administrative")) {
            return List.of();
        }
        long level = relation.getLong("admin_level");
        return level < LEAST_LEVEL || level > MOST_LEVEL
                ? List.of()
                : List.of(new Administrative(relation.id(), (int) level));
    }

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        if (!element.canBeLine() || element.hasTag("maritime", "yes") || element.hasTag("natural", "coastline")) {
            return;
        }
        OptionalInt level = element.relationInfo(Administrative.class).stream()
                .mapToInt(member -> member.relation().level())
                .min();
        if (level.isEmpty()) {
            return;
        }
        out.line("boundaries")
                .setAttr("kind", kind(level.getAsInt()))
                .setAttr("kind_detail", level.getAsInt())
                .setMinZoom(minZoom(level.getAsInt()))
                .setMinPixelSize(0);
    }

    private static String kind(int level) {
        if (level <= 2) {
            return "country";
        }
        return level <= 4 ? "region" : level <= 6 ? "county" : "locality";
    }

    private static int minZoom(int level) {
        return Math.clamp(2L * level - 4, 0, 13);
    }
}
