package org.conurb.incidents;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Cell;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code incidents.unit}. */
final class UnitStore {
    private static final String COLUMNS = """
            id, organisation_id, call_sign, kind, status_code, state, at, status_source, latitude, longitude,
            position_at, incident_id, version
            """;

    private final JdbcClient jdbc;

    UnitStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false where the id or the call sign is taken already */
    boolean insert(Unit unit) {
        return jdbc.sql("""
                        insert into incidents.unit (id, organisation_id, kind, cell, at, call_sign, status_code, state,
                               status_source, latitude, longitude, position_at, incident_id, version)
                        values (:id, :organisation, :kind, :cell, :at, :callSign, :code, :state,
                               :source, :latitude, :longitude, :positionAt, :incident, :version)
                        on conflict do nothing
                        """)
                        .param("organisation", unit.organisation().value())
                        .params(changing(unit))
                        .update()
                == 1;
    }

    /** @return false where the call sign is taken by another unit of the organisation */
    boolean callSignFree(Unit unit) {
        return jdbc.sql("""
                        select not exists (select from incidents.unit
                         where organisation_id = :organisation and call_sign = :callSign and id <> :id)
                        """)
                .param("organisation", unit.organisation().value())
                .param("callSign", unit.callSign())
                .param("id", unit.id())
                .query(Boolean.class)
                .single();
    }

    void update(Unit unit) {
        jdbc.sql("""
                update incidents.unit
                   set kind = :kind, cell = :cell, at = :at, call_sign = :callSign, status_code = :code, state = :state,
                       status_source = :source, latitude = :latitude, longitude = :longitude, position_at = :positionAt,
                       incident_id = :incident, version = :version
                 where id = :id
                """).params(changing(unit)).update();
    }

    private static Map<String, Object> changing(Unit unit) {
        Optional<Epsg4326Point> place = unit.position().map(Unit.Fix::place);
        Map<String, Object> values = new HashMap<>();
        values.put("id", unit.id());
        values.put("kind", unit.kind());
        values.put("cell", place.map(p -> Cell.of(p).id()).orElse(null));
        values.put("at", unit.status().since().atOffset(UTC));
        values.put("callSign", unit.callSign());
        values.put("code", unit.status().code());
        values.put("state", unit.status().state().name());
        values.put("source", unit.status().source());
        values.put("latitude", place.map(Epsg4326Point::latitudeDegrees).orElse(null));
        values.put("longitude", place.map(Epsg4326Point::longitudeDegrees).orElse(null));
        values.put(
                "positionAt", unit.position().map(fix -> fix.at().atOffset(UTC)).orElse(null));
        values.put("incident", unit.incident().orElse(null));
        values.put("version", unit.version());
        return values;
    }

    void delete(UUID id) {
        jdbc.sql("delete from incidents.unit where id = :id").param("id", id).update();
    }

    Optional<Unit> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from incidents.unit where id = :id")
                .param("id", id)
                .query(UnitStore::unit)
                .optional();
    }

    /** The unit, with its row held until the transaction ends. */
    Optional<Unit> hold(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from incidents.unit where id = :id for update")
                .param("id", id)
                .query(UnitStore::unit)
                .optional();
    }

    /** By organisation and call sign, after the one named. */
    List<Unit> list(Collection<OrganisationId> owners, String afterOrganisation, String afterCallSign, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                          from incidents.unit
                         where organisation_id in (:owners)
                           and (organisation_id, call_sign) > (:afterOrganisation, :afterCallSign)
                         order by organisation_id, call_sign limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("afterOrganisation", afterOrganisation)
                .param("afterCallSign", afterCallSign)
                .param("limit", limit)
                .query(UnitStore::unit)
                .list();
    }

    /** Units that now answer any of these incidents, by call sign. */
    List<Unit> assignedTo(Collection<UUID> incidents) {
        if (incidents.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("select " + COLUMNS
                        + " from incidents.unit where incident_id in (:incidents) order by call_sign")
                .param("incidents", incidents)
                .query(UnitStore::unit)
                .list();
    }

    private static Unit unit(ResultSet row, int n) throws SQLException {
        OffsetDateTime positionAt = row.getObject("position_at", OffsetDateTime.class);
        Optional<Unit.Fix> fix = positionAt == null
                ? Optional.empty()
                : Optional.of(new Unit.Fix(
                        new Epsg4326Point(row.getDouble("latitude"), row.getDouble("longitude")),
                        positionAt.toInstant()));
        return new Unit(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("call_sign"),
                row.getString("kind"),
                new Unit.Status(
                        row.getString("status_code"),
                        UnitState.valueOf(row.getString("state")),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("status_source")),
                fix,
                Optional.ofNullable(row.getObject("incident_id", UUID.class)),
                row.getInt("version"));
    }
}
