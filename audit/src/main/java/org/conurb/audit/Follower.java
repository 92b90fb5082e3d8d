package org.conurb.audit;

/** Who comes after the commit of an entry. */
interface Follower {
    /** Told once an entry has committed; returns at once. */
    void committed();

    /** Entries that it was told of and has not dealt with. */
    default long lag() {
        return 0;
    }
}
