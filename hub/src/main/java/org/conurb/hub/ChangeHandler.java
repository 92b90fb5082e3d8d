package org.conurb.hub;

/** What a room does about others' changes; see {@link Changes#follow}. */
@FunctionalInterface
public interface ChangeHandler {
    /**
     * Called in a transaction of the system role that also moves the cursor: what it writes and that it was handled are
     * on disk together. Effects outside the database may happen twice. Throwing rolls back; after some tries the change
     * is parked and shown, and the cursor goes on.
     */
    void handle(EntityChange change);
}
