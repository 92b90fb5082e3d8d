package org.conurb.streets;

import com.graphhopper.routing.Path;
import com.graphhopper.routing.ch.CHRoutingAlgorithmFactory;
import com.graphhopper.routing.querygraph.QueryGraph;
import com.graphhopper.routing.util.DefaultSnapFilter;
import com.graphhopper.storage.BaseGraph;
import com.graphhopper.storage.CHConfig;
import com.graphhopper.storage.CHStorage;
import com.graphhopper.storage.DAType;
import com.graphhopper.storage.GHDirectory;
import com.graphhopper.storage.RoutingCHGraph;
import com.graphhopper.storage.RoutingCHGraphImpl;
import com.graphhopper.storage.index.LocationIndexTree;
import com.graphhopper.storage.index.Snap;
import com.graphhopper.util.PMap;
import com.graphhopper.util.PointList;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Epsg4326Point;

/**
 * A road graph on disk, mapped into memory: pages come as they are needed and go when the system wants them. Safe for
 * many threads. Never closed while the program runs: a search may still be in it, and the files are small change.
 */
final class RoadGraph {
    /** A place farther than this from any road is not driven to. */
    private static final double FARTHEST_FROM_ROAD_METRES = 1_000;

    private static final PMap NO_OPTIONS = new PMap();

    private final BaseGraph graph;
    private final RoutingCHGraph hierarchy;
    private final LocationIndexTree index;
    private final DefaultSnapFilter drivable;

    private RoadGraph(BaseGraph graph, RoutingCHGraph hierarchy, LocationIndexTree index, DefaultSnapFilter drivable) {
        this.graph = graph;
        this.hierarchy = hierarchy;
        this.index = index;
        this.drivable = drivable;
    }

    /** @return empty where there is none, or one of another form */
    static Optional<RoadGraph> open(java.nio.file.Path folder) throws IOException {
        java.nio.file.Path form = folder.resolve("form.txt");
        if (!Files.exists(form) || !Files.readString(form).equals(Roads.FORM)) {
            return Optional.empty();
        }
        Roads roads = Roads.make();
        GHDirectory directory = new GHDirectory(folder.toString(), DAType.MMAP_RO);
        BaseGraph graph =
                new BaseGraph.Builder(roads.values()).setDir(directory).build();
        CHConfig config = roads.hierarchy();
        CHStorage shortcuts = new CHStorage(directory, config.getName(), -1, false);
        if (!graph.loadExisting() || !shortcuts.loadExisting()) {
            throw new IOException("%s is not whole".formatted(folder));
        }
        LocationIndexTree index = new LocationIndexTree(graph, directory); // takes the bounds of what is loaded
        if (!index.loadExisting()) {
            throw new IOException("%s is not whole".formatted(folder));
        }
        return Optional.of(
                new RoadGraph(graph, RoutingCHGraphImpl.fromGraph(graph, shortcuts, config), index, roads.drivable()));
    }

    Optional<Route> route(Epsg4326Point from, Epsg4326Point to) {
        Snap start = snap(from);
        Snap end = snap(to);
        if (!start.isValid() || !end.isValid()) {
            return Optional.empty();
        }
        QueryGraph query = QueryGraph.create(graph, List.of(start, end));
        Path path = search(new CHRoutingAlgorithmFactory(hierarchy, query), start, end);
        if (!path.isFound()) {
            return Optional.empty();
        }
        return Optional.of(new Route(travel(path), line(path.calcPoints(), from, to)));
    }

    /** Travels from each to one place, in the order given; empty where there is no way. */
    List<Optional<Travel>> travels(List<Epsg4326Point> from, Epsg4326Point to) {
        Snap end = snap(to);
        List<Snap> starts = from.stream().map(this::snap).toList();
        if (!end.isValid()) {
            return starts.stream().map(start -> Optional.<Travel>empty()).toList();
        }
        List<Snap> valid = new ArrayList<>(starts.stream().filter(Snap::isValid).toList());
        valid.add(end);
        var searches = new CHRoutingAlgorithmFactory(hierarchy, QueryGraph.create(graph, valid));
        List<Optional<Travel>> travels = new ArrayList<>(starts.size());
        for (Snap start : starts) {
            travels.add(
                    start.isValid()
                            ? Optional.of(search(searches, start, end))
                                    .filter(Path::isFound)
                                    .map(RoadGraph::travel)
                            : Optional.empty());
        }
        return travels;
    }

    int junctions() {
        return graph.getNodes();
    }

    /** The nearest point of a road; not valid where none is near. */
    private Snap snap(Epsg4326Point place) {
        Snap snap = index.findClosest(place.latitudeDegrees(), place.longitudeDegrees(), drivable);
        return snap.isValid() && snap.getQueryDistance() <= FARTHEST_FROM_ROAD_METRES
                ? snap
                : new Snap(place.latitudeDegrees(), place.longitudeDegrees());
    }

    private static Path search(CHRoutingAlgorithmFactory searches, Snap start, Snap end) {
        return searches.createAlgo(NO_OPTIONS).calcPath(start.getClosestNode(), end.getClosestNode());
    }

    private static Travel travel(Path path) {
        return new Travel(Roads.seconds(path.getWeight()), path.getDistance(), false);
    }

    private static List<Epsg4326Point> line(PointList points, Epsg4326Point from, Epsg4326Point to) {
        List<Epsg4326Point> line = new ArrayList<>(points.size() + 1);
        for (int i = 0; i < points.size(); i++) {
            line.add(new Epsg4326Point(points.getLat(i), points.getLon(i)));
        }
        if (line.size() < 2) { // both on the same spot of a road
            return List.of(from, to);
        }
        return List.copyOf(line);
    }
}
