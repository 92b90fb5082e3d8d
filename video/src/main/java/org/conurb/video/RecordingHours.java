package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code video.recording_hour}. */
final class RecordingHours {
    private static final String COLUMNS = """
            camera_id, hour_starts_at, organisation_id, records, size_bytes, covered_millis, minutes, gaps, chain_head
            """;

    private final JdbcClient jdbc;

    RecordingHours(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

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

    /** Which of a camera's hours from then on have a row, and how many records it counts. */
    Map<Instant, Integer> known(CameraId camera, Instant from) {
        Map<Instant, Integer> known = new HashMap<>();
        jdbc.sql("""
                        select hour_starts_at, records from video.recording_hour
                         where camera_id = :camera and hour_starts_at >= :from
                        """)
                .param("camera", camera.value())
                .param("from", from.atOffset(UTC))
                .query(row -> {
                    known.put(
                            row.getObject("hour_starts_at", OffsetDateTime.class)
                                    .toInstant(),
                            row.getInt("records"));
                });
        return known;
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
