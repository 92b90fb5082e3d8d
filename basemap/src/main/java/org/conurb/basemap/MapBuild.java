package org.conurb.basemap;

import com.google.protobuf.InvalidProtocolBufferException;
import com.onthegomap.planetiler.archive.TileArchiveConfig;
import com.onthegomap.planetiler.archive.TileArchiveMetadata;
import com.onthegomap.planetiler.archive.TileArchiveWriter;
import com.onthegomap.planetiler.archive.TileArchives;
import com.onthegomap.planetiler.archive.WriteableTileArchive;
import com.onthegomap.planetiler.collection.FeatureGroup;
import com.onthegomap.planetiler.collection.LongLongMultimap;
import com.onthegomap.planetiler.config.Arguments;
import com.onthegomap.planetiler.config.PlanetilerConfig;
import com.onthegomap.planetiler.reader.FileFormatException;
import com.onthegomap.planetiler.reader.osm.OsmInputFile;
import com.onthegomap.planetiler.reader.osm.OsmNodeBoundsProvider;
import com.onthegomap.planetiler.reader.osm.OsmReader;
import com.onthegomap.planetiler.stats.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Builds one map. Node locations, way geometries and features lie in files of the work folder; the heap holds their
 * small indexes and the tiles being drawn, so that 512 MB do for a city. Uses Planetiler by its parts, as its {@code
 * Planetiler} class offers no node map that fits ({@link NodeLocations}).
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
        enoughDisk(extract);
        try (WorkFolder work = WorkFolder.of(order.map())) {
            Path finished = work.path("map.pmtiles");
            progress.begin(Progress.Step.READING, (long) extract.blocks() * ELEMENTS_A_BLOCK);
            try {
                draw(extract, work, finished);
            } catch (RuntimeException e) {
                throw blamed(extract, e);
            }
            long bytes = Files.size(finished);
            work.publish(finished);
            return bytes;
        }
    }

    /** Working files and map together take 2 to 5 times the extract, more where it is small. */
    private void enoughDisk(Extract extract) throws IOException {
        Path folder = order.map().getParent();
        long needed = 6 * Files.size(extract.file()) + (64L << 20);
        long free = Files.getFileStore(folder == null ? order.map() : folder).getUsableSpace();
        if (free < needed) {
            throw new IOException(
                    "about %,d MB of free disk are needed, %,d MB are there".formatted(needed >> 20, free >> 20));
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

    private void draw(Extract extract, WorkFolder work, Path finished) throws IOException {
        PlanetilerConfig config = PlanetilerConfig.from(arguments(work));
        Stats stats = Stats.inMemory();
        OsmInputFile input = new OsmInputFile(extract.file(), config.osmLazyReads());
        config.bounds().addFallbackProvider(input).addFallbackProvider(new OsmNodeBoundsProvider(input, config, stats));
        if (config.bounds().isWorld()) {
            throw new Unusable(
                    "%s neither names a box nor holds places.".formatted(extract.file()), "Name the box with --area.");
        }
        Optional<StreetsOut> streets = order.streets().map(folder -> new StreetsOut());
        CityProfile profile = new CityProfile(progress, config.bounds().latLon(), streets);
        TileArchiveMetadata metadata = new TileArchiveMetadata(profile, config);
        var format = TileArchiveConfig.from(finished.toUri() + "?format=pmtiles");
        try (WriteableTileArchive archive = TileArchives.newWriter(format, config)) {
            FeatureGroup features = FeatureGroup.newDiskBackedFeatureGroup(
                    archive.tileOrder(), work.path("features"), profile, config, stats);
            try (var nodes = new NodeLocations(work.path("nodes"));
                    var areas = LongLongMultimap.newReplaceableMultimap("mmap", work.path("areas"), false);
                    var reader = new OsmReader("osm", input, nodes, areas, profile, stats)) {
                reader.pass1(config);
                reader.pass2(features, config);
                if (streets.isPresent()) {
                    streets.get().write(order.streets().orElseThrow(), nodes, progress);
                }
            }
            if (!profile.finished()) { // a failure there is only logged
                throw new IllegalStateException("land and sea were not drawn");
            }
            profile.release();
            progress.begin(Progress.Step.TILES, tiles(config));
            features.prepare();
            TileArchiveWriter.writeOutput(
                    features, archive, archive::bytesWritten, metadata, work.path("layerstats"), config, stats);
        }
    }

    private Arguments arguments(WorkFolder work) {
        TreeMap<String, String> arguments = new TreeMap<>();
        arguments.put("tmpdir", work.path("planetiler").toString());
        arguments.put("threads", Integer.toString(order.threads()));
        arguments.put("maxzoom", Integer.toString(MAX_ZOOM));
        arguments.put("render_maxzoom", Integer.toString(MAX_ZOOM));
        arguments.put("madvise", "false"); // needs native code
        arguments.put("mmap_temp", "false"); // so does this
        arguments.put("compress_temp", "false");
        arguments.put("color", "false");
        arguments.put("loginterval", "1h"); // progress is ours
        order.area().ifPresent(area -> arguments.put("bounds", area.toString()));
        return Arguments.of(arguments);
    }

    private static long tiles(PlanetilerConfig config) {
        long tiles = 0;
        for (int zoom = 0; zoom <= MAX_ZOOM; zoom++) {
            var extent = config.bounds().tileExtents().getForZoom(zoom);
            tiles += (long) (extent.maxX() - extent.minX()) * (extent.maxY() - extent.minY());
        }
        return tiles;
    }

    /** Tells damage inside a block, which shows only while working, from faults of our own. */
    private static RuntimeException blamed(Extract extract, RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof Unusable unusable) {
                return unusable;
            }
            if (message.startsWith("Negative OSM element IDs")) {
                return new Unusable(
                        "%s holds elements that were never uploaded (negative numbers).".formatted(extract.file()),
                        "Number them: osmium renumber FILE.osm.pbf -o NUMBERED.osm.pbf");
            }
            if (cause instanceof OutOfMemoryError) {
                return new IllegalStateException(
                        "The memory given does not do: raise -Xmx, or draw less with --area.", failure);
            }
            if (cause instanceof InvalidProtocolBufferException
                    || cause instanceof FileFormatException
                    || cause instanceof IndexOutOfBoundsException) {
                return new Unusable(
                        "%s is damaged: %s".formatted(extract.file(), message), "Download or copy it again.");
            }
        }
        return failure;
    }
}
