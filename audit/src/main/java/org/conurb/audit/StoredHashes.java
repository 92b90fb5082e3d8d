package org.conurb.audit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Hashes as the stored tiles hold them, read from left to right: one tile of each level in memory. */
final class StoredHashes {
    private final LogSource source;
    private final Map<Integer, Tile> current = new HashMap<>();

    private record Tile(long index, byte[] hashes) {}

    StoredHashes(LogSource source) {
        this.source = source;
    }

    Optional<byte[]> at(int level, long position) {
        long index = position / TileId.WIDTH;
        Tile tile = current.get(level);
        if (tile == null || tile.index() != index) {
            tile = new Tile(index, source.tile(new TileId(level, index)).orElse(new byte[0]));
            current.put(level, tile);
        }
        int offset = (int) (position % TileId.WIDTH) * MerkleTree.HASH_LENGTH;
        return offset + MerkleTree.HASH_LENGTH <= tile.hashes().length
                ? Optional.of(Arrays.copyOfRange(tile.hashes(), offset, offset + MerkleTree.HASH_LENGTH))
                : Optional.empty();
    }
}
