package org.conurb.warnings;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a warning holds. */
enum WarningState {
    ACTIVE,
    /** Its time is over, or it never warned (Ack, Error, Cancel). */
    ENDED,
    CANCELLED,
    /** An update took its place. */
    SUPERSEDED;

    @JsonValue
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static WarningState of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
