package org.conurb.basemap;

import com.onthegomap.planetiler.FeatureCollector;
import com.onthegomap.planetiler.FeatureMerge;
import com.onthegomap.planetiler.Profile;
import com.onthegomap.planetiler.VectorTile;
import com.onthegomap.planetiler.geo.GeoUtils;
import com.onthegomap.planetiler.geo.GeometryException;
import com.onthegomap.planetiler.geo.TileCoord;
import com.onthegomap.planetiler.reader.SimpleFeature;
import com.onthegomap.planetiler.reader.SourceFeature;
import com.onthegomap.planetiler.reader.osm.OsmElement;
import com.onthegomap.planetiler.reader.osm.OsmRelationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

/**
 * Conurb's map of a city, drawn by Planetiler: hands each element to the layers, gathers the coastline and where buildings
 * stand, and at the end adds land and sea. Planetiler calls it from several threads; the queues are their only meeting point.
 */
final class CityProfile implements Profile {
    static final String ATTRIBUTION = "© OpenStreetMap contributors";
    private static final List<Layer> LAYERS = List.of(
            new Roads(),
            new Buildings(),
            new Landuse(),
            new Water(),
            new PointsOfInterest(),
            new Places(),
            new Boundaries());
    /** Buildings kept as witnesses of where land is: enough to judge by, and a bound on memory. */
    private static final int MOST_WITNESSES = 50_000;

    private final Progress progress;
    private final Envelope box;
    private final LongAdder elements = new LongAdder();
    private final LongAdder ways = new LongAdder();
    private final Queue<Coordinate[]> coast = new ConcurrentLinkedQueue<>();
    private final Queue<Coordinate> onLand = new ConcurrentLinkedQueue<>();
    private final Optional<StreetsOut> streets;
    private volatile boolean finished;

    /** @param box the map's box in degrees */
    CityProfile(Progress progress, Envelope box, Optional<StreetsOut> streets) {
        this.progress = progress;
        this.box = box;
        this.streets = streets;
    }

    @Override
    public String name() {
        return "Conurb basemap";
    }

    @Override
    public String description() {
        return "Map of a city, in the layers of the Protomaps basemap style";
    }

    @Override
    public String attribution() {
        return ATTRIBUTION;
    }

    @Override
    public void preprocessOsmNode(OsmElement.Node node) {
        read();
    }

    @Override
    public void preprocessOsmWay(OsmElement.Way way) {
        ways.increment();
        streets.ifPresent(out -> out.way(way));
        read();
    }

    private void read() {
        elements.increment();
        progress.advance();
    }

    @Override
    public List<OsmRelationInfo> preprocessOsmRelation(OsmElement.Relation relation) {
        return Boundaries.remember(relation);
    }

    @Override
    public void processFeature(SourceFeature element, FeatureCollector out) {
        step(element);
        progress.advance();
        if (element.tags().isEmpty()) {
            return;
        }
        witness(element);
        streets.ifPresent(kept -> kept.element(element));
        for (Layer layer : LAYERS) {
            layer.draw(element, out);
        }
    }

    private void step(SourceFeature element) {
        if (element.isPoint()) {
            progress.begin(Progress.Step.NODES, elements.sum() - ways.sum());
        } else if (element.canBeLine()) {
            progress.begin(Progress.Step.WAYS, ways.sum());
        }
    }

    private void witness(SourceFeature element) {
        try {
            if (element.canBeLine() && element.hasTag("natural", "coastline")) {
                coast.add(GeoUtils.worldToLatLonCoords(element.line()).getCoordinates());
            } else if (element.hasTag("building")
                    && element.canBeLine()
                    && element.id() % (1 + ways.sum() / MOST_WITNESSES) == 0) {
                Coordinate corner = element.worldGeometry().getCoordinate();
                onLand.add(new Coordinate(GeoUtils.getWorldLon(corner.x), GeoUtils.getWorldLat(corner.y)));
            }
        } catch (GeometryException e) {
            // a way whose nodes lie outside the extract; there is nothing to see of it here
        }
    }

    @Override
    public void finish(String source, FeatureCollector.Factory collectors, Consumer<FeatureCollector.Feature> next) {
        Geometry land = new GeometryFactory().toGeometry(box);
        draw(land, "earth", "earth", collectors, next);
        switch (Coastline.sea(box, coast, onLand)) {
            case Sea.Known(Geometry area, int closedEnds) -> {
                draw(area, "water", "ocean", collectors, next);
                progress.say(
                        closedEnds == 0
                                ? "sea drawn from the coastline"
                                : "sea drawn from the coastline; %d loose ends of it were continued to the box"
                                        .formatted(closedEnds));
            }
            case Sea.Unknown(String why) -> progress.say("no sea drawn: " + why);
        }
        finished = true;
    }

    private static void draw(
            Geometry area,
            String layer,
            String kind,
            FeatureCollector.Factory collectors,
            Consumer<FeatureCollector.Feature> next) {
        FeatureCollector features = collectors.get(SimpleFeature.create(area, Map.of()));
        features.polygon(layer).setAttr("kind", kind).setMinZoom(0).setMinPixelSize(0);
        features.forEach(next);
    }

    /** Whether land and sea were drawn; Planetiler only logs a failure there. */
    boolean finished() {
        return finished;
    }

    @Override
    public void release() {
        coast.clear();
        onLand.clear();
    }

    @Override
    public Map<String, List<VectorTile.Feature>> postProcessTileFeatures(
            TileCoord tile, Map<String, List<VectorTile.Feature>> layers) {
        progress.advance();
        return layers;
    }

    /** Joins lines of like attributes, for fewer bytes and longer labels, and melts buildings together while they are small. */
    @Override
    public List<VectorTile.Feature> postProcessLayerFeatures(String layer, int zoom, List<VectorTile.Feature> items)
            throws GeometryException {
        return switch (layer) {
            case "roads" -> joined(items, zoom < 13 ? 0.5 : 0);
            case "boundaries" -> joined(items, 0.5);
            case "landuse" -> zoom < 13 ? FeatureMerge.mergeMultiPolygon(items) : items;
            case "buildings" -> zoom < 15 ? FeatureMerge.mergeMultiPolygon(items) : items;
            default -> items;
        };
    }

    /** One-way streets stay apart, as joining may turn a line round. */
    private static List<VectorTile.Feature> joined(List<VectorTile.Feature> items, double minLength) {
        List<VectorTile.Feature> oneWay = new ArrayList<>();
        List<VectorTile.Feature> others = new ArrayList<>();
        for (VectorTile.Feature item : items) {
            (item.tags().containsKey("oneway") ? oneWay : others).add(item);
        }
        List<VectorTile.Feature> result = new ArrayList<>(FeatureMerge.mergeLineStrings(others, minLength, 0.1, 4));
        result.addAll(oneWay);
        return result;
    }
}
