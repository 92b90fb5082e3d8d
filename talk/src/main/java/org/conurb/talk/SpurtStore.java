package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows of {@code talk.spurt}. Each call needs a transaction. */
final class SpurtStore {
    private final JdbcClient jdbc;

    SpurtStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is looked for; what is null does not matter.
     *
     * @param below the last of the page before
     */
    record Wanted(
            @Nullable String group,
            @Nullable String incident,
            @Nullable String participant,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID below,
            int limit) {}

    /** Nothing happens to those that are known already. One statement, however many; of one owner. */
    void begin(Collection<SpurtFacts> begun) {
        if (begun.isEmpty()) {
            return;
        }
        ArrayNode rows = Json.mapper().createArrayNode();
        for (SpurtFacts facts : begun) {
            rows.addObject()
                    .put("id", facts.spurt().toString())
                    .put("organisation", facts.organisation().value())
                    .put("kind", facts.origin())
                    .put("at", facts.began().toString())
                    .put("hour", facts.hour().toString())
                    .put("group_id", facts.group())
                    .put("name", facts.groupName())
                    .put("incident", facts.incident())
                    .put("participant", facts.participant())
                    .put("participant_name", facts.name())
                    .put(
                            "participant_organisation",
                            facts.participantOrganisation().value())
                    .put("site", facts.site())
                    .put("urgency", facts.urgency())
                    .put("recorded", facts.recorded());
        }
        jdbc.sql("""
                        insert into talk.spurt (id, organisation_id, kind, at, hour_starts_at, group_id, group_name, incident_id,
                            participant, participant_name, participant_organisation, site, urgency, recorded)
                        select id, organisation, kind, at, hour, group_id, name, incident,
                            participant, participant_name, participant_organisation, site, urgency, recorded
                          from jsonb_to_recordset(cast(:rows as jsonb)) as r (id uuid, organisation text, kind text,
                            at timestamptz, hour timestamptz, group_id text, name text, incident text, participant text,
                            participant_name text, participant_organisation text, site text, urgency text, recorded boolean)
                        on conflict (id) do nothing
                        """).param("rows", rows.toString()).update();
    }

    /** Where a sealed spurt stands in its hour. @param link in hexadecimal */
    record Place(Spurt spurt, int seq, String link) {}

    /**
     * One statement, however many.
     *
     * @throws IllegalStateException where one has not begun, is sealed already, or comes twice: nothing may be committed then
     */
    void seal(Collection<Place> places) {
        ArrayNode rows = Json.mapper().createArrayNode();
        for (Place place : places) {
            Spurt spurt = place.spurt();
            ObjectNode row = rows.addObject()
                    .put("id", spurt.id().toString())
                    .put("ended", spurt.ended().orElseThrow().toString())
                    .put("fault", spurt.fault().map(SpurtStore::code).orElse(null))
                    .put("seq", place.seq())
                    .put("link", place.link());
            spurt.audio()
                    .ifPresent(audio -> row.put(
                                    "audio_at",
                                    audio.at().map(Instant::toString).orElse(null))
                            .put("bytes", audio.bytes())
                            .put("packets", audio.packets())
                            .put("lost", audio.lost())
                            .put("sha256", HexFormat.of().formatHex(audio.sha256())));
        }
        int sealed = jdbc.sql("""
                        update talk.spurt s
                           set ended_at = r.ended, fault = r.fault, audio_at = r.audio_at, size_bytes = r.bytes,
                               packets = r.packets, lost = r.lost, sha256 = decode(r.sha256, 'hex'), seq = r.seq,
                               link = decode(r.link, 'hex')
                          from jsonb_to_recordset(cast(:rows as jsonb)) as r (id uuid, ended timestamptz, fault text,
                               audio_at timestamptz, bytes bigint, packets int, lost int, sha256 text, seq int, link text)
                         where s.id = r.id and s.seq is null
                        """).param("rows", rows.toString()).update();
        if (sealed != places.size()) {
            throw new IllegalStateException("Of %d spurts %d could be sealed.".formatted(places.size(), sealed));
        }
    }

    boolean isSealed(UUID id) {
        return !sealed(List.of(id)).isEmpty();
    }

    /** Which of these are. */
    Set<UUID> sealed(Collection<UUID> ids) {
        return Set.copyOf(jdbc.sql("select id from talk.spurt where id in (:ids) and seq is not null")
                .param("ids", ids)
                .query(UUID.class)
                .list());
    }

    /** Its seal and place in the chain stay, so that what is gone can be told. */
    void mark(UUID id, Spurt.Fault fault) {
        jdbc.sql("update talk.spurt set fault = :fault where id = :id")
                .param("id", id)
                .param("fault", code(fault))
                .update();
    }

    Optional<Spurt> find(UUID id) {
        return jdbc.sql("select * from talk.spurt where id = :id")
                .param("id", id)
                .query(SpurtStore::spurt)
                .optional();
    }

