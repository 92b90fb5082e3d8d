package org.conurb.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A cell of a quad tree over latitude and longitude, as one positive {@code long} that PostgreSQL's int8 index can hold
 * and a row-level policy does not slow down.
 *
 * <p>The idea: level 0 is the whole earth, each level quarters a cell, level {@value #MAX_LEVEL} is about 2 cm high. An
 * id is the interleaved bits of row and column (Morton order) followed by a 1 and zeros, so that all that lies in a cell
 * has an id within {@link #min()}..{@link #max()}, and the bit's place tells the level. A geometry is stored as the
 * cells that cover it; what may touch a query cell then is a range (its descendants) and at most {@value #MAX_LEVEL}
 * single ids (its ancestors). Rechecked exactly afterwards: cells only narrow down.
 *
 * @param id 1..2^61-1
 */
public record Cell(long id) {
    public static final int MAX_LEVEL = 30;

    public Cell {
        if (id <= 0 || id >= 1L << (2 * MAX_LEVEL + 1) || (Long.numberOfTrailingZeros(id) & 1) != 0) {
            throw new IllegalArgumentException("Not a cell: " + id);
        }
    }

    /** The smallest cell at a point. */
    public static Cell of(Epsg4326Point point) {
        return of(point, MAX_LEVEL);
    }

    /** @param level 0..{@value #MAX_LEVEL} */
    public static Cell of(Epsg4326Point point, int level) {
        long side = 1L << level;
        long row = Math.min(side - 1, (long) ((point.latitudeDegrees() + 90) / 180 * side));
        long column = Math.min(side - 1, (long) ((point.longitudeDegrees() + 180) / 360 * side));
        return at(row, column, level);
    }

    private static Cell at(long row, long column, int level) {
        long position = spread(row) << 1 | spread(column);
        return new Cell((position << 1 | 1) << 2 * (MAX_LEVEL - level));
    }

    public int level() {
        return MAX_LEVEL - Long.numberOfTrailingZeros(id) / 2;
    }

    /** Smallest id of any cell within this one, itself included. */
    public long min() {
        return id - (Long.lowestOneBit(id) - 1);
    }

    /** Greatest id of any cell within this one, itself included. */
    public long max() {
        return id + (Long.lowestOneBit(id) - 1);
    }

    /** The cell around this one at a lower level. */
    public Cell ancestor(int level) {
        long bit = 1L << 2 * (MAX_LEVEL - level);
        return new Cell(id & -bit | bit);
    }

    /** Ids of all cells that properly contain this one, largest first. */
    public List<Long> ancestorIds() {
        List<Long> ids = new ArrayList<>(level());
        for (int level = 0; level < level(); level++) {
            ids.add(ancestor(level).id);
        }
        return ids;
    }

    /**
     * Cells of one level that together cover a box; the finest level at which at most {@code most} are needed. A box over
     * the antimeridian is given as two.
     *
     * @param most 4 or more
     */
    public static List<Cell> covering(Epsg4326Point southWest, Epsg4326Point northEast, int most) {
        for (int level = MAX_LEVEL; level > 0; level--) {
            long side = 1L << level;
            long south = Math.min(side - 1, (long) ((southWest.latitudeDegrees() + 90) / 180 * side));
            long north = Math.min(side - 1, (long) ((northEast.latitudeDegrees() + 90) / 180 * side));
            long west = Math.min(side - 1, (long) ((southWest.longitudeDegrees() + 180) / 360 * side));
            long east = Math.min(side - 1, (long) ((northEast.longitudeDegrees() + 180) / 360 * side));
            if (north - south < most && east - west < most && (north - south + 1) * (east - west + 1) <= most) {
                List<Cell> cells = new ArrayList<>();
                for (long row = south; row <= north; row++) {
                    for (long column = west; column <= east; column++) {
                        cells.add(at(row, column, level));
                    }
                }
                return List.copyOf(cells);
            }
        }
        return List.of(at(0, 0, 0));
    }

    /** Puts a zero before each of the low 30 bits. */
    private static long spread(long bits) {
        long x = bits & 0x3fffffffL;
        x = (x | x << 16) & 0x0000ffff0000ffffL;
        x = (x | x << 8) & 0x00ff00ff00ff00ffL;
        x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fL;
        x = (x | x << 2) & 0x3333333333333333L;
        return (x | x << 1) & 0x5555555555555555L;
    }
}
