package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

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

    /** @return false where it is known already, and nothing happens */
    boolean begin(SpurtFacts facts) {
        return jdbc.sql("""
                        insert into talk.spurt (id, organisation_id, kind, at, hour_starts_at, group_id, group_name, incident_id,
                            participant, participant_name, participant_organisation, site, urgency, recorded)
                        values (:id, :organisation, :kind, :at, :hour, :group, :name, :incident,
                            :participant, :participantName, :participantOrganisation, :site, :urgency, :recorded)
                        on conflict (id) do nothing
                        """)
                        .param("id", facts.spurt())
                        .param("organisation", facts.organisation().value())
                        .param("kind", facts.origin())
                        .param("at", facts.began().atOffset(UTC))
                        .param("hour", facts.hour().atOffset(UTC))
                        .param("group", facts.group())
                        .param("name", facts.groupName())
                        .param("incident", facts.incident(), Types.VARCHAR)
                        .param("participant", facts.participant())
                        .param("participantName", facts.name())
                        .param(
                                "participantOrganisation",
                                facts.participantOrganisation().value())
                        .param("site", facts.site())
                        .param("urgency", facts.urgency())
                        .param("recorded", facts.recorded())
                        .update()
                == 1;
    }

    /** @return false where it was sealed before */
    boolean seal(Spurt spurt, int seq, byte[] link) {
        Optional<Spurt.Audio> audio = spurt.audio();
        return jdbc.sql("""
                        update talk.spurt
                           set ended_at = :ended, fault = :fault, audio_at = :audioAt, size_bytes = :bytes, packets = :packets,
                               lost = :lost, sha256 = :sha256, seq = :seq, link = :link
                         where id = :id and seq is null
                        """)
                        .param("id", spurt.id())
                        .param("ended", spurt.ended().orElseThrow().atOffset(UTC))
                        .param("fault", spurt.fault().map(SpurtStore::code).orElse(null), Types.VARCHAR)
                        .param(
                                "audioAt",
                                audio.flatMap(Spurt.Audio::at)
                                        .map(at -> at.atOffset(UTC))
                                        .orElse(null),
                                Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("bytes", audio.map(Spurt.Audio::bytes).orElse(null), Types.BIGINT)
                        .param("packets", audio.map(Spurt.Audio::packets).orElse(null), Types.INTEGER)
                        .param("lost", audio.map(Spurt.Audio::lost).orElse(null), Types.INTEGER)
                        .param("sha256", audio.map(Spurt.Audio::sha256).orElse(null), Types.BINARY)
                        .param("seq", seq)
                        .param("link", link)
                        .update()
                == 1;
    }

    boolean isSealed(UUID id) {
        return jdbc.sql("select exists (select from talk.spurt where id = :id and seq is not null)")
                .param("id", id)
                .query(Boolean.class)
                .single();
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
