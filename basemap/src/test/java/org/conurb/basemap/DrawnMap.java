package org.conurb.basemap;

import com.onthegomap.planetiler.VectorTile;
import com.onthegomap.planetiler.geo.GeoUtils;
import com.onthegomap.planetiler.geo.GeometryException;
import com.onthegomap.planetiler.geo.TileCoord;
import com.onthegomap.planetiler.pmtiles.ReadablePmtiles;
import com.onthegomap.planetiler.util.Gzip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;

/** A finished map, read back. */
final class DrawnMap implements AutoCloseable {
    private static final double TILE_PIXELS = 256;
    final ReadablePmtiles tiles;

    DrawnMap(Path file) throws IOException {
        tiles = new ReadablePmtiles(FileChannel.open(file, StandardOpenOption.READ));
    }

    Stream<VectorTile.Feature> features(int zoom) {
        List<TileCoord> all;
        try (var coordinates = tiles.getAllTileCoords()) {
            all = coordinates.stream().filter(tile -> tile.z() == zoom).toList();
        }
        return all.stream().flatMap(this::features);
    }

    Stream<VectorTile.Feature> features(int zoom, String layer) {
        return features(zoom).filter(feature -> feature.layer().equals(layer));
    }

    private Stream<VectorTile.Feature> features(TileCoord tile) {
        byte[] packed = tiles.getTile(tile.x(), tile.y(), tile.z());
        try {
            return packed == null ? Stream.of() : VectorTile.decode(Gzip.gunzip(packed)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> values(int zoom, String layer, String attribute) {
        Set<String> values = new TreeSet<>();
        features(zoom, layer)
                .map(feature -> feature.tags().get(attribute))
                .filter(value -> value != null)
                .forEach(value -> values.add(value.toString()));
        return values;
    }

    /** Whether a polygon of the layer covers the place at this zoom. */
    boolean covers(String layer, double latitude, double longitude, int zoom) {
        TileCoord tile = TileCoord.aroundLngLat(longitude, latitude, zoom);
        double tiles = 1 << zoom;
        Geometry place = GeoUtils.JTS_FACTORY.createPoint(new Coordinate(
                (GeoUtils.getWorldX(longitude) * tiles - tile.x()) * TILE_PIXELS,
                (GeoUtils.getWorldY(latitude) * tiles - tile.y()) * TILE_PIXELS));
        return features(tile)
                .filter(feature -> feature.layer().equals(layer))
                .map(DrawnMap::geometry)
                .anyMatch(geometry -> geometry.getDimension() == 2 && geometry.contains(place));
    }

    private static Geometry geometry(VectorTile.Feature feature) {
        try {
            return feature.geometry().decode();
        } catch (GeometryException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        tiles.close();
    }
}
