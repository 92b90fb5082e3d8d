package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code warnings.warning} and {@code warnings.reference}. */
final class WarningStore {
    private static final int MOST_PAGE_BYTES = 8_000_000;
    private static final String COLUMNS = "id, organisation_id, at, state, expires, expires_assumed, content";
    private static final UUID GREATEST = new UUID(-1, -1);

    private final JdbcClient jdbc;

    WarningStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A document as received. */
    record Document(String mediaType, byte[] bytes) {
        boolean same(Document other) {
            return Arrays.equals(bytes, other.bytes);
        }
    }

    /** @param more whether there are more than shown */
    record Found(List<Warning> warnings, boolean more) {}

    /**
     * Messages of one organisation are taken in one after the other, so that an update and what it updates, arriving
     * together, see one another. Held until the transaction ends.
     */
    void lock(OrganisationId organisation) {
        jdbc.sql("select 1 from pg_advisory_xact_lock(hashtextextended('warnings ' || :organisation, 0))")
                .param("organisation", organisation.value())
                .query(Integer.class)
                .single();
    }

    void insert(Warning warning, Optional<Long> cell, Document document) {
        String content = Json.mapper().writeValueAsString(warning.alert());
        jdbc.sql("""
                insert into warnings.warning (id, organisation_id, kind, cell, at, identifier, sender, sent, status, state,
                       expires, expires_assumed, media_type, document, content, content_bytes, ended_at)
                values (:id, :organisation, 'Alert', :cell, :at, :identifier, :sender, :sent, :status, :state,
                       :expires, :assumed, :mediaType, :document, :content, :bytes,
                       case when :state <> 'active' then :at end)
                """)
                .param("id", warning.id())
                .param("organisation", warning.organisation().value())
                .param("cell", cell.orElse(null))
                .param("at", warning.receivedAt().atOffset(UTC))
                .param("identifier", warning.alert().identifier())
                .param("sender", warning.alert().sender())
                .param("sent", warning.alert().sent().atOffset(UTC))
                .param("status", warning.alert().status())
                .param("state", warning.state().code())
                .param("expires", warning.expires().atOffset(UTC))
                .param("assumed", warning.expiresAssumed())
                .param("mediaType", document.mediaType())
                .param("document", document.bytes())
                .param("content", content)
                .param("bytes", content.getBytes(UTF_8).length)
                .update();
    }

