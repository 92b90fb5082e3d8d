package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of cameras. Each call needs a transaction. */
final class CameraStore {
    private static final Logger LOG = LoggerFactory.getLogger(CameraStore.class);

    private static final String CAMERA = """
            select camera.*, least_days, most_days, priority
              from video.camera left join video.keeping on keeping.camera_id = camera.id
            """;

    private final JdbcClient jdbc;
    private final CameraSecrets secrets;

    CameraStore(JdbcClient jdbc, CameraSecrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** @return false where id or name are taken */
    boolean insert(Camera camera, Instant at) {
        boolean free = fill(camera, jdbc.sql("""
                        insert into video.camera (id, organisation_id, kind, cell, at, name, source, sub_source, secret,
                            transport, recorded, latitude, longitude, heading_degrees, version)
                        values (:id, :organisation, :kind, :cell, :at, :name, :source, :sub, :secret,
                            :transport, :recorded, :latitude, :longitude, :heading, :version)
                        on conflict do nothing
                        """).param("at", at.atOffset(UTC))).update() == 1;
        if (free) {
            keep(camera);
        }
        return free;
    }

    void update(Camera camera) {
        fill(camera, jdbc.sql("""
                        update video.camera set kind = :kind, cell = :cell, name = :name, source = :source,
                            sub_source = :sub, secret = :secret, transport = :transport, recorded = :recorded,
                            latitude = :latitude, longitude = :longitude, heading_degrees = :heading,
                            version = :version
                         where id = :id and organisation_id = :organisation
                        """)).update();
        keep(camera);
    }

    private void keep(Camera camera) {
        if (camera.keeping().equals(Keeping.AS_THE_SITE)) {
            jdbc.sql("delete from video.keeping where camera_id = :id")
                    .param("id", camera.id().value())
                    .update();
            return;
        }
        jdbc.sql("""
                        insert into video.keeping (camera_id, organisation_id, least_days, most_days, priority)
                        values (:id, :organisation, :least, :most, :priority)
                        on conflict (camera_id) do update
                           set least_days = excluded.least_days, most_days = excluded.most_days,
                               priority = excluded.priority
                        """)
                .param("id", camera.id().value())
                .param("organisation", camera.organisation().value())
                .param("least", camera.keeping().leastDays().orElse(null))
                .param("most", camera.keeping().mostDays().orElse(null))
                .param("priority", camera.keeping().priority().ordinal())
                .update();
    }

    boolean nameFree(Camera camera) {
        return !jdbc.sql("""
                        select exists (select from video.camera
                                        where organisation_id = :organisation and name = :name and id <> :id)
                        """)
                .param("organisation", camera.organisation().value())
                .param("name", camera.name())
                .param("id", camera.id().value())
                .query(Boolean.class)
                .single();
    }

    /** How long its recordings are kept is known until they are gone. */
    void delete(CameraId id) {
        jdbc.sql("delete from video.camera where id = :id")
                .param("id", id.value())
                .update();
    }

    Optional<Camera> find(CameraId id) {
        return jdbc.sql(CAMERA + "where id = :id")
                .param("id", id.value())
                .query(this::camera)
                .optional();
    }

    /** With its row held until the transaction ends. */
    Optional<Camera> hold(CameraId id) {
        return jdbc.sql(CAMERA + "where id = :id for update of camera")
                .param("id", id.value())
                .query(this::camera)
                .optional();
    }

    /** By organisation and name, after the one named. */
    List<Camera> list(Collection<OrganisationId> owners, String afterOrganisation, String afterName, int limit) {
        return jdbc.sql(CAMERA + """
                         where camera.organisation_id in (:owners)
                           and (camera.organisation_id, name) > (:afterOrganisation, :afterName)
                         order by camera.organisation_id, name limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("afterOrganisation", afterOrganisation)
                .param("afterName", afterName)
                .param("limit", limit)
                .query(this::camera)
                .list();
    }

    /** Every camera of the site; for the system role. */
    List<Camera> all() {
        return jdbc.sql(CAMERA + "order by id").query(this::camera).list();
    }

    private JdbcClient.StatementSpec fill(Camera camera, JdbcClient.StatementSpec sql) {
        return sql.param("id", camera.id().value())
                .param("organisation", camera.organisation().value())
                .param("kind", camera.address().main().isPresent() ? "rtsp" : CameraAddress.WHIP)
                .param("cell", Cell.of(camera.place()).id())
                .param("name", camera.name())
                .param("source", camera.address().shownMain())
                .param("sub", camera.address().shownSub().orElse(null))
                .param("secret", secrets.seal(camera.id(), camera.address()))
                .param("transport", camera.transport().name())
                .param("recorded", camera.recorded())
                .param("latitude", camera.place().latitudeDegrees())
                .param("longitude", camera.place().longitudeDegrees())
                .param("heading", camera.headingDegrees().orElse(null))
                .param("version", camera.version());
    }

    /** A camera whose address does not open any more is shown and not called, until its source is entered again. */
    private CameraAddress opened(CameraId id, byte[] sealed) {
        try {
            return secrets.open(id, sealed);
        } catch (IllegalStateException broken) {
            LOG.atError()
                    .addKeyValue("camera", id)
                    .addKeyValue("why", broken.getMessage())
                    .log("camera.sealed");
            return CameraAddress.NONE;
        }
    }

    private Camera camera(ResultSet row, int number) throws SQLException {
        CameraId id = new CameraId(row.getObject("id", UUID.class));
        return new Camera(
                id,
                new OrganisationId(row.getString("organisation_id")),
                row.getString("name"),
                opened(id, row.getBytes("secret")),
                CameraSource.Transport.valueOf(row.getString("transport")),
                row.getBoolean("recorded"),
                new Epsg4326Point(row.getDouble("latitude"), row.getDouble("longitude")),
                Optional.ofNullable((Double) row.getObject("heading_degrees")),
                keeping(row),
                row.getInt("version"));
    }

    private static Keeping keeping(ResultSet row) throws SQLException {
        Integer priority = row.getObject("priority", Integer.class);
        return priority == null
                ? Keeping.AS_THE_SITE
                : new Keeping(
                        Optional.ofNullable(row.getObject("least_days", Integer.class)),
                        Optional.ofNullable(row.getObject("most_days", Integer.class)),
                        Keeping.Priority.values()[priority]);
    }
}
