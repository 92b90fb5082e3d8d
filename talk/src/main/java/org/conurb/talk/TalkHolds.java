package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spans of groups that are not deleted, however old they are. Each call needs a transaction. */
final class TalkHolds {
    private final JdbcClient jdbc;
    private final Ids ids;
    private final Clock clock;

    TalkHolds(Transactions transactions, Ids ids, Clock clock) {
        this.jdbc = transactions.jdbc();
        this.ids = ids;
        this.clock = clock;
    }

    /** Until the transaction ends, no hold is placed on the group. Who places holds waits, and many may at a time. */
    static void keepOut(JdbcClient jdbc, String group) {
        lock(jdbc, "pg_advisory_xact_lock", group);
    }

    private static void lock(JdbcClient jdbc, String lock, String group) {
        jdbc.sql("select 1 from " + lock + "(hashtextextended('talk.hold ' || :group, 0))")
                .param("group", group)
                .query(Integer.class)
                .single();
    }

    /** @param reason which export, nothing about persons */
    UUID place(OrganisationId organisation, String group, Instant from, Instant to, String reason) {
        UUID id = ids.next();
        lock(jdbc, "pg_advisory_xact_lock_shared", group);
        jdbc.sql("""
                        insert into talk.hold (id, organisation_id, group_id, from_at, to_at, reason, placed_at)
                        values (:id, :organisation, :group, :from, :to, :reason, :placed)
                        """)
                .param("id", id)
                .param("organisation", organisation.value())
                .param("group", group)
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .param("reason", reason)
                .param("placed", clock.instant().atOffset(UTC))
                .update();
        return id;
    }

    /** @return whether it stood until now */
    boolean release(UUID id) {
        return jdbc.sql("update talk.hold set released_at = :now where id = :id and released_at is null")
                        .param("id", id)
                        .param("now", clock.instant().atOffset(UTC))
                        .update()
                == 1;
    }
}
