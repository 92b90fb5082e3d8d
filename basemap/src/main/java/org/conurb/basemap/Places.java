package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureCollector.Feature;
import com.onthegomap.planetiler.reader.SourceFeature;
import java.util.Map;

/** Layer {@code places}: names of countries, regions, towns and quarters, the more populous the sooner. */
final class Places implements Layer {
    private record Place(String kind, int minZoom, int people) {}

    private static final Map<String, Place> PLACES = Map.ofEntries(
            Map.entry("country", new Place("country", 2, 10_000_000)),
            Map.entry("state", new Place("region", 4, 1_000_000)),
            Map.entry("province", new Place("region", 5, 500_000)),
            Map.entry("region", new Place("region", 6, 500_000)),
            Map.entry("city", new Place("locality", 4, 100_000)),
            Map.entry("town", new Place("locality", 7, 10_000)),
            Map.entry("village", new Place("locality", 10, 1_000)),
            Map.entry("hamlet", new Place("locality", 12, 100)),
            Map.entry("isolated_dwelling", new Place("locality", 14, 10)),
            Map.entry("farm", new Place("locality", 14, 10)),
            Map.entry("borough", new Place("macrohood", 11, 20_000)),
            Map.entry("suburb", new Place("macrohood", 11, 10_000)),
            Map.entry("quarter", new Place("neighbourhood", 13, 2_000)),
            Map.entry("neighbourhood", new Place("neighbourhood", 14, 1_000)));
    /** Fewest people of rank 1, 2 and so on, as the style's text sizes expect them. */
    private static final int[] RANKS = {
        200, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000, 10_000_000
    };

    @Override
    public void draw(SourceFeature element, FeatureCollector out) {
        String detail = element.getString("place", "");
        Place place = PLACES.get(detail);
        if (place == null || !element.isPoint() || !Names.named(element)) {
            return;
        }
        long people = element.getLong("population");
        int rank = rank(people > 0 ? people : place.people());
        Feature point = out.point("places")
                .setAttr("kind", place.kind())
                .setAttr("kind_detail", detail)
                .setAttr("population_rank", rank)
                .setAttr("min_zoom", place.minZoom())
                .setAttr("sort_key", place.minZoom() * 100 - rank)
                .setMinZoom(place.minZoom())
                .setSortKey(place.minZoom() * 100 - rank)
                .setBufferPixels(64);
        if (people > 0) {
            point.setAttr("population", people);
        }
        if (element.hasTag("capital", "yes")) {
            point.setAttr("capital", "yes");
        }
        Names.put(point, element, 0);
    }

    static int rank(long people) {
        int rank = 0;
        while (rank < RANKS.length && people >= RANKS[rank]) {
            rank++;
        }
        return rank;
    }
}
