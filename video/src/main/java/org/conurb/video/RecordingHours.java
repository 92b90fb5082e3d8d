package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code video.recording_hour} and {@code video.hold}. */
final class RecordingHours {
    private static final String COLUMNS = """
            camera_id, hour_starts_at, organisation_id, records, size_bytes, covered_millis, minutes, gaps, chain_head
            """;

    private final JdbcClient jdbc;

    RecordingHours(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An hour of a camera that can be deleted. */
    record Deletable(CameraId camera, OrganisationId organisation, Instant hour, long bytes) {}

    /** @return false where a row with this very head is there already */
    boolean put(RecordedHour hour, Instant now) {
        return jdbc.sql("""
                        insert into video.recording_hour (camera_id, hour_starts_at, organisation_id, records, size_bytes,
                               covered_millis, minutes, gaps, chain_head, closed_at)
                        values (:camera, :hour, :organisation, :records, :bytes, :covered, :minutes, :gaps, :head, :now)
                        on conflict (camera_id, hour_starts_at) do update
                           set records = excluded.records, size_bytes = excluded.size_bytes,
                               covered_millis = excluded.covered_millis, minutes = excluded.minutes,
                               gaps = excluded.gaps, chain_head = excluded.chain_head, closed_at = excluded.closed_at
                         where recording_hour.chain_head <> excluded.chain_head
                        """)
                        .param("camera", hour.camera().value())
                        .param("hour", hour.start().atOffset(UTC))
                        .param("organisation", hour.organisation().value())
                        .param("records", hour.records())
                        .param("bytes", hour.bytes())
                        .param("covered", hour.coveredMillis())
                        .param("minutes", hour.minutes())
                        .param("gaps", text(hour))
                        .param("head", hour.chainHead())
                        .param("now", now.atOffset(UTC))
                        .update()
                == 1;
    }

    /** Hours of one camera from {@code from} up to {@code to}, in order; at most 24 * 31. */
    List<RecordedHour> of(CameraId camera, Instant from, Instant to) {
        return jdbc.sql("select " + COLUMNS + """
                          from video.recording_hour
                         where camera_id = :camera and hour_starts_at >= :from and hour_starts_at < :to
                         order by hour_starts_at limit 744
                        """)
                .param("camera", camera.value())
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .query(RecordingHours::hour)
                .list();
    }

    /** Which of a camera's hours have a row. */
    Set<Instant> known(CameraId camera) {
        return new HashSet<>(jdbc.sql("select hour_starts_at from video.recording_hour where camera_id = :camera")
                .param("camera", camera.value())
                .query((row, n) ->
                        row.getObject("hour_starts_at", OffsetDateTime.class).toInstant())
                .list());
    }

    /** Hours that began before {@code before} and are not on hold, oldest first. */
    List<Deletable> oldest(Instant before, int limit) {
        return jdbc.sql("""
                        select camera_id, organisation_id, hour_starts_at, size_bytes from video.recording_hour h
                         where hour_starts_at < :before
                           and not exists (select 1 from video.hold
                                            where released_at is null and hold.camera_id = h.camera_id
                                              and from_at < h.hour_starts_at + interval '62 minutes'
                                              and to_at > h.hour_starts_at)
                         order by hour_starts_at, camera_id limit :limit
                        """)
                .param("before", before.atOffset(UTC))
                .param("limit", limit)
                .query((row, n) -> new Deletable(
                        new CameraId(row.getObject("camera_id", UUID.class)),
                        new OrganisationId(row.getString("organisation_id")),
                        row.getObject("hour_starts_at", OffsetDateTime.class).toInstant(),
                        row.getLong("size_bytes")))
                .list();
    }

    void delete(CameraId camera, Instant hour) {
        jdbc.sql("delete from video.recording_hour where camera_id = :camera and hour_starts_at = :hour")
                .param("camera", camera.value())
                .param("hour", hour.atOffset(UTC))
                .update();
    }

    /** Bytes of all rows that began at or after {@code from}. */
    long bytesSince(Instant from) {
        return jdbc.sql(
                        "select coalesce(sum(size_bytes), 0)::int8 from video.recording_hour where hour_starts_at >= :from")
                .param("from", from.atOffset(UTC))
                .query(Long.class)
                .single();
    }

    /** Bytes that retention may delete now: older than {@code before} and not on hold. */
    long deletableBytes(Instant before) {
        return jdbc.sql("""
                        select coalesce(sum(size_bytes), 0)::int8 from video.recording_hour h
                         where hour_starts_at < :before
                           and not exists (select 1 from video.hold
                                            where released_at is null and hold.camera_id = h.camera_id
                                              and from_at < h.hour_starts_at + interval '62 minutes'
                                              and to_at > h.hour_starts_at)
                        """)
                .param("before", before.atOffset(UTC))
                .query(Long.class)
                .single();
    }

    void hold(
            UUID id,
            OrganisationId organisation,
            CameraId camera,
            Instant from,
            Instant to,
            String reason,
            Instant now) {
        jdbc.sql("""
                        insert into video.hold (id, organisation_id, camera_id, from_at, to_at, reason, placed_at)
                        values (:id, :organisation, :camera, :from, :to, :reason, :now)
                        """)
                .param("id", id)
                .param("organisation", organisation.value())
                .param("camera", camera.value())
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .param("reason", reason)
                .param("now", now.atOffset(UTC))
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

    private static RecordedHour hour(ResultSet row, int n) throws SQLException {
        Instant start = row.getObject("hour_starts_at", OffsetDateTime.class).toInstant();
        return new RecordedHour(
                new CameraId(row.getObject("camera_id", UUID.class)),
                new OrganisationId(row.getString("organisation_id")),
                start,
                row.getInt("records"),
                row.getLong("size_bytes"),
                row.getInt("covered_millis"),
                row.getLong("minutes"),
                gaps(row.getString("gaps"), start),
                row.getBytes("chain_head"));
    }

    private static String text(RecordedHour hour) {
        long start = hour.start().toEpochMilli();
        return hour.gaps().stream()
                .map(gap -> "%d,%d,%d"
                        .formatted(
                                gap.from().toEpochMilli() - start,
                                gap.to().toEpochMilli() - start,
                                gap.reason().code()))
                .collect(Collectors.joining(";"));
    }

    private static List<Gap> gaps(String text, Instant start) {
        List<Gap> gaps = new ArrayList<>();
        for (String one : text.isEmpty() ? new String[0] : text.split(";", -1)) {
            String[] parts = one.split(",", -1);
            gaps.add(new Gap(
                    start.plusMillis(Long.parseLong(parts[0])),
                    start.plusMillis(Long.parseLong(parts[1])),
                    GapReason.of(Integer.parseInt(parts[2]))));
        }
        return gaps;
    }
}
