package org.conurb.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Merkle tree of RFC 9162 §2.1 with SHA-256: hashes, proofs and their verification. A tree of any size is a row of
 * perfect subtrees, so everything is derived from roots of perfect subtrees ({@link Nodes}), which never change once
 * there. A proof costs O(log size) of them.
 */
final class MerkleTree {
    static final int HASH_LENGTH = 32;
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private MerkleTree() {}

    /** Gives roots of perfect subtrees. */
    interface Nodes {
        /** Root over leaves {@code index << level} up to {@code (index + 1) << level}, exclusive. */
        byte[] node(int level, long index);
    }

    static byte[] leafHash(byte[] leaf) {
        MessageDigest digest = sha256();
        digest.update(LEAF);
        return digest.digest(leaf);
    }

    static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest digest = sha256();
        digest.update(NODE);
        digest.update(left);
        return digest.digest(right);
    }

    /** Root over a power of two of hashes that lie one after another. */
    static byte[] perfectRoot(byte[] hashes, int firstHash, int count) {
        if (count == 1) {
            return Arrays.copyOfRange(hashes, firstHash * HASH_LENGTH, (firstHash + 1) * HASH_LENGTH);
        }
        int half = count / 2;
        return nodeHash(perfectRoot(hashes, firstHash, half), perfectRoot(hashes, firstHash + half, half));
    }

    /** Root of the tree over the first {@code size} leaves. */
    static byte[] root(long size, Nodes nodes) {
        return size == 0 ? sha256().digest() : range(0, size, nodes);
    }

    /** Proof that leaf {@code index} is in the tree of {@code size} leaves (RFC 9162 §2.1.3.1). */
    static List<byte[]> inclusion(long index, long size, Nodes nodes) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("No leaf %d in a tree of %d".formatted(index, size));
        }
        List<byte[]> proof = new ArrayList<>();
        path(index, 0, size, nodes, proof);
        return List.copyOf(proof);
    }

    private static void path(long index, long from, long to, Nodes nodes, List<byte[]> proof) {
        if (to - from == 1) {
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (index < middle) {
            path(index, from, middle, nodes, proof);
            proof.add(range(middle, to, nodes));
        } else {
            path(index, middle, to, nodes, proof);
            proof.add(range(from, middle, nodes));
        }
    }

    /** Proof that the tree of {@code to} leaves begins with the one of {@code from} (RFC 9162 §2.1.4.1). */
    static List<byte[]> consistency(long from, long to, Nodes nodes) {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException("No consistency from %d to %d".formatted(from, to));
        }
        List<byte[]> proof = new ArrayList<>();
        if (from > 0) {
            subproof(from, 0, to, true, nodes, proof);
        }
        return List.copyOf(proof);
    }

    private static void subproof(long size, long from, long to, boolean known, Nodes nodes, List<byte[]> proof) {
        if (size == to - from) {
            if (!known) {
                proof.add(range(from, to, nodes));
            }
            return;
        }
        long half = Long.highestOneBit(to - from - 1);
        if (size <= half) {
            subproof(size, from, from + half, known, nodes, proof);
            proof.add(range(from + half, to, nodes));
        } else {
            subproof(size - half, from + half, to, false, nodes, proof);
            proof.add(range(from, from + half, nodes));
        }
    }

    /** Root over leaves from..to, where {@code from} is a multiple of the least power of two that spans them. */
    private static byte[] range(long from, long to, Nodes nodes) {
        int level = 63 - Long.numberOfLeadingZeros(to - from);
        byte[] left = nodes.node(level, from >>> level);
        long middle = from + (1L << level);
        return middle == to ? left : nodeHash(left, range(middle, to, nodes));
    }

    /** Checks a proof of inclusion (RFC 9162 §2.1.3.2). */
    static boolean includes(byte[] leafHash, long index, long size, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long first = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((first & 1) == 1 || first == last) {
                hash = nodeHash(sibling, hash);
                while ((first & 1) == 0 && first != 0) {
                    first >>>= 1;
                    last >>>= 1;
                }
            } else {
                hash = nodeHash(hash, sibling);
            }
            first >>>= 1;
            last >>>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /** Checks a proof of consistency (RFC 9162 §2.1.4.2); an empty tree is the beginning of every other. */
    static boolean consistent(long from, byte[] fromRoot, long to, byte[] toRoot, List<byte[]> proof) {
        if (from < 0 || from > to) {
            return false;
        }
        if (from == to) {
            return proof.isEmpty() && Arrays.equals(fromRoot, toRoot);
        }
        if (from == 0) {
            return proof.isEmpty() && Arrays.equals(fromRoot, sha256().digest());
        }
        List<byte[]> hashes = new ArrayList<>(proof);
        if (Long.bitCount(from) == 1) {
            hashes.addFirst(fromRoot);
        }
        if (hashes.isEmpty()) {
            return false;
        }
        int trailing = Long.numberOfTrailingZeros(from); // as many ones end from - 1
        long first = (from - 1) >>> trailing;
        long last = (to - 1) >>> trailing;
        byte[] older = hashes.getFirst();
        byte[] newer = older;
        for (byte[] hash : hashes.subList(1, hashes.size())) {
            if (last == 0) {
                return false;
            }
            if ((first & 1) == 1 || first == last) {
                older = nodeHash(hash, older);
                newer = nodeHash(hash, newer);
                while ((first & 1) == 0 && first != 0) {
                    first >>>= 1;
                    last >>>= 1;
                }
            } else {
                newer = nodeHash(newer, hash);
            }
            first >>>= 1;
            last >>>= 1;
        }
        return last == 0 && Arrays.equals(older, fromRoot) && Arrays.equals(newer, toRoot);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
