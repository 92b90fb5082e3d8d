package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import tools.jackson.databind.node.ObjectNode;

/** Rows of subscriptions and what became of their notifications. */
final class SubscriptionStore {
    private static final String COLUMNS =
            "sid, tenant, id, organisation_id, subscriber, document, endpoint, created_at, at, expires_at, active, sent, failed, dropped, last_sent_at, last_success_at, last_failure_at, last_fault";

    private final Transactions transactions;

    SubscriptionStore(Transactions transactions) {
        this.transactions = transactions;
    }

    record Row(
            long sid,
            String tenant,
            String id,
            OrganisationId owner,
            Caller subscriber,
            ObjectNode document,
            Instant createdAt,
            Instant at,
            @Nullable Instant expiresAt,
            boolean active,
            Counts counts) {

        Subscription subscription(Contexts contexts) {
            return new SubscriptionReader(contexts.ofDocument(document)).read(document);
        }
    }

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
                row.getString("id"),
                new OrganisationId(row.getString("organisation_id")),
                Json.mapper().readValue(row.getString("subscriber"), Caller.class),
                (ObjectNode) Json.mapper().readTree(row.getString("document")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                row.getBoolean("active"),
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
    private static String json(Caller subscriber) {
        ObjectNode node = Json.mapper().valueToTree(subscriber);
        node.retain("subject", "name", "organisation", "seat", "roles", "grant", "defaultPurpose");
        return node.toString();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    void insert(Caller subscriber, ObjectNode document, Subscription subscription, Instant now) {
        try {
            transactions
                    .jdbc()
                    .sql("""
                            insert into hub.subscription (tenant, id, organisation_id, subscriber, document, endpoint, active, created_at, at, expires_at)
                            values ((select store.tenant()), :id, :owner, :subscriber, :document, :endpoint, :active, :now, :now, :expires)
                            """)
                    .param("id", subscription.id())
                    .param("owner", subscriber.organisation().value())
                    .param("subscriber", json(subscriber))
                    .param("document", document.toString())
                    .param("endpoint", subscription.endpoint().toString())
                    .param("active", subscription.active())
                    .param("now", now.atOffset(UTC))
                    .param("expires", expires(subscription), Types.TIMESTAMP_WITH_TIMEZONE)
                    .update();
        } catch (DuplicateKeyException taken) {
            throw NgsiLdFault.taken("subscription", subscription.id());
        }
    }

    private static @Nullable OffsetDateTime expires(Subscription subscription) {
        return subscription.expiresAt().map(at -> at.atOffset(UTC)).orElse(null);
    }

    void update(long sid, Caller subscriber, ObjectNode document, Subscription subscription, Instant now) {
        transactions
                .jdbc()
                .sql("""
                        update hub.subscription set subscriber = :subscriber, document = :document, endpoint = :endpoint,
                               active = :active, at = :now, expires_at = :expires where sid = :sid
                        """)
                .param("subscriber", json(subscriber))
                .param("document", document.toString())
                .param("endpoint", subscription.endpoint().toString())
                .param("active", subscription.active())
                .param("now", now.atOffset(UTC))
                .param("expires", expires(subscription), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("sid", sid)
                .update();
    }

    Optional<Row> find(OrganisationId owner, String id, boolean lock) {
        return transactions
                .jdbc()
                .sql(
                        "select %s from hub.subscription where tenant = (select store.tenant()) and id = :id and organisation_id = :owner %s"
                                .formatted(COLUMNS, lock ? "for update" : ""))
                .param("id", id)
                .param("owner", owner.value())
                .query(SubscriptionStore::row)
                .optional();
    }

    List<Row> list(OrganisationId owner, long after, int limit) {
        return transactions
                .jdbc()
                .sql("""
                        select %s from hub.subscription where organisation_id = :owner and sid > :after order by sid limit :limit
                        """.formatted(COLUMNS))
                .param("owner", owner.value())
                .param("after", after)
                .param("limit", limit)
                .query(SubscriptionStore::row)
                .list();
    }

    long count(OrganisationId owner) {
        return transactions
                .jdbc()
                .sql("select count(*) from hub.subscription where organisation_id = :owner")
                .param("owner", owner.value())
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

    /** As the system role: all that may be told something now. */
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
}
