package org.conurb.hub;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.conurb.kernel.Caller;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way into the hub.
 *
 * @param caller on whose behalf
 * @param rows of the file
 * @param mapping null until it is started
 * @param at when the file came
 * @param fault why it stopped
 */
record ImportRun(
        UUID id,
        String tenant,
        Caller caller,
        String name,
        ImportDialect dialect,
        List<String> columns,
        long bytes,
        long rows,
        @Nullable ImportMapping mapping,
        State state,
        Instant at,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        Counts counts,
        @Nullable String fault) {

    /** A file waits to be started as long as it is ready; what stopped, or is done, may be undone. */
    enum State {
        READY,
        RUNNING,
        DONE,
        STOPPED,
        UNDOING,
        UNDONE;

        @JsonValue
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static State of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * @param read rows done with: {@code created + updated + unchanged + refused}
     * @param reverted entities that an undoing gave back or took away
     * @param kept entities that it left
     */
    record Counts(long read, long created, long updated, long unchanged, long refused, long reverted, long kept) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

        Counts and(Counts more) {
            return new Counts(
                    read + more.read,
                    created + more.created,
                    updated + more.updated,
                    unchanged + more.unchanged,
                    refused + more.refused,
                    reverted + more.reverted,
                    kept + more.kept);
        }
    }
}
