package org.conurb.store;

/** Who a transaction is inside PostgreSQL. The third, the owner of all tables, only migrates. */
enum DatabaseRole {
    /** Serves callers: owns nothing, bypasses nothing, sees rows of {@code conurb.owners} only. */
    APPLICATION,
    /** Sequencers, cursors and timers: named in policies of its own, owns nothing. */
    SYSTEM
}
