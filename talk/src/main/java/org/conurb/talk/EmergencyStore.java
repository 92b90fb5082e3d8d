package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.emergency}. */
final class EmergencyStore {
    private static final String COLUMNS = """
            id, organisation_id, kind, at, group_id, participant, participant_name, alert, latitude, longitude,
            incident_id, ended_at
            """;

    private final JdbcClient jdbc;

    EmergencyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void put(EmergencyRow emergency) {
        Map<String, Object> values = new HashMap<>();
        Optional<Epsg4326Point> place = emergency.place();
        values.put("id", emergency.id());
        values.put("organisation", emergency.owner().value());
        values.put("kind", GroupEntity.code(emergency.urgency()));
        values.put("cell", place.map(point -> Cell.of(point).id()).orElse(null));
        values.put("at", emergency.at().atOffset(UTC));
        values.put("group", emergency.group());
        values.put("participant", emergency.participant());
        values.put("name", emergency.name());
        values.put("alert", emergency.alert());
        values.put("latitude", place.map(Epsg4326Point::latitudeDegrees).orElse(null));
        values.put("longitude", place.map(Epsg4326Point::longitudeDegrees).orElse(null));
        values.put("incident", emergency.incident().orElse(null));
        values.put("endedAt", emergency.endedAt().map(at -> at.atOffset(UTC)).orElse(null));
        jdbc.sql("""
                insert into talk.emergency (id, organisation_id, kind, cell, at, group_id, participant, participant_name,
                       alert, latitude, longitude, incident_id, ended_at)
                values (:id, :organisation, :kind, :cell, :at, :group, :participant, :name,
                       :alert, :latitude, :longitude, :incident, :endedAt)
                    on conflict (id) do update set kind = :kind, cell = :cell, alert = :alert, latitude = :latitude,
                       longitude = :longitude, ended_at = :endedAt
                """).params(values).update();
    }

    /** The one that is open. */
    Optional<EmergencyRow> find(String group, String participant) {
        return jdbc.sql("select " + COLUMNS + """
                         from talk.emergency
                        where group_id = :group and participant = :participant and ended_at is null for update
                        """)
                .param("group", group)
                .param("participant", participant)
                .query(EmergencyStore::emergency)
                .optional();
    }

    List<EmergencyRow> open() {
        return jdbc.sql("select " + COLUMNS + " from talk.emergency where ended_at is null order by at, id")
                .query(EmergencyStore::emergency)
                .list();
    }

    /** The most urgent in the group now. */
    Urgency urgency(String group) {
        return jdbc
                .sql("select distinct kind from talk.emergency where group_id = :group and ended_at is null")
                .param("group", group)
                .query((row, n) -> urgency(row))
                .list()
                .stream()
                .reduce(Urgency.ROUTINE, Urgency::higher);
    }

    /** Those that ended before that moment go; as the system role. */
    List<EmergencyRow> forget(Instant before) {
        return jdbc.sql("""
                        delete from talk.emergency where id in (
                          select id from talk.emergency where ended_at < :before order by ended_at limit :most)
                        returning\s""" + COLUMNS)
                .param("before", before.atOffset(UTC))
                .param("most", Retained.BATCH)
                .query(EmergencyStore::emergency)
                .list();
    }

    private static Urgency urgency(ResultSet row) throws SQLException {
        return Urgency.valueOf(row.getString("kind").toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static EmergencyRow emergency(ResultSet row, int n) throws SQLException {
        double latitude = row.getDouble("latitude");
        boolean placed = !row.wasNull();
        return new EmergencyRow(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("group_id"),
                row.getString("participant"),
                row.getString("participant_name"),
                urgency(row),
                row.getBoolean("alert"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                placed ? Optional.of(new Epsg4326Point(latitude, row.getDouble("longitude"))) : Optional.empty(),
                Optional.ofNullable(row.getString("incident_id")),
                Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
