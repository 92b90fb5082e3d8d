package org.conurb.basemap;

import com.google.protobuf.InvalidProtocolBufferException;
import com.onthegomap.planetiler.Planetiler;
import com.onthegomap.planetiler.config.Arguments;
import com.onthegomap.planetiler.geo.TileExtents;
import com.onthegomap.planetiler.reader.FileFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * Builds one map. Node locations, way geometries and features lie in files of the work folder; the heap holds an index of
 * 4 bytes per 256 node numbers (about 210 MB for numbers of 2026) and what the tiles being drawn need.
 */
final class MapBuild {
    static final int MAX_ZOOM = 15;
    private static final int ELEMENTS_A_BLOCK = 8_000;

    private final Order order;
    private final Progress progress;

    MapBuild(Order order, Progress progress) {
        this.order = order;
        this.progress = progress;
    }

    /**
     * @return bytes of the map written
     * @throws Unusable where the extract or the order is at fault; then no map was written or replaced
     * @throws IOException where the disk is
     */
    long run() throws IOException {
        Extract extract = Extract.check(order.extract());
        order.area().ifPresent(area -> meets(area, extract));
        Path folder = order.map().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (WorkFolder work = WorkFolder.of(order.map())) {
            Path finished = work.path("map.pmtiles");
            progress.begin(Progress.Step.READING, (long) extract.blocks() * ELEMENTS_A_BLOCK);
            draw(extract, work, finished);
            long bytes = Files.size(finished);
            work.publish(finished);
            progress.begin(Progress.Step.DONE, 1);
            return bytes;
        }
    }

    private static void meets(Area area, Extract extract) {
        extract.box().ifPresent(box -> {
            if (!box.envelope().intersects(area.envelope())) {
                throw new Unusable(
                        "The area %s lies outside the extract, which covers %s.".formatted(area, box),
                        "Name an area within it, or leave --area out.");
            }
        });
    }

    private void draw(Extract extract, WorkFolder work, Path finished) {
        TreeMap<String, String> arguments = new TreeMap<>();
        arguments.put("tmpdir", work.path("planetiler").toString());
        arguments.put("threads", Integer.toString(order.threads()));
        arguments.put("maxzoom", Integer.toString(MAX_ZOOM));
        arguments.put("render_maxzoom", Integer.toString(MAX_ZOOM));
        arguments.put("storage", "mmap");
        arguments.put("nodemap_type", "sortedtable");
        arguments.put("madvise", "false"); // needs native code
        arguments.put("compress_temp", "false");
        arguments.put("mmap_temp", "false"); // so does this
        arguments.put("color", "false");
        arguments.put("loginterval", "1h"); // progress is ours
        order.area().ifPresent(area -> arguments.put("bounds", area.toString()));
        Planetiler planetiler = Planetiler.create(Arguments.of(arguments));
        CityProfile profile =
                new CityProfile(progress, () -> planetiler.config().bounds().latLon());
        try {
            planetiler
                    .setProfile(profile)
                    .addOsmSource("osm", extract.file())
                    .addStage("tiles", "count tiles for the progress shown", () -> tiles(planetiler))
                    .setOutput(finished)
                    .run();
        } catch (RuntimeException e) {
            throw blamed(extract, e);
        }
        if (!profile.finished()) {
            throw new IllegalStateException("land and sea were not drawn");
        }
    }

    private void tiles(Planetiler planetiler) {
        TileExtents extents = planetiler.config().bounds().tileExtents();
        long tiles = 0;
        for (int zoom = 0; zoom <= MAX_ZOOM; zoom++) {
            var extent = extents.getForZoom(zoom);
            tiles += (long) (extent.maxX() - extent.minX()) * (extent.maxY() - extent.minY());
        }
        progress.begin(Progress.Step.TILES, tiles);
    }

    /** Tells damage inside a block, which shows only while working, from faults of our own. */
    private static RuntimeException blamed(Extract extract, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("Nodes must be sorted")) {
                return new Unusable(
                        "%s is not in order of its numbers.".formatted(extract.file()),
                        "Sort it: osmium sort FILE.osm.pbf -o SORTED.osm.pbf");
            }
            if (message.startsWith("Negative OSM element IDs")) {
                return new Unusable(
                        "%s holds elements that were never uploaded (negative numbers).".formatted(extract.file()),
                        "Number them: osmium renumber FILE.osm.pbf -o NUMBERED.osm.pbf");
            }
            if (cause instanceof InvalidProtocolBufferException || cause instanceof FileFormatException) {
                return new Unusable(
                        "%s is damaged: %s".formatted(extract.file(), message), "Download or copy it again.");
            }
        }
        return failure;
    }
}