    Optional<Warning> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from warnings.warning where id = :id")
                .param("id", id)
                .query(WarningStore::warning)
                .optional();
    }

    Optional<Warning> find(OrganisationId organisation, CapAlert.Reference message) {
        return jdbc.sql("select " + COLUMNS + """
                         from warnings.warning
                         where organisation_id = :organisation and sender = :sender and identifier = :identifier
                           and sent = :sent
                        """)
                .param("organisation", organisation.value())
                .param("sender", message.sender())
                .param("identifier", message.identifier())
                .param("sent", message.sent().atOffset(UTC))
                .query(WarningStore::warning)
                .optional();
    }

    /** Other messages of the same sender and identifier, as an Atom index brings its entries forth again. */
    List<Warning> versions(OrganisationId organisation, String sender, String identifier) {
        return jdbc.sql("select " + COLUMNS + """
                         from warnings.warning
                         where organisation_id = :organisation and sender = :sender and identifier = :identifier
                         order by sent desc limit 100
                        """)
                .param("organisation", organisation.value())
                .param("sender", sender)
                .param("identifier", identifier)
                .query(WarningStore::warning)
                .list();
    }

    Document document(UUID id) {
        return jdbc.sql("select media_type, document from warnings.warning where id = :id")
                .param("id", id)
                .query((row, n) -> new Document(row.getString("media_type"), row.getBytes("document")))
                .single();
    }

    /**
     * Newest first.
     *
     * @param active only those that hold, only those that do not, or all
     * @param after id of the last one shown before
     */
    Found list(Collection<OrganisationId> owners, Optional<Boolean> active, Optional<UUID> after, int most) {
        record Row(Warning warning, long fetched) {}
        if (owners.isEmpty()) {
            return new Found(List.of(), false);
        }
        List<Row> rows = jdbc.sql(listing(active))
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("after", after.orElse(GREATEST))
                .param("most", most + 1)
                .param("bytes", MOST_PAGE_BYTES)
                .query((row, n) -> new Row(warning(row, n), row.getLong("fetched")))
                .list();
        boolean more = !rows.isEmpty() && rows.size() < rows.getFirst().fetched();
        return new Found(rows.stream().map(Row::warning).toList(), more);
    }

    static String listing(Optional<Boolean> active) {
        String state = active.map(yes -> yes ? "and state = 'active'" : "and state <> 'active'")
                .orElse("");
        return """
                select %s, fetched
                  from (select *, sum(content_bytes) over (order by id desc) as running, count(*) over () as fetched,
                               row_number() over (order by id desc) as place
                          from (select %s, content_bytes from warnings.warning
                                 where organisation_id in (:owners) and id < :after %s
                                 order by id desc limit :most) first) page
                 where place = 1 or (running <= :bytes and place < :most)
                 order by id desc
                """.formatted(COLUMNS, COLUMNS, state);
    }

    /** Of a warning that ends; one that has ended keeps when. */
    void change(UUID id, WarningState to, Instant now) {
        jdbc.sql("update warnings.warning set state = :state, ended_at = coalesce(ended_at, :now) where id = :id")
                .param("state", to.code())
                .param("now", now.atOffset(UTC))
                .param("id", id)
                .update();
    }

    /** Those that ended longest ago, before that moment. */
    static final String FORGOTTEN = """
            select id, organisation_id from warnings.warning
             where ended_at < :before order by ended_at limit :most
            """;

    /** A warning that is to be forgotten. */
    record Over(UUID id, OrganisationId organisation) {}

    /** As the system role. */
    List<Over> over(Instant before, int most) {
        return jdbc.sql(FORGOTTEN)
                .param("before", before.atOffset(UTC))
                .param("most", most)
                .query((row, n) ->
                        new Over(row.getObject("id", UUID.class), new OrganisationId(row.getString("organisation_id"))))
                .list();
    }

    /** With what they say of others; as the system role. */
    void forget(List<Over> warnings) {
        UUID[] ids = warnings.stream().map(Over::id).toArray(UUID[]::new);
        jdbc.sql("delete from warnings.reference where warning_id = any(:ids)")
                .param("ids", ids)
                .update();
        jdbc.sql("delete from warnings.warning where id = any(:ids)")
                .param("ids", ids)
                .update();
    }

    void refer(Warning from, CapAlert.Reference to, WarningState effect) {
        jdbc.sql("""
                insert into warnings.reference (organisation_id, sender, identifier, sent, status, effect, warning_id)
                values (:organisation, :sender, :identifier, :sent, :status, :effect, :id)
                """)
                .param("organisation", from.organisation().value())
                .param("sender", to.sender())
                .param("identifier", to.identifier())
                .param("sent", to.sent().atOffset(UTC))
                .param("status", from.alert().status())
                .param("effect", effect.code())
                .param("id", from.id())
                .update();
    }

    /** What messages that came earlier say of this one; a cancel weighs more than an update. */
    Optional<WarningState> effectOn(OrganisationId organisation, CapAlert alert) {
        return jdbc.sql("""
                        select effect from warnings.reference
                         where organisation_id = :organisation and sender = :sender and identifier = :identifier
                           and sent = :sent and status = :status
                         order by effect limit 1
                        """)
                .param("organisation", organisation.value())
                .param("sender", alert.sender())
                .param("identifier", alert.identifier())
                .param("sent", alert.sent().atOffset(UTC))
                .param("status", alert.status())
                .query((row, n) -> WarningState.of(row.getString("effect")))
                .optional();
    }

    /** Organisations with warnings whose time is over; as the system role. */
    List<OrganisationId> ownersOfDue(Instant now) {
        return jdbc.sql("""
                        select distinct organisation_id from warnings.warning where state = 'active' and expires <= :now
                        """)
                .param("now", now.atOffset(UTC))
                .query((row, n) -> new OrganisationId(row.getString("organisation_id")))
                .list();
    }

    List<Warning> due(OrganisationId organisation, Instant now, int most) {
        return jdbc.sql("select " + COLUMNS + """
                         from warnings.warning
                         where organisation_id = :organisation and state = 'active' and expires <= :now
                         order by expires limit :most for update skip locked
                        """)
                .param("organisation", organisation.value())
                .param("now", now.atOffset(UTC))
                .param("most", most)
                .query(WarningStore::warning)
                .list();
    }

    private static Warning warning(ResultSet row, int n) throws SQLException {
        return new Warning(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                WarningState.of(row.getString("state")),
                row.getObject("expires", OffsetDateTime.class).toInstant(),
                row.getBoolean("expires_assumed"),
                Json.mapper().readValue(row.getString("content"), CapAlert.class));
    }
}
