package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of holds: what is in it and not released is never deleted. Each call needs a transaction. */
final class HoldStore {
    private final JdbcClient jdbc;

    HoldStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Until the transaction ends, no hold is placed on the camera: an hour that is looked at now is still as it was when it
     * is deleted. Who places holds waits, and many may at a time.
     */
    static void keepOut(JdbcClient jdbc, CameraId camera) {
        lock(jdbc, "pg_advisory_xact_lock", camera);
    }

    private static void lock(JdbcClient jdbc, String lock, CameraId camera) {
        jdbc.sql("select 1 from " + lock + "(hashtextextended('video.hold ' || :camera, 0))")
                .param("camera", camera.toString())
                .query(Integer.class)
                .single();
    }

    void insert(Hold hold) {
        insert(hold, true);
    }

    /** One that belongs to an export: without a case, and ended by it alone. */
    void insertOfExport(Hold hold) {
        insert(hold, false);
    }

    private void insert(Hold hold, boolean ofPerson) {
        lock(jdbc, "pg_advisory_xact_lock_shared", hold.camera());
        jdbc.sql("""
                        insert into video.hold (id, organisation_id, camera_id, from_at, to_at, reason, placed_at,
                            case_id, subject, subject_name)
                        values (:id, :organisation, :camera, :from, :to, :reason, :placed, :case, :subject, :name)
                        """)
                .param("id", hold.id())
                .param("organisation", hold.organisation().value())
                .param("camera", hold.camera().value())
                .param("from", hold.from().atOffset(UTC))
                .param("to", hold.to().atOffset(UTC))
                .param("reason", hold.reason())
                .param("placed", hold.placedAt().atOffset(UTC))
                .param("case", ofPerson ? hold.caseId() : null)
                .param("subject", ofPerson ? hold.subject() : null)
                .param("name", ofPerson ? hold.subjectName() : null)
                .update();
    }

    /** @return whether it stood until now */
    boolean release(UUID id, Instant now) {
        return jdbc.sql("update video.hold set released_at = :now where id = :id and released_at is null")
                        .param("id", id)
                        .param("now", now.atOffset(UTC))
                        .update()
                == 1;
    }

    /** One that a person placed and that stands. */
    Optional<Hold> find(UUID id) {
        return jdbc.sql("""
                        select * from video.hold where id = :id and released_at is null and case_id is not null
                        """).param("id", id).query(HoldStore::hold).optional();
    }

    /** Whether it is one of an export that is being made. */
    boolean isOfExport(UUID id) {
        return jdbc.sql("""
                        select exists (select from video.hold
                                        where id = :id and released_at is null and case_id is null)
                        """).param("id", id).query(Boolean.class).single();
    }

    /** Those that people placed and that stand, newest first, below the id named. */
    List<Hold> list(Collection<OrganisationId> owners, Optional<CameraId> camera, UUID below, int limit) {
        return jdbc.sql("""
                        select * from video.hold
                         where organisation_id in (:owners) and id < :below and released_at is null
                           and case_id is not null and (:camera::uuid is null or camera_id = :camera)
                         order by id desc limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("below", below)
                .param("camera", camera.map(CameraId::value).orElse(null))
                .param("limit", limit)
                .query(HoldStore::hold)
                .list();
    }

    int standing(OrganisationId organisation) {
        return jdbc.sql("""
                        select count(*) from video.hold
                         where organisation_id = :organisation and released_at is null and case_id is not null
                        """)
                .param("organisation", organisation.value())
                .query(Integer.class)
                .single();
    }

    private static Hold hold(ResultSet row, int number) throws SQLException {
        return new Hold(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                new CameraId(row.getObject("camera_id", UUID.class)),
                row.getObject("from_at", OffsetDateTime.class).toInstant(),
                row.getObject("to_at", OffsetDateTime.class).toInstant(),
                row.getString("reason"),
                row.getString("case_id"),
                row.getString("subject"),
                row.getString("subject_name"),
                row.getObject("placed_at", OffsetDateTime.class).toInstant());
    }
}
