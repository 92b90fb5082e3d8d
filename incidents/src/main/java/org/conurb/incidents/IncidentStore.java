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
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code incidents.incident}. */
final class IncidentStore {
    private static final String COLUMNS = """
            id, organisation_id, number, kind, priority, state, latitude, longitude, description, caller_name,
            caller_phone, at, closed_at, modified_at, version
            """;

    private static final double SHORTEST_DEGREE_METRES = 110_500; // of latitude, on the ellipsoid

    private final JdbcClient jdbc;

    IncidentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Numbers an incident and keeps it with its first mark.
     *
     * @return empty where the id is taken already
     */
    Optional<Incident> insert(Incident incident, Mark first) {
        return jdbc.sql("""
                        with opened as (
                          insert into incidents.incident (id, organisation_id, number, kind, cell, at, priority, state,
                                 latitude, longitude, description, caller_name, caller_phone, closed_at, modified_at, version)
                          values (:id, :organisation, nextval('incidents.number_seq'), :kind, :cell, :at, :priority, :state,
                                 :latitude, :longitude, :description, :callerName, :callerPhone, :closedAt, :modifiedAt, :version)
                          on conflict (id) do nothing
                          returning number
                        ), marked as (
                          insert into incidents.mark (id, incident_id, organisation_id, at, recorded_at, source, by_subject,
                                 by_name, kind, text, facts)
                          select :markId, :incident, :owner, :happenedAt, :recordedAt, :source, :subject,
                                 :name, :markKind, :text, :facts from opened
                        )
                        select number from opened
                        """)
                .param("organisation", incident.organisation().value())
                .param("at", incident.openedAt().atOffset(UTC))
                .params(changing(incident))
                .params(TimelineStore.values(first))
                .query(Long.class)
                .optional()
                .map(incident::numbered);
    }

    /** @return false where another change came first */
    boolean update(Incident incident) {
        return jdbc.sql("""
                        update incidents.incident
                           set kind = :kind, cell = :cell, priority = :priority, state = :state, latitude = :latitude,
                               longitude = :longitude, description = :description, caller_name = :callerName,
                               caller_phone = :callerPhone, closed_at = :closedAt, modified_at = :modifiedAt,
                               version = :version
                         where id = :id and version = :version - 1
                        """).params(changing(incident)).update() == 1;
    }

    private static java.util.Map<String, Object> changing(Incident incident) {
        java.util.Map<String, Object> values = new java.util.HashMap<>();
        values.put("id", incident.id());
        values.put("kind", incident.type());
        values.put("cell", Cell.of(incident.place()).id());
        values.put("priority", incident.priority());
        values.put("state", incident.state());
        values.put("latitude", incident.place().latitudeDegrees());
        values.put("longitude", incident.place().longitudeDegrees());
        values.put("description", incident.description());
        values.put("callerName", incident.reporter().name().orElse(null));
        values.put("callerPhone", incident.reporter().phone().orElse(null));
        values.put("closedAt", incident.closedAt().map(at -> at.atOffset(UTC)).orElse(null));
        values.put("modifiedAt", incident.modifiedAt().atOffset(UTC));
        values.put("version", incident.version());
        return values;
    }

    Optional<Incident> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from incidents.incident where id = :id")
                .param("id", id)
                .query(IncidentStore::incident)
                .optional();
    }

    /** The incident, with its row held until the transaction ends. */
    Optional<Incident> hold(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from incidents.incident where id = :id for update")
                .param("id", id)
                .query(IncidentStore::incident)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param owners at least one
     * @param states some of {@code open}, {@code closed}
     * @param below number that the first one must be under; {@link Long#MAX_VALUE} for the start
     */
    List<Incident> list(Collection<OrganisationId> owners, Collection<String> states, long below, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                          from incidents.incident
                         where organisation_id in (:owners) and state in (:states) and number < :below
                         order by number desc limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("states", states)
                .param("below", below)
                .param("limit", limit)
                .query(IncidentStore::incident)
                .list();
    }

    /**
     * Open ones in the square around a place, and a little beyond it, newest first.
     *
     * @param owners at least one
     * @param metres from the place to a side of the square
     * @param since when they were opened at the earliest
     */
    List<Incident> near(Collection<OrganisationId> owners, Epsg4326Point place, int metres, Instant since, int limit) {
        double north = metres / SHORTEST_DEGREE_METRES;
        double east = north / Math.max(1e-9, Math.cos(Math.toRadians(place.latitudeDegrees())));
        boolean around = Math.abs(place.longitudeDegrees()) + east >= 180;
        return jdbc.sql("select " + COLUMNS + """
                          from incidents.incident
                         where organisation_id in (:owners) and state = 'open' and at >= :since
                           and latitude between :latitude - :north and :latitude + :north
                           and longitude between :longitude - :east and :longitude + :east
                         order by number desc limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("since", since.atOffset(UTC))
                .param("latitude", place.latitudeDegrees())
                .param("north", north)
                .param("longitude", place.longitudeDegrees())
                .param("east", around ? 360.0 : east)
                .param("limit", limit)
                .query(IncidentStore::incident)
                .list();
    }

    /** Those closed longest ago, before that moment; one that is reopened in the meantime stays. */
    static final String FORGET = """
            delete from incidents.incident where state = 'closed' and closed_at < :before and id = any (array(
              select id from incidents.incident
               where state = 'closed' and closed_at < :before order by closed_at limit :most))
            returning id, organisation_id
            """;

    /** An incident that is forgotten. */
    record Over(UUID id, OrganisationId organisation) {}

    /** With timeline and assignments; as the system role. */
    List<Over> forget(Instant before, int most) {
        List<Over> over = jdbc.sql(FORGET)
                .param("before", before.atOffset(UTC))
                .param("most", most)
                .query((row, n) ->
                        new Over(row.getObject("id", UUID.class), new OrganisationId(row.getString("organisation_id"))))
                .list();
        jdbc.sql("""
                        with m as (delete from incidents.mark where incident_id = any(:ids))
                        delete from incidents.assignment where incident_id = any(:ids)
                        """)
                .param("ids", over.stream().map(Over::id).toArray(UUID[]::new))
                .update();
        return over;
    }

    private static Incident incident(ResultSet row, int n) throws SQLException {
        return new Incident(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getLong("number"),
                row.getString("kind"),
                row.getInt("priority"),
                "open".equals(row.getString("state")),
                new Epsg4326Point(row.getDouble("latitude"), row.getDouble("longitude")),
                row.getString("description"),
                new Reporter(
                        Optional.ofNullable(row.getString("caller_name")),
                        Optional.ofNullable(row.getString("caller_phone"))),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("closed_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getObject("modified_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"));
    }
}
