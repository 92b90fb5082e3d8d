package org.conurb.kernel;

/** What kind of failure a {@link ConurbException} is; picks the HTTP status and labels a metric. */
public enum Category {
    /** The request itself is wrong (400). */
    REQUEST(400),
    /** Who asks is not known: no sign-in, or a token that does not hold (401). */
    UNKNOWN_CALLER(401),
    /** Who asks is known and may not (403). */
    DENIED(403),
    /** There is no such thing, or the caller may not know that there is (404). */
    ABSENT(404),
    /** The client accepts no form that the answer could have (406). */
    NOT_ACCEPTABLE(406),
    /** The thing is in a state that does not allow this (409). */
    CONFLICT(409),
    /** What came is larger than what is taken (413). */
    TOO_LARGE(413),
    /** The request is well formed but contradicts itself or an earlier one (422). */
    CONTRADICTION(422),
    /** A bound is reached: try later (429). */
    THROTTLED(429),
    /** Something of ours is full or not there yet: try later (503). */
    CAPACITY(503),
    /** Somebody else's server failed us (504). */
    UPSTREAM(504);

    private final int status;

    Category(int status) {
        this.status = status;
    }

    /** HTTP status, 400..504. */
    public int status() {
        return status;
    }
}
