package org.conurb.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Polygon;

/** Writes a town as an OpenStreetMap extract (wiki.openstreetmap.org/wiki/PBF_Format): dense nodes, then ways, zlib. */
final class OsmFile {
    private static final int ELEMENTS_A_BLOCK = 8_000;
    private static final long FIRST_ID = 9_000_000_000L;

    private record Node(long id, double x, double y, Map<String, String> tags) {}

    private record Way(long id, List<Long> nodes, Map<String, String> tags) {}

    private final List<Node> nodes = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();
    private final Map<Long, Long> known = new LinkedHashMap<>();
    private long next = FIRST_ID;

    static void write(Town town, Path file) throws IOException {
        OsmFile osm = new OsmFile();
        osm.take(town);
        Files.write(file, osm.bytes());
    }

    private void take(Town town) {
        for (Town.Street street : town.streets()) {
            street(street);
        }
        for (Town.Line line : town.lines()) {
            way(points(line.points()), line.tags());
        }
        for (Town.Area area : town.areas()) {
            way(ring(area.shape()), area.tags());
        }
        for (Town.House house : town.houses()) {
            Map<String, String> tags = new TreeMap<>(house.tags());
            tags.put("building", house.tags().isEmpty() ? "yes" : "public");
            tags.put("building:levels", String.valueOf(house.floors()));
            if (house.number() > 0) {
                tags.put("addr:street", house.street());
                tags.put("addr:housenumber", String.valueOf(house.number()));
            }
            way(ring(house.shape()), tags);
        }
        for (Town.Spot spot : town.spots()) {
            nodes.add(new Node(next++, spot.place().x, spot.place().y, spot.tags()));
        }
    }

    private void street(Town.Street street) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("highway", street.highway());
        tags.put("name", street.name());
        tags.put("maxspeed", String.valueOf(street.limitKmh()));
        if (street.oneWay()) {
            tags.put("oneway", "yes");
        }
        List<Long> members = new ArrayList<>();
        for (Town.Node node : street.nodes()) {
            members.add(known.computeIfAbsent(node.id(), id -> point(node.place())));
        }
        way(members, tags);
    }

    private long point(Coordinate place) {
        nodes.add(new Node(next, place.x, place.y, Map.of()));
        return next++;
    }

    private List<Long> points(List<Coordinate> line) {
        List<Long> ids = new ArrayList<>();
        line.forEach(place -> ids.add(point(place)));
        return ids;
    }

    private List<Long> ring(Polygon shape) {
        Coordinate[] corners = shape.getExteriorRing().getCoordinates();
        List<Long> ids = points(List.of(corners).subList(0, corners.length - 1));
        ids.add(ids.getFirst());
        return ids;
    }

    private void way(List<Long> members, Map<String, String> tags) {
        ways.add(new Way(next++, members, new TreeMap<>(tags)));
    }

    // --- the file ---

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        blob(file, "OSMHeader", header());
        for (int from = 0; from < nodes.size(); from += ELEMENTS_A_BLOCK) {
            blob(file, "OSMData", nodeBlock(nodes.subList(from, Math.min(nodes.size(), from + ELEMENTS_A_BLOCK))));
        }
        for (int from = 0; from < ways.size(); from += ELEMENTS_A_BLOCK) {
            blob(file, "OSMData", wayBlock(ways.subList(from, Math.min(ways.size(), from + ELEMENTS_A_BLOCK))));
        }
        return file.toByteArray();
    }

    private static byte[] header() {
        Protobuf box = new Protobuf()
                .signed(1, nano(Town.longitude(0)))
                .signed(2, nano(Town.longitude(Town.WIDE)))
                .signed(3, nano(Town.latitude(Town.WIDE)))
                .signed(4, nano(Town.latitude(0)));
        return new Protobuf()
                .bytes(1, box.toBytes())
                .text(4, "OsmSchema-V0.6")
                .text(4, "DenseNodes")
                .text(16, "Conurb demo: an invented town")
                .toBytes();
    }

    private static long nano(double degrees) {
        return Math.round(degrees * 1e9);
    }

    private static void blob(ByteArrayOutputStream file, String type, byte[] content) throws IOException {
        byte[] body = new Protobuf()
                .number(2, content.length)
                .bytes(3, deflated(content))
                .toBytes();
        byte[] head = new Protobuf().text(1, type).number(3, body.length).toBytes();
        new DataOutputStream(file).writeInt(head.length);
        file.write(head);
        file.write(body);
    }

    private static byte[] deflated(byte[] content) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(content);
            deflater.finish();
            byte[] packed = new byte[content.length + 1_024];
            return java.util.Arrays.copyOf(packed, deflater.deflate(packed));
        }
    }

    private static byte[] nodeBlock(List<Node> part) {
        Words words = new Words();
        Protobuf ids = new Protobuf();
        Protobuf latitudes = new Protobuf();
        Protobuf longitudes = new Protobuf();
        Protobuf tags = new Protobuf();
        long id = 0;
        long latitude = 0;
        long longitude = 0;
        for (Node node : part) {
            long lat = Math.round(Town.latitude(node.y()) * 1e7);
            long lon = Math.round(Town.longitude(node.x()) * 1e7);
            ids.zigzag(node.id() - id);
            latitudes.zigzag(lat - latitude);
            longitudes.zigzag(lon - longitude);
            id = node.id();
            latitude = lat;
            longitude = lon;
            node.tags().forEach((key, value) -> tags.varint(words.of(key)).varint(words.of(value)));
            tags.varint(0);
        }
        Protobuf dense = new Protobuf()
                .bytes(1, ids.toBytes())
                .bytes(8, latitudes.toBytes())
                .bytes(9, longitudes.toBytes())
                .bytes(10, tags.toBytes());
        return words.block(new Protobuf().bytes(2, dense.toBytes()).toBytes());
    }

    private static byte[] wayBlock(List<Way> part) {
        Words words = new Words();
        Protobuf group = new Protobuf();
        for (Way way : part) {
            Protobuf keys = new Protobuf();
            Protobuf values = new Protobuf();
            way.tags().forEach((key, value) -> {
                keys.varint(words.of(key));
                values.varint(words.of(value));
            });
            Protobuf members = new Protobuf();
            long before = 0;
            for (long member : way.nodes()) {
                members.zigzag(member - before);
                before = member;
            }
            group.bytes(
                    3,
                    new Protobuf()
                            .number(1, way.id())
                            .bytes(2, keys.toBytes())
                            .bytes(3, values.toBytes())
                            .bytes(8, members.toBytes())
                            .toBytes());
        }
        return words.block(group.toBytes());
    }

    /** The string table of a block. */
    private static final class Words {
        /** Nanodegrees that a stored step is: a millionth of a degree, 0.1 m. */
        /** The format's own default, in nanodegrees: some readers take no other. */
        private static final int GRANULARITY = 100;

        private final Map<String, Integer> numbers = new LinkedHashMap<>(Map.of("", 0));

        int of(String word) {
            return numbers.computeIfAbsent(word, w -> numbers.size());
        }

        byte[] block(byte[] group) {
            Protobuf table = new Protobuf();
            numbers.keySet().forEach(word -> table.bytes(1, word.getBytes(StandardCharsets.UTF_8)));
            return new Protobuf()
                    .bytes(1, table.toBytes())
                    .bytes(2, group)
                    .number(17, GRANULARITY)
                    .toBytes();
        }
    }
}
