package org.conurb.basemap;

import com.google.protobuf.ByteString;
import crosby.binary.Fileformat.Blob;
import crosby.binary.Fileformat.BlobHeader;
import crosby.binary.Osmformat;
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
import java.util.zip.Deflater;

/** Writes small extracts for tests: {@code anExtract().box(…).node(…).way(…).write(file)}. */
final class TestExtract {
    private final Map<String, Integer> strings = new LinkedHashMap<>(Map.of("", 0));
    private final List<Osmformat.Node> nodes = new ArrayList<>();
    private final List<Osmformat.Way> ways = new ArrayList<>();
    private final Osmformat.HeaderBlock.Builder header =
            Osmformat.HeaderBlock.newBuilder().addRequiredFeatures("OsmSchema-V0.6");
    private boolean lz4;
    private byte[] garbage = {};

    static TestExtract anExtract() {
        return new TestExtract();
    }

    TestExtract box(double west, double south, double east, double north) {
        header.setBbox(Osmformat.HeaderBBox.newBuilder()
                .setLeft(nano(west))
                .setBottom(nano(south))
                .setRight(nano(east))
                .setTop(nano(north)));
        return this;
    }

    TestExtract requiring(String feature) {
        header.addRequiredFeatures(feature);
        return this;
    }

    TestExtract packedWithLz4() {
        lz4 = true;
        return this;
    }

    /** Well packed, but what is packed is not map data. */
    TestExtract holding(byte[] other) {
        garbage = other;
        return this;
    }

    /** {@code tags} are key, value, key, value. */
    TestExtract node(long id, double longitude, double latitude, String... tags) {
        var node = Osmformat.Node.newBuilder()
                .setId(id)
                .setLon(nano(longitude) / 100)
                .setLat(nano(latitude) / 100);
        for (int i = 0; i < tags.length; i += 2) {
            node.addKeys(string(tags[i])).addVals(string(tags[i + 1]));
        }
        nodes.add(node.build());
        return this;
    }

    TestExtract way(long id, List<Long> members, String... tags) {
        var way = Osmformat.Way.newBuilder().setId(id);
        long before = 0;
        for (long member : members) {
            way.addRefs(member - before);
            before = member;
        }
        for (int i = 0; i < tags.length; i += 2) {
            way.addKeys(string(tags[i])).addVals(string(tags[i + 1]));
        }
        ways.add(way.build());
        return this;
    }

    Path write(Path file) throws IOException {
        var table = Osmformat.StringTable.newBuilder();
        strings.keySet().forEach(text -> table.addS(ByteString.copyFrom(text, StandardCharsets.UTF_8)));
        var block = Osmformat.PrimitiveBlock.newBuilder().setStringtable(table);
        block.addPrimitivegroup(
                Osmformat.PrimitiveGroup.newBuilder().addAllNodes(nodes).build().toByteString());
        block.addPrimitivegroup(
                Osmformat.PrimitiveGroup.newBuilder().addAllWays(ways).build().toByteString());
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            blob(out, "OSMHeader", header.build().toByteArray());
            blob(out, "OSMData", block.build().toByteArray());
            if (garbage.length > 0) {
                blob(out, "OSMData", garbage);
            }
        }
        return Files.write(file, bytes.toByteArray());
    }

    private void blob(DataOutputStream out, String type, byte[] content) throws IOException {
        var blob = Blob.newBuilder().setRawSize(content.length);
        if (lz4) {
            blob.setLz4Data(ByteString.copyFrom(content));
        } else {
            blob.setZlibData(ByteString.copyFrom(deflate(content)));
        }
        byte[] body = blob.build().toByteArray();
        byte[] head = BlobHeader.newBuilder()
                .setType(type)
                .setDatasize(body.length)
                .build()
                .toByteArray();
        out.writeInt(head.length);
        out.write(head);
        out.write(body);
    }

    static byte[] deflate(byte[] content) {
        try (var deflater = new Deflater()) {
            deflater.setInput(content);
            deflater.finish();
            byte[] packed = new byte[content.length * 2 + 64];
            return java.util.Arrays.copyOf(packed, deflater.deflate(packed));
        }
    }

    private int string(String text) {
        return strings.computeIfAbsent(text, added -> strings.size());
    }

    private static long nano(double degrees) {
        return Math.round(degrees * 1e9);
    }
}
