package org.conurb.video;

import java.util.Arrays;

/**
 * A picture as 32 by 18 fields of brightness (0 to 255, top left first), and what can be told from so little. Views are
 * compared by where their edges are, in tiles of which the middle one counts: light, shadow and night change how strong
 * edges are and hardly where; people and buses change some tiles, a push changes all. Immutable.
 */
final class BrightnessGrid {
    static final int COLUMNS = 32;
    static final int ROWS = 18;
    static final int FIELDS = COLUMNS * ROWS;

    /** Rows above and below that clocks and names are written in; not looked at, but for {@link #same}. */
    private static final int MARGIN = 2;

    private static final int EDGE_ROWS = ROWS - 2 * MARGIN;
    private static final int EDGE_COLUMNS = COLUMNS - 1;
    private static final int TILES_DOWN = 3;
    private static final int TILES_ACROSS = 5;
    private static final int LEAST_TILES = 5;
    /** Standard deviation of edges below which a tile is plain: what rounding and noise make of nothing is 0.55. */
    private static final double PLAIN = 0.8;

    private static final int SWAY = 1;
    private static final int FARTHEST_ACROSS = 8;
    private static final int FARTHEST_DOWN = 5;
    private static final double UNLIKE = 0.35;
    private static final double ALIKE = 0.5;
    private static final double CERTAIN = 0.75;
    private static final double FOUND_ELSEWHERE = 0.6;
    private static final double OTHER_LIGHT = 2.5;
    private static final double CLEARLY_BETTER = 0.2;

    private final float[] fields;
    private final float[] edges;

    private BrightnessGrid(float[] fields) {
        this.fields = fields;
        this.edges = edges(fields);
    }

    /** @param brightness 576 bytes */
    static BrightnessGrid of(byte[] brightness) {
        float[] fields = new float[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = Byte.toUnsignedInt(brightness[i]);
        }
        return new BrightnessGrid(fields);
    }

    byte[] bytes() {
        byte[] bytes = new byte[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            bytes[i] = (byte) Math.round(fields[i]);
        }
        return bytes;
    }

    enum View {
        SAME,
        OTHER,
        /** Too plain or too much covered to tell. */
        UNCLEAR
    }

    /** Nothing to be seen: dark all over, and evenly so; a night with lamps, or with shapes, is not. */
    boolean black() {
        int first = MARGIN * COLUMNS;
        int last = FIELDS - first;
        double sum = 0;
        double squares = 0;
        int bright = 0;
        for (int i = first; i < last; i++) {
            sum += fields[i];
            squares += fields[i] * fields[i];
            bright += fields[i] > 48 ? 1 : 0;
        }
        int count = last - first;
        double mean = sum / count;
        return mean < 32 && bright <= 8 && squares / count - mean * mean < 16;
    }

    /** As it is only where no time has passed: the noise of any camera changes more within a second. */
    boolean same(BrightnessGrid other) {
        int differing = 0;
        for (int i = 0; i < FIELDS; i++) {
            float by = Math.abs(fields[i] - other.fields[i]);
            if (by > 1) {
                return false;
            }
            differing += by > 0 ? 1 : 0;
        }
        return differing <= 2;
    }

    /** Whether enough is in it to know it again. */
    boolean distinct() {
        int found = 0;
        for (int tile = 0; tile < TILES_DOWN * TILES_ACROSS; tile++) {
            found += Double.isNaN(correlation(this, tile, 0, 0)) ? 0 : 1;
        }
        return found >= LEAST_TILES;
    }

    /** Whether {@code now} is seen from where this, the usual view, is seen from. */
    View compare(BrightnessGrid now) {
        if (!distinct() || !now.distinct()) {
            return View.UNCLEAR;
        }
        double here = best(now, SWAY, SWAY, false);
        if (here >= CERTAIN) {
            return View.SAME;
        }
        double elsewhere = best(now, FARTHEST_DOWN, FARTHEST_ACROSS, true);
        boolean unlike = here < UNLIKE && !otherLight(now);
        if (unlike || elsewhere >= Math.max(FOUND_ELSEWHERE, here + CLEARLY_BETTER)) {
            return View.OTHER;
        }
        return here >= ALIKE ? View.SAME : View.UNCLEAR;
    }

