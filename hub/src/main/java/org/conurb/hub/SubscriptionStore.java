package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.conurb.hub.Subscription.About;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.node.ObjectNode;

/** Rows of subscriptions and what became of their notifications. */
final class SubscriptionStore {
    private static final String COLUMNS =
            "sid, tenant, about, id, organisation_id, subscriber, document, created_at, at, expires_at, active, told_at, sent, failed, dropped, last_sent_at, last_success_at, last_failure_at, last_fault";

    private final Transactions transactions;

    SubscriptionStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * @param document as sent, with its @context
     * @param toldAt when it was last told something, where it is throttled
     */
    record Row(
            long sid,
            String tenant,
            About about,
            String id,
            OrganisationId owner,
            Caller subscriber,
            ObjectNode document,
            Instant createdAt,
            Instant at,
            @Nullable Instant expiresAt,
            boolean active,
            @Nullable Instant toldAt,
            Counts counts) {

        Subscription subscription(Contexts contexts) {
            return new SubscriptionReader(about, contexts.ofDocument(document), contexts).read(document);
        }
    }

    /** @param sent notifications that arrived; {@code failed} tries that did not */
    record Counts(
            long sent,
            long failed,
            long dropped,
            @Nullable Instant lastSentAt,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant lastFailureAt,
            @Nullable String lastFault) {}

