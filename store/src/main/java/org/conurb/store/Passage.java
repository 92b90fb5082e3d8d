package org.conurb.store;

import org.jspecify.annotations.Nullable;

/**
 * What one thread is doing in the database: the role, the wall that its statements stand behind, and whether they make
 * one transaction. Confined to that thread.
 */
final class Passage {
    /** How statements and transactions go together. */
    enum Kind {
        /** Begun by the first statement and ended by commit. */
        TRANSACTION,
        /** Each statement reads on its own. */
        READS
    }

    private final DatabaseRole role;
    private final Kind kind;
    private @Nullable Wall wall;
    private boolean walled;
    private boolean last;
    private boolean over;

    /**
     * @param owners organisations whose rows exist, joined by commas
     * @param tenant empty for the default one
     */
    record Wall(String owners, String tenant) {}

    Passage(DatabaseRole role, Kind kind) {
        this.role = role;
        this.kind = kind;
    }

    DatabaseRole role() {
        return role;
    }

    boolean reads() {
        return kind == Kind.READS;
    }

    /** From the next statement on. */
    void behind(Wall other) {
        if (!other.equals(wall)) {
            wall = other;
            walled = false;
        }
    }

    /** What the next statement must set first, in its own round trip; null where it stands already. */
    @Nullable
    Wall missing() {
        if (over) {
            throw new IllegalStateException("A statement came after the one that committed");
        }
        return reads() || !walled ? wall : null;
    }

    /** Whether the next statement commits. */
    boolean last() {
        return last;
    }

    /** The next statement is the transaction's last: it takes the commit with it. */
    void lastNow() {
        last = true;
    }

    /** A statement was done. */
    void done() {
        walled = true;
        over = last;
    }
}
