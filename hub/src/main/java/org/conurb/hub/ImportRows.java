package org.conurb.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/** The rows of one file, read from its beginning one by one; never more than one row in memory. Confined to one thread. */
abstract class ImportRows implements AutoCloseable {
    static final int MOST_COLUMNS = 1_000;

    private final Bound in;

    ImportRows(Path file) throws IOException {
        this.in = new Bound(Files.newInputStream(file));
    }

    static ImportRows open(Path file, ImportDialect dialect) {
        try {
            return switch (dialect.format()) {
                case CSV -> new ImportTable(file, dialect);
                case GEOJSON, JSON -> new ImportFeatures(file, dialect.format());
            };
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file, e);
        }
    }

    /**
     * The next one; null after the last.
     *
     * @throws BadRequest where the file cannot be read on
     */
    abstract @Nullable ImportRow next();

    /** Names in the order in which they were first seen: of a table all, of features those of the rows read so far. */
    abstract Set<String> columns();

    InputStream in() {
        return in;
    }

    /** What follows belongs to another row. */
    void begin() {
        in.bytes = 0;
    }

    /** About so many bytes were read for the row that was told last. */
    int bytes() {
        return in.bytes;
    }

    static BadRequest refused(String why, String remedy) {
        return new BadRequest("import-file", why, remedy);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Closing a file that was read", e);
        }
    }

    /** A row was longer than is taken. */
    static final class TooLong extends IOException {
        TooLong() {
            super("A row has more than %d bytes".formatted(Bound.MOST));
        }
    }

    /** Ends a row that does not end; readers look ahead by less than what it lets pass. */
    private static final class Bound extends FilterInputStream {
        private static final int MOST = 2 << 20;

        private int bytes;

        Bound(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, Math.min(length, 1 << 13));
            bytes += Math.max(0, n);
            if (bytes > MOST) {
                throw new TooLong();
            }
            return n;
        }
    }
}
