package org.conurb.video;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was wanted is on disk, for each district and organisation: from the rows of closed hours, and from the
 * index where an hour is not closed yet. Wanted is each second of a camera that is to be recorded now, since it was added.
 */
final class Uptime {
    private static final Duration LONGEST = Duration.ofDays(31);
    /** What was seen this shortly before now is still on its way to the disk. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final Recordings recordings;
    private final List<City.District> districts;
    private final Clock clock;

    Uptime(Transactions transactions, Recordings recordings, City city, Clock clock) {
        this.transactions = transactions;
        this.recordings = recordings;
        this.districts = city.districts();
        this.clock = clock;
    }

    /**
     * @param district null for what lies in none
     * @param share 0 to 1; null where nothing was wanted
     */
    record Part(
            @Nullable String district,
            String organisation,
            int cameras,
            long wantedSeconds,
            long coveredSeconds,
            @Nullable Double share) {}

    /** @param from with {@code to}, what it was added up for */
    record View(
            Instant from,
            Instant to,
            long wantedSeconds,
            long coveredSeconds,
            @Nullable Double share,
            List<Part> districts) {}

    /** @param lastClosed the last hour in the span that has a row */
    record Row(
            CameraId camera,
            OrganisationId organisation,
            Epsg4326Point place,
            Instant added,
            long coveredMillis,
            Optional<Instant> lastClosed) {}

    private record Place(String district, String organisation) {}

    private record Millis(int cameras, long wanted, long covered) {
        Millis and(Millis other) {
            return new Millis(cameras + other.cameras, wanted + other.wanted, covered + other.covered);
        }

        @Nullable
        Double share() {
            return wanted == 0 ? null : Math.round(10_000.0 * covered / wanted) / 10_000.0;
        }
    }

    /** @param readable of {@code owners}, whose cameras may be read; asked in the transaction */
    View view(
            Collection<OrganisationId> owners,
            Supplier<Set<OrganisationId>> readable,
            Optional<Instant> from,
            Optional<Instant> to) {
        Instant now = clock.instant();
        Instant end = to.filter(asked -> asked.isBefore(now))
                .map(asked -> asked.truncatedTo(ChronoUnit.HOURS))
                .orElse(now);
        Instant start = from.orElse(end.minus(Duration.ofDays(1))).truncatedTo(ChronoUnit.HOURS);
        if (!start.isBefore(end) || Duration.between(start, end).compareTo(LONGEST.plusHours(1)) > 0) {
            throw new BadRequest(
                    "video-span",
                    "The span from %s to %s is empty or longer than %d days.".formatted(start, end, LONGEST.toDays()),
                    "Ask for whole hours, from before to.");
        }
        List<Row> rows = transactions.as(owners, () -> rows(readable.get(), start, end));
        return added(rows, start, end, now);
    }

    List<Row> rows(Set<OrganisationId> owners, Instant from, Instant to) {
        if (owners.isEmpty()) {
            return List.of();
        }
        return transactions
                .jdbc()
                .sql(SQL)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("from", from.atOffset(UTC))
                .param("to", to.atOffset(UTC))
                .query(Uptime::row)
                .list();
    }

    static final String SQL = """
            select c.id, c.organisation_id, c.latitude, c.longitude, c.at, coalesce(h.covered, 0)::int8 as covered, h.last
              from video.camera c
              left join lateral (select sum(covered_millis) as covered, max(hour_starts_at) as last
                                   from video.recording_hour
                                  where camera_id = c.id and hour_starts_at >= :from and hour_starts_at < :to) h on true
             where c.recorded and c.organisation_id in (:owners)
            """;

    private static Row row(ResultSet row, int n) throws SQLException {
        OffsetDateTime last = row.getObject("last", OffsetDateTime.class);
        return new Row(
                new CameraId(row.getObject("id", UUID.class)),
                new OrganisationId(row.getString("organisation_id")),
                new Epsg4326Point(row.getDouble("latitude"), row.getDouble("longitude")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getLong("covered"),
                Optional.ofNullable(last).map(OffsetDateTime::toInstant));
    }

    private View added(List<Row> rows, Instant from, Instant to, Instant now) {
        Map<Place, Millis> parts =
                new TreeMap<>(Comparator.comparing(Place::district).thenComparing(Place::organisation));
        Millis all = new Millis(0, 0, 0);
        for (Row row : rows) {
            Millis one = millis(row, from, to, now);
            Place place = new Place(district(row.place()), row.organisation().value());
            parts.merge(place, one, Millis::and);
            all = all.and(one);
        }
        return new View(
                from,
                to,
                all.wanted / 1000,
                all.covered / 1000,
                all.share(),
                parts.entrySet().stream()
                        .map(part -> part(part.getKey(), part.getValue()))
                        .toList());
    }

    private static Part part(Place place, Millis millis) {
        return new Part(
                place.district().isEmpty() ? null : place.district(),
                place.organisation(),
                millis.cameras(),
                millis.wanted() / 1000,
                millis.covered() / 1000,
                millis.share());
    }

    private Millis millis(Row row, Instant from, Instant to, Instant now) {
        Instant begin = row.added().isAfter(from) ? row.added() : from;
        Instant settled = now.minus(ON_ITS_WAY);
        Instant end = to.isBefore(settled) ? to : settled;
        long wanted = Math.max(0, Duration.between(begin, end).toMillis());
        long covered = row.coveredMillis();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).minus(RecordedHour.HOUR);
        for (int i = 0; i < 2; i++, hour = hour.plus(RecordedHour.HOUR)) {
            Instant open = hour;
            boolean closed =
                    row.lastClosed().filter(last -> !last.isBefore(open)).isPresent();
            if (!closed && !open.isBefore(from) && open.isBefore(to)) {
                covered += recordings
                        .unclosed(row.organisation(), row.camera(), open)
                        .coveredMillis();
            }
        }
        return new Millis(1, wanted, Math.min(wanted, covered));
    }

    /** Its id; empty for none. */
    private String district(Epsg4326Point place) {
        for (City.District district : districts) {
            if (inside(district.area().get("coordinates"), place) % 2 == 1) {
                return district.id();
            }
        }
        return "";
    }

    /**
     * How many sides of all rings a line eastwards from the place crosses: an odd number from inside; holes count by
     * themselves.
     *
     * @param coordinates of a GeoJSON Polygon or MultiPolygon, or a ring of it (RFC 7946 §3.1.6)
     */
    private static int inside(@Nullable Object coordinates, Epsg4326Point place) {
        int crossed = 0;
        double[] before = null;
        for (Object part : coordinates instanceof List<?> list ? list : List.of()) {
            double[] corner = corner(part);
            if (corner == null) {
                crossed += inside(part, place);
            } else if (before != null && crosses(before, corner, place)) {
                crossed++;
            }
            before = corner;
        }
        return crossed;
    }

    private static double @Nullable [] corner(@Nullable Object part) {
        return part instanceof List<?> list
                        && list.size() >= 2
                        && list.get(0) instanceof Number longitude
                        && list.get(1) instanceof Number latitude
                ? new double[] {longitude.doubleValue(), latitude.doubleValue()}
                : null;
    }

    private static boolean crosses(double[] a, double[] b, Epsg4326Point place) {
        double latitude = place.latitudeDegrees();
        return a[1] > latitude != b[1] > latitude
                && place.longitudeDegrees() < a[0] + (latitude - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
    }
}
