package org.conurb.audit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The perfect subtrees of a growing tree, as a binary counter: appending costs one hash on average, the root at most
 * one for each set bit of the size. Confined to one thread.
 */
final class Frontier {
    private final List<byte @Nullable []> subtrees = new ArrayList<>(); // by level; null where the size has a zero bit

    void append(byte[] leafHash) {
        byte[] carry = leafHash;
        for (int level = 0; level < subtrees.size(); level++) {
            byte[] left = subtrees.get(level);
            if (left == null) {
                subtrees.set(level, carry);
                return;
            }
            carry = MerkleTree.nodeHash(left, carry);
            subtrees.set(level, null);
        }
        subtrees.add(carry);
    }

    byte[] root() {
        byte[] root = null;
        for (byte[] subtree : subtrees) {
            if (subtree != null) {
                root = root == null ? subtree : MerkleTree.nodeHash(subtree, root);
            }
        }
        return root == null ? MerkleTree.sha256().digest() : root;
    }
}
