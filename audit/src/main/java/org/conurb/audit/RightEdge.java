package org.conurb.audit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The last tile of each level, growing as leaf hashes are appended. Confined to one thread. */
final class RightEdge {
    /** Told of each hash that enters a level. */
    interface Listener {
        void appended(int level, long position, byte[] hash);
    }

    private final List<ByteArrayOutputStream> open = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>(); // hashes of each level
    private final Map<TileId, byte[]> full = new LinkedHashMap<>();
    private final Listener listener;

    RightEdge(Listener listener) {
        this.listener = listener;
    }

    /**
     * Goes on where a tree of {@code size} leaves ends.
     *
     * @throws LogBroken where a tile is not as wide as the size says
     */
    static RightEdge of(long size, Function<TileId, Optional<byte[]>> tiles) {
        RightEdge edge = new RightEdge((level, position, hash) -> {});
        for (int level = 0; TileId.hashes(level, size) > 0; level++) {
            long count = TileId.hashes(level, size);
            TileId id = new TileId(level, count / TileId.WIDTH);
            byte[] hashes = tiles.apply(id).orElse(new byte[0]);
            if (hashes.length != count % TileId.WIDTH * MerkleTree.HASH_LENGTH) {
                throw new LogBroken("Tile %s does not fit the %d entries of the log".formatted(id, size));
            }
            edge.level(level).writeBytes(hashes);
            edge.counts.set(level, count);
        }
        return edge;
    }

    void append(byte[] leafHash) {
        append(0, leafHash);
    }

    private void append(int level, byte[] hash) {
        ByteArrayOutputStream tile = level(level);
        long position = counts.get(level);
        listener.appended(level, position, hash);
        tile.writeBytes(hash);
        counts.set(level, position + 1);
        if (tile.size() == TileId.WIDTH * MerkleTree.HASH_LENGTH) {
            byte[] hashes = tile.toByteArray();
            full.put(new TileId(level, position / TileId.WIDTH), hashes);
            tile.reset();
            append(level + 1, MerkleTree.perfectRoot(hashes, 0, TileId.WIDTH));
        }
    }

    /** Tiles that became full since last asked, and the partial ones as they are. */
    Map<TileId, byte[]> drain() {
        Map<TileId, byte[]> tiles = new LinkedHashMap<>(full);
        full.clear();
        for (int level = 0; level < open.size(); level++) {
            if (open.get(level).size() > 0) {
                tiles.put(
                        new TileId(level, counts.get(level) / TileId.WIDTH),
                        open.get(level).toByteArray());
            }
        }
        return tiles;
    }

    private ByteArrayOutputStream level(int level) {
        while (open.size() <= level) {
            open.add(new ByteArrayOutputStream(TileId.WIDTH * MerkleTree.HASH_LENGTH));
            counts.add(0L);
        }
        return open.get(level);
    }
}
