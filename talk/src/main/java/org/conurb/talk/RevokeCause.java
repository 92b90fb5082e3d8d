package org.conurb.talk;

/** Why somebody must stop talking (TS 24.380 8.2.10.2). */
enum RevokeCause {
    ONLY_ONE_CLIENT(1),
    MEDIA_BURST_TOO_LONG(2),
    NO_PERMISSION(3),
    PREEMPTED(4),
    NO_RESOURCES(6),
    /** Known from Release 19 on. We send {@link #OTHER_REASON}, which every client knows. */
    REVOKED_BY_ANOTHER_CLIENT(7),
    OTHER_REASON(255);

    private final int code;

    RevokeCause(int code) {
        this.code = code;
    }

    /** As on the wire, 1..255. */
    int code() {
        return code;
    }

    /** {@link #OTHER_REASON} for a number that this release does not know. */
    static RevokeCause of(int code) {
        for (RevokeCause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        return OTHER_REASON;
    }
}
