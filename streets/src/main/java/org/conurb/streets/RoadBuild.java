package org.conurb.streets;

import com.graphhopper.routing.ch.PrepareContractionHierarchies;
import com.graphhopper.routing.subnetwork.PrepareRoutingSubnetworks;
import com.graphhopper.storage.BaseGraph;
import com.graphhopper.storage.DAType;
import com.graphhopper.storage.GHDirectory;
import com.graphhopper.storage.index.LocationIndexTree;
import com.graphhopper.util.PointList;
import com.graphhopper.util.RamerDouglasPeucker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.streets.WayFile.Spot;
import org.conurb.streets.WayFile.Way;

/**
 * The program {@code RoadBuild WAYS FOLDER}: cuts ways at junctions, and lets GraphHopper index and contract the graph
 * that comes of it. Ends with 0 when it is made, or there is no road and so nothing to make; 1 when it failed, and says
 * why.
 */
public final class RoadBuild {
    /** Pieces of road with fewer edges that lead nowhere else are not offered as a place to start or arrive. */
    private static final int SMALLEST_NETWORK = 30;

    private static final int INDEX_METRES = 300;
    private static final double LINE_WITHIN_METRES = 0.5;

    private final Roads roads;
    private final BaseGraph graph;
    private final RamerDouglasPeucker simpler = new RamerDouglasPeucker().setMaxDistance(LINE_WITHIN_METRES);
    private final long[] junctions;
    private final int[] numbers;
    private int next;

    /** @param junctions nodes of the graph; 0 where there is no road and nothing was written */
    record Made(int junctions, int roads) {}

    private RoadBuild(Roads roads, BaseGraph graph, long[] junctions) {
        this.roads = roads;
        this.graph = graph;
        this.junctions = junctions;
        this.numbers = new int[junctions.length];
        Arrays.fill(numbers, -1);
    }

    public static void main(String[] arguments) {
        try {
            Made made = make(WayFile.read(Path.of(arguments[0])), Path.of(arguments[1]));
            System.out.printf("roads: %,d junctions, %,d roads between them%n", made.junctions, made.roads);
        } catch (IOException e) {
            System.err.println("roads: " + e.getMessage());
            System.exit(1);
        }
    }

    /** @param folder made new; its parent must exist */
    static Made make(List<Way> ways, Path folder) throws IOException {
        if (ways.isEmpty()) {
            return new Made(0, 0);
        }
        Roads roads = Roads.make();
        GHDirectory directory = new GHDirectory(folder.toString(), DAType.RAM_STORE);
        BaseGraph graph =
                new BaseGraph.Builder(roads.values()).setDir(directory).create();
        try {
            RoadBuild build = new RoadBuild(roads, graph, junctions(ways));
            ways.forEach(build::cut);
            build.prepare(directory);
            Files.writeString(folder.resolve("form.txt"), Roads.FORM);
            return new Made(graph.getNodes(), graph.getEdges());
        } finally {
            directory.close();
        }
    }

    private void prepare(GHDirectory directory) {
        var job = new PrepareRoutingSubnetworks.PrepareJob(roads.island(), roads.weighting());
        new PrepareRoutingSubnetworks(graph, List.of(job))
                .setMinNetworkSize(SMALLEST_NETWORK)
                .doWork();
        LocationIndexTree index = new LocationIndexTree(graph, directory);
        index.setResolution(INDEX_METRES);
        index.prepareIndex(roads.drivable());
        index.flush();
        graph.freeze();
        PrepareContractionHierarchies.fromGraph(graph, roads.hierarchy())
                .doWork()
                .getCHStorage()
                .flush();
        graph.flush();
    }

    /** Numbers of nodes where a way starts, ends, or meets another or itself; sorted. */
    private static long[] junctions(List<Way> ways) {
        // The ends twice, so that they always count.
        int refs = ways.stream().mapToInt(way -> way.nodes().length + 2).reduce(0, Math::addExact);
        long[] all = new long[refs];
        int filled = 0;
        for (Way way : ways) {
            System.arraycopy(way.nodes(), 0, all, filled, way.nodes().length);
            filled += way.nodes().length;
            all[filled++] = way.nodes()[0];
            all[filled++] = way.nodes()[way.nodes().length - 1];
        }
        Arrays.sort(all);
        int found = 0;
        for (int i = 1; i < all.length; i++) {
            if (all[i] == all[i - 1] && (found == 0 || all[found - 1] != all[i])) {
                all[found++] = all[i];
            }
        }
        return Arrays.copyOf(all, found);
    }

    private void cut(Way way) {
        PointList line = new PointList();
        int from = -1;
        for (int i = 0; i < way.nodes().length; i++) {
            Spot spot = way.spots()[i];
            line.add(spot.latitudeDegrees(), spot.longitudeDegrees());
            int at = Arrays.binarySearch(junctions, way.nodes()[i]);
            if (at < 0) {
                continue;
            }
            if (numbers[at] < 0) {
                numbers[at] = node(spot.latitudeDegrees(), spot.longitudeDegrees());
            }
            if (from >= 0) {
                edge(way, from, numbers[at], line);
            }
            from = numbers[at];
            line = new PointList();
            line.add(spot.latitudeDegrees(), spot.longitudeDegrees());
        }
    }

    private int node(double latitudeDegrees, double longitudeDegrees) {
        graph.getNodeAccess().setNode(next, latitudeDegrees, longitudeDegrees);
        return next++;
    }

    private void edge(Way way, int from, int to, PointList line) {
        if (from == to) { // a loop: cut once more, as an edge needs two ends
            int middle = line.size() / 2;
            if (line.size() > 2) {
                int between = node(line.getLat(middle), line.getLon(middle));
                edge(way, from, between, line.copy(0, middle + 1));
                edge(way, between, to, line.copy(middle, line.size()));
            }
            return;
        }
        double metres = Math.max(0.01, length(line));
        simpler.simplify(line);
        var edge = graph.edge(from, to).setDistance(metres);
        edge.set(roads.speed(), way.direction() >= 0 ? way.kmh() : 0, way.direction() <= 0 ? way.kmh() : 0);
        if (line.size() > 2) {
            edge.setWayGeometry(line.copy(1, line.size() - 1));
        }
    }

    private static double length(PointList line) {
        double metres = 0;
        for (int i = 1; i < line.size(); i++) {
            metres += new Epsg4326Point(line.getLat(i - 1), line.getLon(i - 1))
                    .metresTo(new Epsg4326Point(line.getLat(i), line.getLon(i)));
        }
        return metres;
    }
}
