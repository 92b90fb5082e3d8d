package org.conurb.basemap;

import com.google.protobuf.InvalidProtocolBufferException;
import crosby.binary.Fileformat.Blob;
import crosby.binary.Fileformat.BlobHeader;
import crosby.binary.Osmformat.HeaderBlock;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An OpenStreetMap extract whose every block was read and unpacked once, so that a cut or damaged file is refused before
 * work starts. Layout: wiki.openstreetmap.org/wiki/PBF_Format; header at most 64 KiB, block at most 32 MiB, also unpacked.
 *
 * @param box the box its header names, when it does
 * @param blocks data blocks, of about 8,000 elements each
 */
record Extract(Path file, Optional<Area> box, int blocks) {
    private static final int MOST_HEADER_BYTES = 64 << 10;
    private static final int MOST_BLOCK_BYTES = 32 << 20;
    private static final String AGAIN =
            "Download or copy it again; it must be a whole OpenStreetMap extract (.osm.pbf).";
    private static final String ZLIB =
            "Pack it again: osmium cat FILE.osm.pbf -f pbf,pbf_compression=zlib -o PLAIN.osm.pbf";

    /** Reads the file once from end to end, in memory of about two blocks. */
    static Extract check(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!Files.exists(file)) {
            throw new Unusable(
                    "There is no file %s.".formatted(file),
                    "Name an OpenStreetMap extract, for example from download.geofabrik.de or your mapping agency.");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Unusable(
                    "%s is not a file that can be read.".formatted(file), "Check its path and its permissions.");
        }
        if (!name.endsWith(".pbf")) {
            throw new Unusable(
                    "%s does not end in .osm.pbf.".formatted(file),
                    "Other forms can be turned into one: osmium cat FILE -o FILE.osm.pbf");
        }
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            return new Reader(file, in, Files.size(file)).read();
        } catch (EOFException e) {
            throw new Unusable("%s is cut off.".formatted(file), AGAIN);
        } catch (InvalidProtocolBufferException | DataFormatException e) {
            throw new Unusable("%s is damaged: %s".formatted(file, e.getMessage()), AGAIN);
        } catch (IOException e) {
            throw new Unusable(
                    "%s cannot be read: %s".formatted(file, e.getMessage()), "Check the disk and its permissions.");
        }
    }

    private static final class Reader {
        private final Path file;
        private final DataInputStream in;
        private final byte[] unpacked = new byte[1 << 16];
        private long left;

        Reader(Path file, DataInputStream in, long size) {
            this.file = file;
            this.in = in;
            this.left = size;
        }

        Extract read() throws IOException, DataFormatException {
            if (left == 0) {
                throw new Unusable("%s is empty.".formatted(file), AGAIN);
            }
            if (!"OSMHeader".equals(readHeader().getType())) {
                throw notAnExtract();
            }
            Optional<Area> box = box(HeaderBlock.parseFrom(headerBytes(readBlob())));
            int blocks = 0;
            while (left > 0) {
                boolean data = "OSMData".equals(readHeader().getType());
                Blob blob = readBlob();
                if (data) {
                    unpack(blob);
                    blocks++;
                }
            }
            if (blocks == 0) {
                throw new Unusable("%s holds no map data.".formatted(file), AGAIN);
            }
            return new Extract(file, box, blocks);
        }

        private int nextBytes;

        private BlobHeader readHeader() throws IOException {
            int length = in.readInt();
            if (length <= 0 || length > MOST_HEADER_BYTES) {
                throw notAnExtract();
            }
            BlobHeader header;
            try {
                header = BlobHeader.parseFrom(take(length));
            } catch (InvalidProtocolBufferException e) {
                throw notAnExtract();
            }
            left -= Integer.BYTES + length;
            nextBytes = header.getDatasize();
            if (nextBytes <= 0 || nextBytes > MOST_BLOCK_BYTES) {
                throw notAnExtract();
            }
            return header;
        }

        private Blob readBlob() throws IOException {
            Blob blob = Blob.parseFrom(take(nextBytes));
            left -= nextBytes;
            return blob;
        }

        private byte[] take(int length) throws IOException {
            if (length > left) {
                throw new EOFException();
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return bytes;
        }

        private byte[] headerBytes(Blob blob) throws DataFormatException {
            byte[] bytes = new byte[unpack(blob)];
            if (blob.hasRaw()) {
                return blob.getRaw().toByteArray();
            }
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(blob.getZlibData().toByteArray());
                inflater.inflate(bytes);
            } finally {
                inflater.end();
            }
            return bytes;
        }

        /** Unpacks to nowhere; the Adler checksum at the end of the block finds damage. */
        private int unpack(Blob blob) throws DataFormatException {
            if (blob.hasRaw()) {
                int size = blob.getRaw().size();
                if (blob.hasRawSize() && blob.getRawSize() != size) {
                    throw new DataFormatException("a block has not the length it claims");
                }
                return size;
            }
            if (!blob.hasZlibData()) {
                throw new Unusable("%s is packed in a way that is not read here.".formatted(file), ZLIB);
            }
            int expected = blob.getRawSize();
            if (expected <= 0 || expected > MOST_BLOCK_BYTES) {
                throw new DataFormatException("a block claims %d bytes".formatted(expected));
            }
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(blob.getZlibData().toByteArray());
                int size = 0;
                while (!inflater.finished()) {
                    int got = inflater.inflate(unpacked);
                    size += got;
                    if (got == 0 && !inflater.finished() || size > expected) {
                        throw new DataFormatException("a block has not the length it claims");
                    }
                }
                if (size != expected) {
                    throw new DataFormatException("a block has not the length it claims");
                }
                return size;
            } finally {
                inflater.end();
            }
        }

        private Optional<Area> box(HeaderBlock header) {
            List<String> unknown = header.getRequiredFeaturesList().stream()
                    .filter(feature -> !feature.equals("OsmSchema-V0.6") && !feature.equals("DenseNodes"))
                    .toList();
            if (!unknown.isEmpty()) {
                throw new Unusable(
                        "%s uses %s, which is not read here.".formatted(file, unknown),
                        "Use an extract of the present state without history and locations on ways.");
            }
            var box = header.getBbox();
            if (box.getLeft() >= box.getRight() || box.getBottom() >= box.getTop()) {
                return Optional.empty();
            }
            return Optional.of(new Area(
                    Math.max(-180, box.getLeft() / 1e9),
                    Math.max(-85, box.getBottom() / 1e9),
                    Math.min(180, box.getRight() / 1e9),
                    Math.min(85, box.getTop() / 1e9)));
        }

        private Unusable notAnExtract() {
            return new Unusable("%s is not an OpenStreetMap extract in PBF form.".formatted(file), AGAIN);
        }
    }
}