    private static Row row(ResultSet row, int n) throws SQLException {
        return new Row(
                row.getLong("sid"),
                row.getString("tenant"),
                About.of(row.getString("about")),
                row.getString("id"),
                new OrganisationId(row.getString("organisation_id")),
                Json.mapper().readValue(row.getString("subscriber"), Caller.class),
                (ObjectNode) Json.mapper().readTree(row.getString("document")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                row.getBoolean("active"),
                instant(row, "told_at"),
                new Counts(
                        row.getLong("sent"),
                        row.getLong("failed"),
                        row.getLong("dropped"),
                        instant(row, "last_sent_at"),
                        instant(row, "last_success_at"),
                        instant(row, "last_failure_at"),
                        row.getString("last_fault")));
    }

    /** Only what a caller is made of, not what can be asked of it. */
    static String json(Caller subscriber) {
        ObjectNode node = Json.mapper().valueToTree(subscriber);
        node.retain("subject", "name", "organisation", "seat", "roles", "grant", "defaultPurpose");
        return node.toString();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable OffsetDateTime moment(Optional<Instant> at) {
        return at.map(moment -> moment.atOffset(UTC)).orElse(null);
    }

    /** When its turn comes first; empty for one that waits for changes. */
    private static Optional<Instant> due(Subscription subscription, Instant now) {
        if (subscription.about() == About.REGISTRATIONS) {
            return Optional.of(now);
        }
        return subscription.interval().map(now::plus);
    }

    void insert(Caller subscriber, ObjectNode document, Subscription subscription, Instant now) {
        try {
            bind(transactions.jdbc().sql("""
                            insert into hub.subscription
                              (tenant, about, id, organisation_id, subscriber, document, endpoint, active, created_at, at, expires_at, due_at)
                            values ((select store.tenant()), :about, :id, :owner, :subscriber, :document, :endpoint, :active, :now, :now,
                                    :expires, :due)
                            """), subscriber, document, subscription, now)
                    .param("about", subscription.about().code())
                    .param("id", subscription.id())
                    .param("owner", subscriber.organisation().value())
                    .update();
        } catch (DuplicateKeyException taken) {
            throw NgsiLdFault.taken("subscription", subscription.id());
        }
    }

    void update(long sid, Caller subscriber, ObjectNode document, Subscription subscription, Instant now) {
        bind(transactions.jdbc().sql("""
                        update hub.subscription s set subscriber = :subscriber, document = :document, endpoint = :endpoint,
                               active = :active, at = :now, expires_at = :expires,
                               due_at = coalesce(:due, case when exists (select from hub.withheld w where w.sid = s.sid) then :now end)
                         where sid = :sid
                        """), subscriber, document, subscription, now)
                .param("sid", sid)
                .update();
    }

    private static StatementSpec bind(
            StatementSpec statement, Caller subscriber, ObjectNode document, Subscription subscription, Instant now) {
        return statement
                .param("subscriber", json(subscriber))
                .param("document", document.toString())
                .param("endpoint", subscription.endpoint().uri().toString())
                .param("active", subscription.active())
                .param("now", now.atOffset(UTC))
                .param("expires", moment(subscription.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("due", moment(due(subscription, now)), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    Optional<Row> find(OrganisationId owner, About about, String id, boolean lock) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.subscription
                         where tenant = (select store.tenant()) and about = :about and id = :id and organisation_id = :owner %s
                        """.formatted(COLUMNS, lock ? "for update" : ""))
                .param("about", about.code())
                .param("id", id)
                .param("owner", owner.value())
                .query(SubscriptionStore::row)
                .optional();
    }

    List<Row> list(OrganisationId owner, About about, long after, int offset, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.subscription
                         where tenant = (select store.tenant()) and organisation_id = :owner and about = :about and sid > :after
                         order by sid offset :offset limit :limit
                        """.formatted(COLUMNS))
                .param("owner", owner.value())
                .param("about", about.code())
                .param("after", after)
                .param("offset", offset)
                .param("limit", limit)
                .query(SubscriptionStore::row)
                .list();
    }

    long count(OrganisationId owner, About about) {
        return transactions
                .jdbc()
                .sql("""
                        select count(*) from hub.subscription
                         where tenant = (select store.tenant()) and organisation_id = :owner and about = :about
                        """)
                .param("owner", owner.value())
                .param("about", about.code())
                .query(Long.class)
                .single();
    }

    void delete(long sid) {
        transactions
                .jdbc()
                .sql("delete from hub.subscription where sid = :sid")
                .param("sid", sid)
                .update();
    }

    /** As the system role: what differs whenever some subscription does. */
    String mark() {
        return transactions
                .jdbc()
                .sql(
                        "select count(*) || ' ' || coalesce(max(sid), 0) || ' ' || coalesce(max(at), 'epoch') from hub.subscription")
                .query(String.class)
                .single();
    }

    /** As the system role: all that may be told something from now on. */
    List<Row> active(Instant now) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.subscription where active and (expires_at is null or expires_at > :now) order by sid
                        """.formatted(COLUMNS))
                .param("now", now.atOffset(UTC))
                .query(SubscriptionStore::row)
                .list();
    }

    /** As the system role: those whose turn has come, the one that waited longest first. */
    List<Row> due(Instant now, int most) {
        return transactions
                .jdbc()
                .sql("select %s from hub.subscription where active and due_at <= :now order by due_at limit :most"
                        .formatted(COLUMNS))
                .param("now", now.atOffset(UTC))
                .param("most", most)
                .query(SubscriptionStore::row)
                .list();
    }

    /** As the system role: when the next turn comes. */
    Optional<Instant> nextDue() {
        return transactions
                .jdbc()
                .sql("select due_at from hub.subscription where active and due_at is not null order by due_at limit 1")
                .query((row, n) -> row.getObject("due_at", OffsetDateTime.class).toInstant())
                .optional();
    }

    /** As the system role. */
    void setDue(long sid, Optional<Instant> due) {
        transactions
                .jdbc()
                .sql("update hub.subscription set due_at = :due where sid = :sid")
                .param("due", moment(due), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("sid", sid)
                .update();
    }

    /** As the system role: its next turn, unless it changed meanwhile; turns that were missed are left out. */
    void advance(Row row, Optional<Duration> interval, Instant now) {
        transactions
                .jdbc()
                .sql("""
                        update hub.subscription
                           set due_at = case when :seconds = 0 then null
                                             when due_at + make_interval(secs => :seconds) > :now
                                               then due_at + make_interval(secs => :seconds)
                                             else cast(:now as timestamptz) + make_interval(secs => :seconds) end
                         where sid = :sid and at = :at
                        """)
                .param("seconds", interval.map(Duration::toNanos).orElse(0L) / 1e9)
                .param("now", now.atOffset(UTC))
                .param("at", row.at().atOffset(UTC))
                .param("sid", row.sid())
                .update();
    }

    /** As the system role: takes the right to tell it something now; false while its throttling lasts. */
    boolean mayTell(long sid, Instant now, Instant lastBefore) {
        return transactions
                        .jdbc()
                        .sql("""
                                update hub.subscription set told_at = :now
                                 where sid = :sid and (told_at is null or told_at <= :before)
                                """)
                        .param("now", now.atOffset(UTC))
                        .param("before", lastBefore.atOffset(UTC))
                        .param("sid", sid)
                        .update()
                > 0;
    }
}
