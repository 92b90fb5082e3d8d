package org.conurb.audit;

/**
 * A tile: 256 hashes of the tree, or fewer at the right edge (C2SP tlog-tiles).
 *
 * @param level 0 for leaf hashes; a hash of level n + 1 is the root of a full tile of level n
 * @param index 0 is the leftmost
 */
record TileId(int level, long index) {
    static final int HEIGHT = 8;
    static final int WIDTH = 1 << HEIGHT;
    static final int MAX_LEVEL = 7; // 2^64 leaves

    /** How many hashes of that level a tree of {@code size} leaves has. */
    static long hashes(int level, long size) {
        return level > MAX_LEVEL ? 0 : size >>> (HEIGHT * level);
    }

    /** How many of this tile's hashes a tree of {@code size} leaves has, 0..256. */
    int width(long size) {
        return (int) Math.clamp(hashes(level, size) - index * WIDTH, 0, WIDTH);
    }
}
