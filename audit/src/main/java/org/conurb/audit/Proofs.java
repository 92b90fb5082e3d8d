package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** What the log proves to its readers, always against the newest checkpoint: nothing beyond it is shown. */
final class Proofs {
    private final Transactions transactions;
    private final TreeStore tree;

    Proofs(Transactions transactions) {
        this.transactions = transactions;
        this.tree = new TreeStore(transactions.jdbc());
    }

    /**
     * Proof that an entry is in the log, or word that it will be.
     *
     * @param state {@code pending} or {@code included}
     * @param leaf the text whose UTF-8 bytes were hashed
     * @param hashes base64, from the leaf upwards (RFC 9162 §2.1.3)
     * @param checkpoint signed note over {@code size} and {@code root}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Inclusion(
            UUID entry,
            String state,
            @Nullable Long index,
            @Nullable Long size,
            @Nullable String leafHash,
            @Nullable String root,
            @Nullable List<String> hashes,
            @Nullable String checkpoint,
            @Nullable String leaf) {

        static Inclusion pending(UUID entry) {
            return new Inclusion(entry, "pending", null, null, null, null, null, null, null);
        }

        boolean pending() {
            return state.equals("pending");
        }
    }

    /** Proof that the log of {@code to} entries begins with that of {@code from} (RFC 9162 §2.1.4). */
    record Consistency(long from, long to, List<String> hashes) {}

    /** The newest signed checkpoint; empty until the sequencer has run for the first time. */
    Optional<String> checkpoint() {
        return transactions.asSystem(() -> tree.latest().map(TreeStore.Signed::note));
    }

    Inclusion inclusion(Entries.Stored entry) {
        return transactions.asSystem(() -> {
            Optional<Long> place = tree.place(entry.id());
            Optional<TreeStore.Signed> head =
                    tree.latest().filter(latest -> place.orElse(Long.MAX_VALUE) < latest.size());
            if (place.isEmpty() || head.isEmpty()) {
                return Inclusion.pending(entry.id());
            }
            long size = head.get().size();
            MerkleTree.Nodes nodes = tree.nodes();
            return new Inclusion(
                    entry.id(),
                    "included",
                    place.get(),
                    size,
                    base64(MerkleTree.leafHash(entry.leaf())),
                    base64(MerkleTree.root(size, nodes)),
                    base64(MerkleTree.inclusion(place.get(), size, nodes)),
                    head.get().note(),
                    new String(entry.leaf(), UTF_8));
        });
    }

    Consistency consistency(long from, long to) {
        return transactions.asSystem(() -> {
            long size = size();
            if (from < 0 || from > to || to > size) {
                throw new BadRequest(
                        "log-sizes",
                        "There is no consistency proof from %d to %d: the checkpoint covers %d entries."
                                .formatted(from, to, size),
                        "Give 0 <= from <= to <= the size in GET /api/audit/checkpoint.");
            }
            return new Consistency(from, to, base64(MerkleTree.consistency(from, to, tree.nodes())));
        });
    }

    /** @throws NotFound beyond the checkpoint */
    byte[] tile(TilePath path) {
        return transactions.asSystem(() -> path.level().isPresent() ? hashes(path) : bundle(path));
    }

    private byte[] hashes(TilePath path) {
        TileId id = new TileId(path.level().orElseThrow(), path.index());
        demand(path, id);
        byte[] stored = tree.tile(id).orElseThrow(() -> new NotFound("tile", path.text()));
        return Arrays.copyOf(stored, path.width() * MerkleTree.HASH_LENGTH);
    }

    private byte[] bundle(TilePath path) {
        demand(path, new TileId(0, path.index()));
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] leaf : tree.leaves(path.index() * TileId.WIDTH, path.width())) {
            bundle.write(leaf.length >>> 8);
            bundle.write(leaf.length);
            bundle.writeBytes(leaf);
        }
        return bundle.toByteArray();
    }

    private void demand(TilePath path, TileId id) {
        if (id.level() > TileId.MAX_LEVEL
                || id.index() > Long.MAX_VALUE / TileId.WIDTH / 2
                || id.width(size()) < path.width()) {
            throw new NotFound("tile", path.text());
        }
    }

    private long size() {
        return tree.latest().map(TreeStore.Signed::size).orElse(0L);
    }

    private static List<String> base64(List<byte[]> hashes) {
        return hashes.stream().map(Proofs::base64).toList();
    }

    private static String base64(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }
}
