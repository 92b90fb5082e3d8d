package org.conurb.incidents;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code incidents.assignment}. */
final class AssignmentStore {
    private static final int MOST = 2_000;

    private final JdbcClient jdbc;

    AssignmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void assigned(UUID incident, Unit unit, Instant at) {
        jdbc.sql("""
                insert into incidents.assignment (incident_id, unit_id, organisation_id, assigned_at)
                values (:incident, :unit, :organisation, :at)
                """)
                .param("incident", incident)
                .param("unit", unit.id())
                .param("organisation", unit.organisation().value())
                .param("at", at.atOffset(UTC))
                .update();
    }

    void released(UUID incident, UUID unit, Instant at) {
        jdbc.sql("""
                update incidents.assignment set released_at = :at
                 where incident_id = :incident and unit_id = :unit and released_at is null
                """)
                .param("incident", incident)
                .param("unit", unit)
                .param("at", at.atOffset(UTC))
                .update();
    }

    /** Keeps the first time of each; who is at the scene was on the way before, if only unsaid. */
    void enRoute(UUID incident, UUID unit, Instant at) {
        jdbc.sql("""
                update incidents.assignment set en_route_at = coalesce(en_route_at, :at)
                 where incident_id = :incident and unit_id = :unit and released_at is null
                """)
                .param("incident", incident)
                .param("unit", unit)
                .param("at", at.atOffset(UTC))
                .update();
    }

    void onScene(UUID incident, UUID unit, Instant at) {
        jdbc.sql("""
                update incidents.assignment set on_scene_at = coalesce(on_scene_at, :at)
                 where incident_id = :incident and unit_id = :unit and released_at is null
                """)
                .param("incident", incident)
                .param("unit", unit)
                .param("at", at.atOffset(UTC))
                .update();
    }

    /** Units that answer these incidents now. */
    List<Assignment> current(Collection<UUID> incidents) {
        return incidents.isEmpty() ? List.of() : list(incidents, true);
    }

    /** Every unit that was ever sent, first sent first; {@value #MOST} at most. */
    List<Assignment> ever(UUID incident) {
        return list(List.of(incident), false);
    }

    private List<Assignment> list(Collection<UUID> incidents, boolean current) {
        return jdbc.sql("""
                        select a.incident_id, a.unit_id, u.call_sign, u.kind, a.assigned_at, a.en_route_at, a.on_scene_at, a.released_at
                          from incidents.assignment a join incidents.unit u on u.id = a.unit_id
                         where a.incident_id in (:incidents) and (a.released_at is null or not :current)
                         order by a.assigned_at, u.call_sign limit :most
                        """)
                .param("incidents", incidents)
                .param("current", current)
                .param("most", MOST)
                .query(AssignmentStore::assignment)
                .list();
    }

    private static Assignment assignment(ResultSet row, int n) throws SQLException {
        return new Assignment(
                row.getObject("incident_id", UUID.class),
                row.getObject("unit_id", UUID.class),
                row.getString("call_sign"),
                row.getString("kind"),
                row.getObject("assigned_at", OffsetDateTime.class).toInstant(),
                time(row, "en_route_at"),
                time(row, "on_scene_at"),
                time(row, "released_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