    /** Newest first. */
    List<Spurt> list(Collection<OrganisationId> owners, Wanted wanted) {
        StringBuilder where = new StringBuilder("organisation_id in (:owners)");
        and(where, wanted.group(), " and group_id = :group");
        and(where, wanted.incident(), " and incident_id = :incident");
        and(where, wanted.participant(), " and participant = :participant");
        and(where, wanted.from(), " and at >= :from");
        and(where, wanted.to(), " and at < :to");
        and(where, wanted.below(), " and (at, id) < (select b.at, b.id from talk.spurt b where b.id = :below)");
        JdbcClient.StatementSpec query = jdbc.sql(
                        "select * from talk.spurt where " + where + " order by at desc, id desc limit :limit")
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("limit", wanted.limit());
        query = given(query, "group", wanted.group());
        query = given(query, "incident", wanted.incident());
        query = given(query, "participant", wanted.participant());
        query = given(
                query, "from", wanted.from() == null ? null : wanted.from().atOffset(UTC));
        query = given(query, "to", wanted.to() == null ? null : wanted.to().atOffset(UTC));
        query = given(query, "below", wanted.below());
        return query.query(SpurtStore::spurt).list();
    }

    private static void and(StringBuilder where, @Nullable Object value, String condition) {
        if (value != null) {
            where.append(condition);
        }
    }

    private static JdbcClient.StatementSpec given(JdbcClient.StatementSpec query, String name, @Nullable Object value) {
        return value == null ? query : query.param(name, value);
    }

    /** Those that nothing ended: they run, or did when the program was killed. The oldest 10,000. */
    List<Spurt> open() {
        return jdbc.sql("select * from talk.spurt where ended_at is null order by at limit 10000")
                .query(SpurtStore::spurt)
                .list();
    }

    /** Sealed spurts with voice, newest first by (hour, id). @param below the last of the page before */
    List<Spurt> sealedBelow(@Nullable UUID below, int limit) {
        JdbcClient.StatementSpec query = jdbc.sql(
                """
                        select * from talk.spurt
                         where seq is not null and size_bytes is not null and fault is distinct from 'missing' %s
                         order by hour_starts_at desc, id desc limit :limit
                        """.formatted(
                                below == null
                                        ? ""
                                        : "and (hour_starts_at, id) < (select hour_starts_at, id from talk.spurt where id = :below)"));
        return given(query.param("limit", limit), "below", below)
                .query(SpurtStore::spurt)
                .list();
    }

    /** All of an hour that are sealed, by id: whether a file is expected. */
    Map<UUID, Boolean> known(Instant hour) {
        return jdbc
                .sql("""
                        select id, size_bytes is not null and fault is distinct from 'missing' as has_file from talk.spurt
                         where hour_starts_at = :hour and seq is not null
                        """)
                .param("hour", hour.atOffset(UTC))
                .query((row, n) -> Map.entry(row.getObject("id", UUID.class), row.getBoolean("has_file")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The newest of a group. */
    Optional<Spurt> last(String group) {
        return jdbc.sql("select * from talk.spurt where group_id = :group order by at desc, id desc limit 1")
                .param("group", group)
                .query(SpurtStore::spurt)
                .optional();
    }

    /** Those of a group that have anything of the span and began at most a day before it. */
    List<Spurt> overlapping(String group, Instant from, Instant to) {
        return jdbc.sql("""
                        select * from talk.spurt
                         where group_id = :group and at >= :earliest and at < :to
                           and (ended_at is null or ended_at >= :from)
                         order by at, id
                        """)
                .param("group", group)
                .param("earliest", from.minusSeconds(86_400).atOffset(UTC))
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .query(SpurtStore::spurt)
                .list();
    }

    /** @param link of the chain after it */
    record Sealed(Spurt spurt, int seq, byte[] link) {}

    /** The sealed spurts of a group's hour, in the order of their chain. */
    List<Sealed> chain(String group, Instant hour) {
        return jdbc.sql("""
                        select * from talk.spurt
                         where group_id = :group and at >= :hour and at < :end and seq is not null
                         order by seq
                        """)
                .param("group", group)
                .param("hour", hour.atOffset(UTC))
                .param("end", hour.plusSeconds(3600).atOffset(UTC))
                .query((row, n) -> new Sealed(spurt(row, n), row.getInt("seq"), row.getBytes("link")))
                .list();
    }

    private static Spurt spurt(ResultSet row, int number) throws SQLException {
        SpurtFacts facts = new SpurtFacts(
                SpurtFacts.FORM,
                row.getString("site"),
                row.getObject("id", UUID.class),
                row.getString("group_id"),
                row.getString("group_name"),
                row.getString("kind"),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("incident_id"),
                row.getString("participant"),
                row.getString("participant_name"),
                new OrganisationId(row.getString("participant_organisation")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("urgency"),
                row.getBoolean("recorded"),
                0);
        byte[] sha256 = row.getBytes("sha256");
        Optional<Spurt.Audio> audio = sha256 == null
                ? Optional.empty()
                : Optional.of(new Spurt.Audio(
                        moment(row, "audio_at"),
                        row.getLong("size_bytes"),
                        sha256,
                        row.getInt("packets"),
                        row.getInt("lost")));
        Function<String, Spurt.Fault> fault =
                code -> Spurt.Fault.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
        return new Spurt(
                facts,
                moment(row, "ended_at"),
                audio,
                Optional.ofNullable(row.getString("fault")).map(fault));
    }

    private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static String code(Spurt.Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
