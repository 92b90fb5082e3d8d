package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Forgets spurts by whole hours of a group once all of the hour is older than the city's class {@code talk}: rows, entities
 * and files. What a hold touches stays.
 */
final class SpurtRetention {
    static final String CLASS = "talk";

    private static final Logger LOG = LoggerFactory.getLogger(SpurtRetention.class);
    private static final int MOST_HOURS = 20;
    private static final String ON_HOLD = """
            exists (select from talk.hold
                     where released_at is null and hold.group_id = h.group_id
                       and from_at < h.ends_at and to_at > h.hour_starts_at)
            """;

    private final Transactions transactions;
    private final Entities entities;
    private final TalkFolder folder;
    private final JdbcClient jdbc;

    SpurtRetention(Transactions transactions, Entities entities, TalkFolder folder) {
        this.transactions = transactions;
        this.entities = entities;
        this.folder = folder;
        this.jdbc = transactions.jdbc();
    }

    Retained retained() {
        return Retained.by(CLASS, "talk spurts", this::forget);
    }

    private record Hour(String group, Instant start) {}

    private record Gone(UUID id, OrganisationId owner, Instant began) {}

    /** In the current transaction, of the system role. */
    Retained.Forgotten forget(Instant before) {
        List<Hour> old = jdbc.sql("""
                        select group_id, hour_starts_at from talk.spurt_hour h
                         where hour_starts_at < :before and ends_at < :end and not %s
                         order by hour_starts_at limit :limit
                        """.formatted(ON_HOLD))
                .param("before", before.minusSeconds(3600).atOffset(UTC))
                .param("end", before.atOffset(UTC))
                .param("limit", MOST_HOURS)
                .query((row, n) -> new Hour(
                        row.getString("group_id"),
                        row.getObject("hour_starts_at", OffsetDateTime.class).toInstant()))
                .list();
        List<Gone> gone = new ArrayList<>();
        old.forEach(hour -> gone.addAll(forget(hour)));
        gone.forEach(spurt -> entities.forget(Ids.urn(Spurt.KIND, spurt.id())));
        transactions.afterCommit(() -> gone.forEach(this::deleteFile));
        Retained.Forgotten counted =
                Retained.Forgotten.of(gone.stream().map(Gone::owner).toList());
        return new Retained.Forgotten(counted.count(), counted.owners(), old.size() == MOST_HOURS);
    }

    /** Nothing of it where somebody has put it on hold meanwhile. */
    private List<Gone> forget(Hour hour) {
        TalkHolds.keepOut(jdbc, hour.group());
        int free = jdbc.sql("delete from talk.spurt_hour h where group_id = :group and hour_starts_at = :hour and not "
                        + ON_HOLD)
                .param("group", hour.group())
                .param("hour", hour.start().atOffset(UTC))
                .update();
        if (free == 0) {
            return List.of();
        }
        return jdbc.sql("""
                        delete from talk.spurt where group_id = :group and at >= :hour and at < :end
                        returning id, organisation_id, at
                        """)
                .param("group", hour.group())
                .param("hour", hour.start().atOffset(UTC))
                .param("end", hour.start().plusSeconds(3600).atOffset(UTC))
                .query((row, n) -> new Gone(
                        row.getObject("id", UUID.class),
                        new OrganisationId(row.getString("organisation_id")),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** A crash before this leaves a file without a row: it is adopted, and forgotten anew. */
    private void deleteFile(Gone spurt) {
        try {
            folder.delete(spurt.began(), spurt.id());
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("spurt", spurt.id()).setCause(e).log("talk.file.not-deleted");
        }
    }
}
