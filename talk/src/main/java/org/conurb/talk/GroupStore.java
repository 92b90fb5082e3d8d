package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.talk_group} and {@code talk.member}. */
final class GroupStore {
    private static final String COLUMNS =
            "id, organisation_id, kind, at, name, incident_id, priority, recorded, policy, closed_at";

    private final JdbcClient jdbc;

    GroupStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** As it is now, whether there was one or not. */
    void put(GroupRow group) {
        jdbc.sql("""
                insert into talk.talk_group (id, organisation_id, kind, at, name, incident_id, priority, recorded, policy, closed_at)
                values (:id, :organisation, :kind, :at, :name, :incident, :priority, :recorded, :policy, :closedAt)
                    on conflict (id) do update set organisation_id = :organisation, name = :name, priority = :priority,
                       recorded = :recorded, policy = :policy, closed_at = :closedAt
                """).params(values(group)).update();
    }

    private static Map<String, Object> values(GroupRow group) {
        Map<String, Object> values = new HashMap<>();
        values.put("id", group.id());
        values.put("organisation", group.owner().value());
        values.put("kind", group.origin().name().toLowerCase(Locale.ROOT));
        values.put("at", group.at().atOffset(UTC));
        values.put("name", group.name());
        values.put("incident", group.incident().orElse(null));
        values.put("priority", group.priority());
        values.put("recorded", group.recorded());
        values.put("policy", group.policy().orElse(null));
        values.put("closedAt", group.closedAt().map(at -> at.atOffset(UTC)).orElse(null));
        return values;
    }

    Optional<GroupRow> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from talk.talk_group where id = :id")
                .param("id", id)
                .query(GroupStore::group)
                .optional();
    }

    /** With its row held until the transaction ends. */
    Optional<GroupRow> hold(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from talk.talk_group where id = :id for update")
                .param("id", id)
                .query(GroupStore::group)
                .optional();
    }

    Optional<GroupRow> ofIncident(UUID incident) {
        return jdbc.sql("select " + COLUMNS + " from talk.talk_group where incident_id = :incident for update")
                .param("incident", incident)
                .query(GroupStore::group)
                .optional();
    }

    List<GroupRow> open() {
        return jdbc.sql("select " + COLUMNS + " from talk.talk_group where closed_at is null order by id")
                .query(GroupStore::group)
                .list();
    }

    /** How many temporary groups of an organisation are open. */
    int temporary(OrganisationId owner) {
        return jdbc.sql("""
                        select count(*) from talk.talk_group
                         where closed_at is null and kind = 'temporary' and organisation_id = :owner
                        """).param("owner", owner.value()).query(Integer.class).single();
    }

    /** In order. */
    void members(GroupRow group, List<String> participants) {
        jdbc.sql("delete from talk.member where group_id = :group")
                .param("group", group.id())
                .update();
        jdbc.sql("""
                insert into talk.member (group_id, participant, organisation_id, place)
                select :group, participant, :organisation, place
                  from unnest(cast(:participants as text[])) with ordinality as them(participant, place)
                """)
                .param("group", group.id())
                .param("organisation", group.owner().value())
                .param("participants", participants.toArray(String[]::new))
                .update();
    }

    /** MCPTT IDs. */
    List<String> members(UUID group) {
        return jdbc.sql("select participant from talk.member where group_id = :group order by place")
                .param("group", group)
                .query((rows, number) -> rows.getString(1))
                .list();
    }

    /** Those that closed before that moment go, with their members and affiliations; as the system role. */
    List<GroupRow> forget(Instant before) {
        return jdbc.sql("""
                        delete from talk.talk_group where id in (
                          select id from talk.talk_group where closed_at < :before order by closed_at limit :most)
                        returning\s""" + COLUMNS)
                .param("before", before.atOffset(UTC))
                .param("most", Retained.BATCH)
                .query(GroupStore::group)
                .list();
    }

    /** Groups of the city folder that it has no more. */
    List<GroupRow> standingBut(Collection<UUID> named) {
        return open().stream()
                .filter(group -> group.origin() == GroupFacts.Origin.STANDING && !named.contains(group.id()))
                .toList();
    }

    private static GroupRow group(ResultSet row, int n) throws SQLException {
        return new GroupRow(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                GroupFacts.Origin.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("name"),
                Optional.ofNullable(row.getObject("incident_id", UUID.class)),
                row.getInt("priority"),
                row.getBoolean("recorded"),
                Optional.ofNullable(row.getString("policy")),
                Optional.ofNullable(row.getObject("closed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
