package org.conurb.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives committed entries their places, a batch a transaction, and signs checkpoints. It never reasons from ids or
 * numbers: what is to be done stands in the queue table, where a row appears with its transaction's commit and goes with
 * the batch's. Steps are taken by one thread; a lock in the database keeps a second process out.
 */
final class Sequencer {
    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

    private final Transactions transactions;
    private final TreeStore tree;
    private final LogKey key;
    private final Clock clock;
    private final AuditSettings settings;
    private boolean keyChecked; // this process's key signed the latest checkpoint
    private boolean signedAll; // the latest checkpoint covers every place
    private volatile Instant signedAt = Instant.EPOCH;

    Sequencer(Transactions transactions, LogKey key, Clock clock, AuditSettings settings) {
        this.transactions = transactions;
        this.tree = new TreeStore(transactions.jdbc());
        this.key = key;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Takes one batch.
     *
     * @return entries that got their place; the greatest batch means that more may wait
     * @throws LogBroken where what is stored contradicts what was signed; nothing is written then
     */
    int step() {
        return transactions.asSystem(() -> {
            if (!tree.lock()) {
                return 0;
            }
            List<TreeStore.Pending> batch = tree.pending(settings.batch());
            if (batch.isEmpty() && signedAll) {
                return 0;
            }
            long size = tree.size();
            if (!batch.isEmpty()) {
                append(size, batch);
            }
            signWhenDue(size + batch.size());
            return batch.size();
        });
    }

    /** When the latest checkpoint was signed; the epoch before the first step. */
    Instant signedAt() {
        return signedAt;
    }

    private void append(long size, List<TreeStore.Pending> batch) {
        RightEdge edge = RightEdge.of(size, tree::tile);
        batch.forEach(pending -> edge.append(MerkleTree.leafHash(pending.leaf())));
        tree.append(size, batch.stream().map(TreeStore.Pending::entry).toList(), edge.drain());
    }

    private void signWhenDue(long size) {
        Optional<TreeStore.Signed> latest = tree.latest();
        Instant now = clock.instant();
        boolean due = latest.map(last -> otherKey(last) || last.size() < size && elapsed(last.at(), now))
                .orElse(true);
        if (due) {
            latest.ifPresent(this::demandUnchanged);
            String note =
                    key.sign(new Checkpoint(key.verifier().name(), size, MerkleTree.root(size, tree.nodes())).text());
            tree.keep(new TreeStore.Signed(size, now, note), now.minus(settings.checkpointsKept()));
        }
        long covered = due ? size : latest.map(TreeStore.Signed::size).orElse(0L);
        Instant at = due ? now : latest.map(TreeStore.Signed::at).orElse(now);
        transactions.afterCommit(() -> {
            keyChecked = true;
            signedAt = at;
            signedAll = covered == size;
        });
    }

    /** A clock that was set back makes a checkpoint due at once, rather than never. */
    private boolean elapsed(Instant last, Instant now) {
        Duration age = Duration.between(last, now);
        return age.isNegative() || age.compareTo(settings.checkpointEvery()) >= 0;
    }

    /** Whether another key signed the latest checkpoint; asked once a start. */
    private boolean otherKey(TreeStore.Signed last) {
        if (keyChecked || key.verifier().open(last.note()).isPresent()) {
            return false;
        }
        log.atWarn().addKeyValue("key", key.verifier().text()).log("audit.key.changed");
        return true;
    }

    /** The tree must still begin with what was signed before. */
    private void demandUnchanged(TreeStore.Signed last) {
        Checkpoint before =
                Checkpoint.parse(last.note()).orElseThrow(() -> new LogBroken("A checkpoint is unreadable"));
        if (!Arrays.equals(before.root(), MerkleTree.root(before.size(), tree.nodes()))) {
            throw new LogBroken(
                    "The tree no longer holds what the checkpoint of %d entries signed".formatted(before.size()));
        }
    }
}
