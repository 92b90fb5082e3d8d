package org.conurb.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Roots of perfect subtrees, computed from tiles; each tile is fetched once. For one proof and one thread. */
final class TileNodes implements MerkleTree.Nodes {
    private final Function<TileId, Optional<byte[]>> fetch;
    private final Map<TileId, byte[]> tiles = new HashMap<>();

    TileNodes(Function<TileId, Optional<byte[]>> fetch) {
        this.fetch = fetch;
    }

    /** @throws LogBroken where the tile that should hold it does not */
    @Override
    public byte[] node(int level, long index) {
        int within = level % TileId.HEIGHT;
        long first = index << within;
        TileId id = new TileId(level / TileId.HEIGHT, first / TileId.WIDTH);
        byte[] hashes = tiles.computeIfAbsent(
                id, absent -> fetch.apply(absent).orElseThrow(() -> new LogBroken("Tile %s is missing".formatted(id))));
        int offset = (int) (first % TileId.WIDTH);
        int count = 1 << within;
        if (hashes.length < (offset + count) * MerkleTree.HASH_LENGTH) {
            throw new LogBroken("Tile %s holds too few hashes".formatted(id));
        }
        return MerkleTree.perfectRoot(hashes, offset, count);
    }
}
