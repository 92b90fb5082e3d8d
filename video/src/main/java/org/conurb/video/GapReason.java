package org.conurb.video;

/** Why a span is not on disk. The codes stand in index files: they never change. */
enum GapReason {
    UNKNOWN(0),
    /** The camera could not be reached, or refused. */
    UNREACHABLE(1),
    /** Connected, and nothing came. */
    SILENT(2),
    /** Packets came, and no picture that one can start from. */
    NO_KEY_FRAME(3),
    /** Packets were lost on the way. */
    PACKETS_LOST(4),
    /** We were too slow to take them. */
    OVERRUN(5),
    DISK_FULL(6),
    DISK_FAILED(7),
    /** The camera's or our clock jumped. */
    CLOCK_JUMP(8),
    /** The camera began its stream anew: other format, source or numbering. */
    STREAM_RESTARTED(9),
    /** Conurb was not running. */
    NOT_RUNNING(10),
    SWITCHED_OFF(11),
    /** Written once, and found broken or missing later. */
    DAMAGED(12);

    private final int code;

    GapReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static GapReason of(int code) {
        for (GapReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