    /** This, with {@code share} of {@code other} mixed in. */
    BrightnessGrid towards(BrightnessGrid other, float share) {
        float[] mixed = new float[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            mixed[i] = fields[i] + share * (other.fields[i] - fields[i]);
        }
        return new BrightnessGrid(mixed);
    }

    /** A lit window by night is where by day there was a wall: then only what is found elsewhere is proof of a move. */
    private boolean otherLight(BrightnessGrid now) {
        double ratio = mean() / Math.max(1, now.mean());
        return ratio > OTHER_LIGHT || ratio < 1 / OTHER_LIGHT;
    }

    private double mean() {
        double sum = 0;
        for (float field : fields) {
            sum += field;
        }
        return sum / FIELDS;
    }

    private double best(BrightnessGrid now, int down, int across, boolean beyondSway) {
        double best = -1;
        for (int y = -down; y <= down; y++) {
            for (int x = -across; x <= across; x++) {
                if (!beyondSway || Math.abs(x) > SWAY || Math.abs(y) > SWAY) {
                    best = Math.max(best, alike(now, y, x));
                }
            }
        }
        return best;
    }

    /** -1 to 1, where {@code now} is taken to be shifted by that many fields. */
    private double alike(BrightnessGrid now, int down, int across) {
        double[] tiles = new double[TILES_DOWN * TILES_ACROSS];
        int count = 0;
        for (int tile = 0; tile < tiles.length; tile++) {
            double one = correlation(now, tile, down, across);
            if (!Double.isNaN(one)) {
                tiles[count++] = one;
            }
        }
        if (count < LEAST_TILES) {
            return -1;
        }
        Arrays.sort(tiles, 0, count);
        return (tiles[(count - 1) / 2] + tiles[count / 2]) / 2;
    }

    /** Of one tile of the part that both have: -1 to 1; not a number where this is plain, 0 where {@code now} is. */
    private double correlation(BrightnessGrid now, int tile, int down, int across) {
        int shift = down * EDGE_COLUMNS + across;
        int height = EDGE_ROWS - Math.abs(down);
        int width = EDGE_COLUMNS - Math.abs(across);
        int top = Math.max(0, -down);
        int left = Math.max(0, -across);
        int row = tile / TILES_ACROSS;
        int column = tile % TILES_ACROSS;
        double sumA = 0;
        double sumB = 0;
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        int count = 0;
        for (int y = top + row * height / TILES_DOWN; y < top + (row + 1) * height / TILES_DOWN; y++) {
            int from = y * EDGE_COLUMNS + left + column * width / TILES_ACROSS;
            int to = y * EDGE_COLUMNS + left + (column + 1) * width / TILES_ACROSS;
            for (int i = from; i < to; i++) {
                double a = edges[i];
                double b = now.edges[i + shift];
                sumA += a;
                sumB += b;
                squaresA += a * a;
                squaresB += b * b;
                products += a * b;
                count++;
            }
        }
        double spreadA = squaresA - sumA * sumA / count;
        double spreadB = squaresB - sumB * sumB / count;
        double least = PLAIN * PLAIN * count;
        if (spreadA < least) {
            return Double.NaN;
        }
        return spreadB < least ? 0 : (products - sumA * sumB / count) / Math.sqrt(spreadA * spreadB);
    }

    /** How much brightness changes to the right and downwards; the root, so that lamps do not outweigh all else. */
    private static float[] edges(float[] fields) {
        float[] edges = new float[EDGE_ROWS * EDGE_COLUMNS];
        for (int row = 0; row < EDGE_ROWS; row++) {
            for (int column = 0; column < EDGE_COLUMNS; column++) {
                int i = (row + MARGIN) * COLUMNS + column;
                float change = Math.abs(fields[i + 1] - fields[i]) + Math.abs(fields[i + COLUMNS] - fields[i]);
                edges[row * EDGE_COLUMNS + column] = (float) Math.sqrt(change);
            }
        }
        return edges;
    }
}
