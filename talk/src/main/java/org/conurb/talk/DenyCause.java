package org.conurb.talk;

/** Why a floor request was rejected (TS 24.380 8.2.6.2). */
enum DenyCause {
    ANOTHER_CLIENT_HAS_PERMISSION(1),
    INTERNAL_ERROR(2),
    ONLY_ONE_PARTICIPANT(3),
    RETRY_AFTER_NOT_EXPIRED(4),
    RECEIVE_ONLY(5),
    NO_RESOURCES(6),
    QUEUE_FULL(7),
    OTHER_REASON(255);

    private final int code;

    DenyCause(int code) {
        this.code = code;
    }

    /** As on the wire, 1..255. */
    int code() {
        return code;
    }

    /** {@link #OTHER_REASON} for a number that this release does not know. */
    static DenyCause of(int code) {
        for (DenyCause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        return OTHER_REASON;
    }
}
