package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final int MOST = 300;
    private static final HexFormat HEX = HexFormat.of();

    /** Leaves and roots that the Certificate Transparency implementations share as their reference. */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private final List<byte[]> hashes = hashes(MOST);
    private final Map<Long, byte[]> memory = new HashMap<>();

    @Test
    void rootsAreThoseOfTheReference() {
        List<byte[]> leaves =
                LEAVES.stream().map(HEX::parseHex).map(MerkleTree::leafHash).toList();
        Frontier frontier = new Frontier();
        for (int size = 0; size <= leaves.size(); size++) {
            if (size > 0) {
                frontier.append(leaves.get(size - 1));
            }
            assertThat(HEX.formatHex(MerkleTree.root(size, (level, index) -> perfect(leaves, level, index))))
                    .isEqualTo(ROOTS.get(size));
            assertThat(HEX.formatHex(frontier.root())).isEqualTo(ROOTS.get(size));
        }
    }

    @Test
    void rootsOfEverySizeAreThoseOfTheDefinition() {
        Frontier frontier = new Frontier();
        for (int size = 1; size <= MOST; size++) {
            frontier.append(hashes.get(size - 1));
            byte[] defined = defined(hashes.subList(0, size));
            assertThat(MerkleTree.root(size, this::node)).isEqualTo(defined);
            assertThat(frontier.root()).isEqualTo(defined);
        }
    }

    @Test
    void everyLeafOfEverySizeIsProvenToBeIn() {
        for (int size = 1; size <= MOST; size++) {
            byte[] root = MerkleTree.root(size, this::node);
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = MerkleTree.inclusion(index, size, this::node);
                assertThat(MerkleTree.includes(hashes.get(index), index, size, proof, root))
                        .isTrue();
                assertThat(MerkleTree.includes(hashes.get(index), (index + 1) % size, size, proof, root))
                        .isEqualTo(size == 1);
            }
        }
    }

    @Test
    void everySizeIsProvenToBeginEveryGreaterOne() {
        for (int to = 0; to <= MOST; to++) {
            byte[] toRoot = MerkleTree.root(to, this::node);
            for (int from = 0; from <= to; from++) {
                byte[] fromRoot = MerkleTree.root(from, this::node);
                List<byte[]> proof = MerkleTree.consistency(from, to, this::node);
                assertThat(MerkleTree.consistent(from, fromRoot, to, toRoot, proof))
                        .as("%d to %d", from, to)
                        .isTrue();
            }
        }
    }

    @Test
    void aProofWithAnyOtherHashOrLengthDoesNotHold() {
        for (int size : new int[] {2, 3, 7, 8, 100, 129}) {
            byte[] root = MerkleTree.root(size, this::node);
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = MerkleTree.inclusion(index, size, this::node);
                byte[] leaf = hashes.get(index);
                for (List<byte[]> wrong : spoilt(proof)) {
                    assertThat(MerkleTree.includes(leaf, index, size, wrong, root))
                            .isFalse();
                }
            }
            for (int from = 1; from < size; from++) {
                byte[] fromRoot = MerkleTree.root(from, this::node);
                for (List<byte[]> wrong : spoilt(MerkleTree.consistency(from, size, this::node))) {
                    assertThat(MerkleTree.consistent(from, fromRoot, size, root, wrong))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void tilesGiveTheSameProofs() {
        int size = 66_000;
        List<byte[]> many = hashes(size);
        RightEdge edge = new RightEdge((level, position, hash) -> {});
        many.forEach(edge::append);
        Map<TileId, byte[]> tiles = edge.drain();
        TileNodes nodes = new TileNodes(id -> java.util.Optional.ofNullable(tiles.get(id)));
        Frontier frontier = new Frontier();
        many.forEach(frontier::append);
        byte[] root = frontier.root();
        assertThat(MerkleTree.root(size, nodes)).isEqualTo(root);
        for (int index : new int[] {0, 1, 255, 256, 65_535, 65_536, 65_791, 65_792, 65_999}) {
            assertThat(MerkleTree.includes(
                            many.get(index), index, size, MerkleTree.inclusion(index, size, nodes), root))
                    .isTrue();
            byte[] before = MerkleTree.root(index, nodes);
            assertThat(MerkleTree.consistent(index, before, size, root, MerkleTree.consistency(index, size, nodes)))
                    .isTrue();
        }
    }

    @Test
    void tilesAreCutAsInTheExampleOfTheSpecification() {
        RightEdge edge = new RightEdge((level, position, hash) -> {});
        hashes(70_000).forEach(edge::append);
        Map<TileId, byte[]> tiles = edge.drain();
        assertThat(tiles).hasSize(273 + 1 + 1 + 1 + 1);
        assertThat(tiles.get(new TileId(0, 272))).hasSize(256 * 32);
        assertThat(tiles.get(new TileId(0, 273))).hasSize(112 * 32);
        assertThat(tiles.get(new TileId(1, 0))).hasSize(256 * 32);
        assertThat(tiles.get(new TileId(1, 1))).hasSize(17 * 32);
        assertThat(tiles.get(new TileId(2, 0))).hasSize(32);
        tiles.forEach((id, bytes) -> assertThat(id.width(70_000) * 32).isEqualTo(bytes.length));
    }

    @Test
    void theRightEdgeGoesOnWhereItEnded() {
        List<byte[]> many = hashes(1_200);
        Map<TileId, byte[]> stored = new HashMap<>();
        int done = 0;
        for (int step = 1; done < many.size(); step += 37) {
            RightEdge edge = RightEdge.of(done, id -> java.util.Optional.ofNullable(stored.get(id)));
            List<byte[]> batch = many.subList(done, Math.min(many.size(), done + step));
            batch.forEach(edge::append);
            stored.putAll(edge.drain());
            done += batch.size();
        }
        RightEdge whole = new RightEdge((level, position, hash) -> {});
        many.forEach(whole::append);
        Map<TileId, byte[]> expected = whole.drain();
        assertThat(stored.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, bytes) -> assertThat(stored.get(id)).isEqualTo(bytes));
    }

    private static List<List<byte[]>> spoilt(List<byte[]> proof) {
        List<List<byte[]>> all = new ArrayList<>();
        for (int i = 0; i < proof.size(); i++) {
            List<byte[]> flipped = new ArrayList<>(proof);
            byte[] hash = proof.get(i).clone();
            hash[i % 32] ^= 1;
            flipped.set(i, hash);
            all.add(flipped);
            List<byte[]> shorter = new ArrayList<>(proof);
            shorter.remove(i);
            all.add(shorter);
        }
        List<byte[]> longer = new ArrayList<>(proof);
        longer.add(new byte[32]);
        all.add(longer);
        return all;
    }

    private byte[] node(int level, long index) {
        return memory.computeIfAbsent((long) level << 32 | index, key -> perfect(hashes, level, index));
    }

    private static byte[] perfect(List<byte[]> leaves, int level, long index) {
        return defined(leaves.subList((int) (index << level), (int) (index + 1 << level)));
    }

    /** MTH as RFC 9162 §2.1.1 writes it. */
    private static byte[] defined(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        return MerkleTree.nodeHash(defined(leaves.subList(0, k)), defined(leaves.subList(k, leaves.size())));
    }

    private static List<byte[]> hashes(int count) {
        List<byte[]> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(MerkleTree.leafHash(String.valueOf(i).getBytes(UTF_8)));
        }
        return hashes;
    }
}
