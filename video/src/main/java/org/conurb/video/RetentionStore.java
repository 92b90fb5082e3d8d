package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which hours may be deleted, and what keeping them costs; as the system role. Each call needs a transaction. */
final class RetentionStore {
    /**
     * Each camera that has hours (found by hopping through the primary key, not by reading it), with the seconds that its
     * hours are kept: a camera's own days, else the site's, which give way to the camera's other bound.
     */
    private static final String KEPT = """
            with recursive one (camera_id) as (
                (select camera_id from video.recording_hour order by camera_id limit 1)
                union all
                select (select h.camera_id from video.recording_hour h
                         where h.camera_id > one.camera_id order by h.camera_id limit 1)
                  from one where one.camera_id is not null),
            kept as (
                select one.camera_id, coalesce(k.priority, 1) as priority,
                       coalesce(k.least_days * 86400.0, least(:least, coalesce(k.most_days * 86400.0, :least))) as least_secs,
                       coalesce(k.most_days * 86400.0, greatest(:most, coalesce(k.least_days * 86400.0, :most))) as most_secs
                  from one left join video.keeping k using (camera_id)
                 where one.camera_id is not null)
            """;

    /** A file that begins in an hour may reach two minutes into the next; longer ones are not evidence alone. */
    private static final String ON_HOLD = """
            exists (select from video.hold
                     where released_at is null and hold.camera_id = h.camera_id
                       and from_at < h.hour_starts_at + interval '62 minutes' and to_at > h.hour_starts_at)
            """;

    private final JdbcClient jdbc;
    private final double least;
    private final double most;

    /** @param least that hours are promised to be kept, and {@code most} that they are kept, where a camera says nothing */
    RetentionStore(JdbcClient jdbc, Duration least, Duration most) {
        this.jdbc = jdbc;
        this.least = least.toSeconds();
        this.most = most.toSeconds();
    }

    /** An hour of a camera that can be deleted. */
    record Deletable(CameraId camera, OrganisationId organisation, Instant hour, long bytes) {}

    /** Why hours are deleted. */
    enum Cause {
        /** They are older than they may become. The oldest goes first. */
        AGE("kept.most_secs + 3600", "hour_starts_at"),
        /** The disk fills, and they are older than promised. Of cameras of low priority first, then the oldest. */
        SPACE("kept.least_secs + 3600", "priority, hour_starts_at"),
        /** The disk is full of what was promised. In the same order, but the last two hours. */
        FULL("0", "priority, hour_starts_at");

        private final String seconds;
        private final String order;

        Cause(String seconds, String order) {
            this.seconds = seconds;
            this.order = order;
        }
    }

    /** Hours that may be deleted for that cause and are not on hold, in the order in which they go. */
    List<Deletable> first(Cause cause, Instant now, int limit) {
        return jdbc.sql(KEPT + """
                select h.camera_id, h.organisation_id, h.hour_starts_at, h.size_bytes
                  from kept cross join lateral (
                       select * from video.recording_hour h
                        where h.camera_id = kept.camera_id
                          and h.hour_starts_at < :now - make_interval(secs => greatest(7200, %s))
                          and not %s
                        order by h.hour_starts_at limit :limit) h
                 order by %s limit :limit
                """.formatted(cause.seconds, ON_HOLD, cause.order))
                .param("now", now.atOffset(UTC))
                .param("least", least)
                .param("most", most)
                .param("limit", limit)
                .query((row, n) -> new Deletable(
                        new CameraId(row.getObject("camera_id", UUID.class)),
                        new OrganisationId(row.getString("organisation_id")),
                        row.getObject("hour_starts_at", OffsetDateTime.class).toInstant(),
                        row.getLong("size_bytes")))
                .list();
    }

    /** @return false where it is on hold by now, or gone */
    boolean delete(Deletable hour) {
        HoldStore.keepOut(jdbc, hour.camera());
        return jdbc.sql(
                                "delete from video.recording_hour h where camera_id = :camera and hour_starts_at = :hour and not "
                                        + ON_HOLD)
                        .param("camera", hour.camera().value())
                        .param("hour", hour.hour().atOffset(UTC))
                        .update()
                == 1;
    }

    long bytes() {
        return jdbc.sql("select coalesce(sum(size_bytes), 0)::int8 from video.recording_hour")
                .query(Long.class)
                .single();
    }

    /**
     * @param perSecond bytes that all cameras write now
     * @param deletable bytes older than promised and not on hold
     * @param total bytes there are
     * @param missing bytes that are still to come until all that is promised is there
     */
    record Figures(double perSecond, double deletable, double total, double missing) {}

    /** Reads every row. @param over that what is written now is measured in */
    Figures figures(Instant now, Duration over) {
        return jdbc.sql(KEPT + """
                        select coalesce(sum(size_bytes) filter (where recent), 0)::float8 / :over as per_second,
                               coalesce(sum(size_bytes) filter (where old and not held), 0)::float8 as deletable,
                               coalesce(sum(size_bytes), 0)::float8 as total,
                               coalesce(sum(size_bytes * least_secs) filter (where recent), 0)::float8 / :over
                                 - coalesce(sum(size_bytes) filter (where not old), 0)::float8 as missing
                          from (select h.size_bytes, kept.least_secs, h.hour_starts_at >= :recent as recent,
                                       h.hour_starts_at < :now - make_interval(secs => kept.least_secs) as old,
                                       %s as held
                                  from video.recording_hour h join kept using (camera_id)) hour
                        """.formatted(ON_HOLD))
                .param("least", least)
                .param("most", most)
                .param("now", now.atOffset(UTC))
                .param("recent", now.minus(over).minus(RecordedHour.HOUR).atOffset(UTC))
                .param("over", (double) over.toSeconds())
                .query((row, n) -> new Figures(
                        row.getDouble("per_second"),
                        row.getDouble("deletable"),
                        row.getDouble("total"),
                        row.getDouble("missing")))
                .single();
    }

    /** How long a camera was kept is forgotten with its last hour, once the camera is gone. */
    void forgetKeeping() {
        jdbc.sql("""
                        delete from video.keeping k
                         where not exists (select from video.camera where id = k.camera_id)
                           and not exists (select from video.recording_hour where camera_id = k.camera_id)
                        """).update();
    }
}
