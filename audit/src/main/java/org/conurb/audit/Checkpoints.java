package org.conurb.audit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Stored checkpoints beside the recomputed tree, in order of size. Roots are compared for all of them, which tells where
 * a log was rewritten; the signature is checked of the newest, which covers all before it (a check costs as much as
 * hashing a thousand entries).
 */
final class Checkpoints {
    private static final int PAGE = 1000;

    interface Faults {
        void add(Optional<Long> index, Optional<UUID> entry, String what);
    }

    private final LogSource source;
    private final VerifierKey key;
    private final Optional<String> kept;
    private final Optional<Checkpoint> keptHead;
    private final Deque<LogSource.Note> ahead = new ArrayDeque<>();
    private @Nullable Checkpoint upcoming;
    private boolean exhausted;
    private long readTo = -1;
    private long signed;
    private Optional<String> newest = Optional.empty();

    Checkpoints(LogSource source, VerifierKey key, Optional<String> kept) {
        this.source = source;
        this.key = key;
        this.kept = kept;
        this.keptHead = kept.flatMap(key::open).flatMap(Checkpoint::parse);
    }

    /** Entries that the newest checkpoint covers. */
    long signed() {
        return signed;
    }

    /** Compares the checkpoints of that size, if there are any. */
    void checkAt(long size, Frontier tree, Faults faults) {
        if (keptHead.isPresent() && keptHead.get().size() == size) {
            compare(keptHead.get(), "kept", tree, faults);
        }
        for (Checkpoint head = upcoming(faults); head != null && head.size() <= size; head = upcoming(faults)) {
            pass(head);
            if (head.size() == size) {
                compare(head, "stored", tree, faults);
            }
        }
    }

    /** At the end of the log: what promises more entries, and whether the newest one is signed. */
    void checkBeyond(long size, Faults faults) {
        if (keptHead.isPresent() && keptHead.get().size() > size) {
            cutBack(size, keptHead.get(), faults);
        } else if (kept.isPresent() && keptHead.isEmpty()) {
            faults.add(Optional.empty(), Optional.empty(), "the kept checkpoint is not signed by this key");
        }
        for (Checkpoint head = upcoming(faults); head != null; head = upcoming(faults)) {
            pass(head);
            cutBack(size, head, faults);
        }
        if (newest.isEmpty() && size > 0) {
            faults.add(Optional.empty(), Optional.empty(), "no checkpoint covers the %d entries".formatted(size));
        } else if (newest.isPresent() && newest.flatMap(key::open).isEmpty()) {
            faults.add(
                    Optional.empty(),
                    Optional.empty(),
                    "the newest checkpoint, of %d entries, is not signed by this key".formatted(signed));
        }
    }

    private static void cutBack(long size, Checkpoint head, Faults faults) {
        faults.add(
                Optional.of(size),
                Optional.empty(),
                "the log ends here, and a checkpoint covers %d entries".formatted(head.size()));
    }

    private static void compare(Checkpoint head, String which, Frontier tree, Faults faults) {
        if (!Arrays.equals(head.root(), tree.root())) {
            faults.add(
                    Optional.of(Math.max(0, head.size() - 1)),
                    Optional.empty(),
                    "a record up to this one is not what the %s checkpoint of %d entries covers"
                            .formatted(which, head.size()));
        }
    }

    private void pass(Checkpoint head) {
        newest = Optional.of(ahead.remove().text());
        signed = head.size();
        upcoming = null;
    }

    /** The next readable checkpoint; unreadable ones are faults. */
    private @Nullable Checkpoint upcoming(Faults faults) {
        while (upcoming == null && !exhausted) {
            LogSource.Note note = ahead.peek();
            if (note == null) {
                List<LogSource.Note> page = source.checkpoints(readTo, PAGE);
                ahead.addAll(page);
                exhausted = page.isEmpty();
                readTo = page.isEmpty() ? readTo : page.getLast().size();
                continue;
            }
            upcoming = Checkpoint.parse(note.text())
                    .filter(head -> head.size() == note.size() && head.origin().equals(key.name()))
                    .orElse(null);
            if (upcoming == null) {
                ahead.remove();
                faults.add(
                        Optional.empty(),
                        Optional.empty(),
                        "the checkpoint of %d entries is unreadable or of another log".formatted(note.size()));
            }
        }
        return upcoming;
    }
}
