package org.conurb.audit;

import java.util.Base64;
import java.util.Optional;

/**
 * What a signed checkpoint says (C2SP tlog-checkpoint): the log of that origin has {@code size} entries, and this root.
 */
record Checkpoint(String origin, long size, byte[] root) {
    String text() {
        return "%s\n%d\n%s\n".formatted(origin, size, Base64.getEncoder().encodeToString(root));
    }

    /** @return empty for anything that is not a checkpoint; extension lines are passed over */
    static Optional<Checkpoint> parse(String text) {
        String[] lines = text.split("\n", 5);
        if (lines.length < 4 || lines[0].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            return Optional.empty();
        }
        try {
            byte[] root = Base64.getDecoder().decode(lines[2]);
            return root.length == MerkleTree.HASH_LENGTH
                    ? Optional.of(new Checkpoint(lines[0], Long.parseLong(lines[1]), root))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
