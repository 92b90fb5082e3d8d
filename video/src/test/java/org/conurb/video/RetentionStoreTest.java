package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.conurb.kernel.Audit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long each camera is kept. The site's least is 7 days and its most 30 days. */
class RetentionStoreTest {
    private static final long HOUR_BYTES = 1_000_000;
    private static final Instant NOW = Instant.parse("2026-03-31T12:30:00Z");
    private static final Instant NOON = Instant.parse("2026-03-31T12:00:00Z");

    @TempDir
    Path folder;

    @AutoClose
    private Doors doors;

    private Camera plain;
    private Camera brief;
    private Camera long90;
    private long free = 50_000_000;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        doors.clock.advance(Duration.between(doors.clock.instant(), NOW));
        plain = camera("Plain", null, null, null);
        brief = camera("Brief", 1, 3, "low");
        long90 = camera("Long", 60, 90, "high");
    }

    private Camera camera(String name, Integer least, Integer most, String priority) {
        NewCamera wanted = new NewCamera(
                null,
                name,
                "rtsp://10.20.1.7/" + name,
                null,
                null,
                null,
                null,
                Doors.SQUARE,
                null,
                null,
                null,
                null,
                new Keeping.View(least, most, priority));
        CameraAddress address = doors.cameras.checked(wanted).orElseThrow();
        return doors.in(() -> doors.cameras.add(doors.administrator, wanted, address));
    }

    private void hour(Camera camera, Duration age) {
        doors.transactions.doAsSystem(() -> doors.transactions
                .jdbc()
                .sql("""
                        insert into video.recording_hour (camera_id, hour_starts_at, organisation_id, records, size_bytes,
                               covered_millis, minutes, gaps, chain_head, closed_at)
                        values (:camera, :hour, 'police', 1800, :bytes, 3600000, -1, '', '\\x00', now())
                        """)
                .param("camera", camera.id().value())
                .param("hour", NOON.minus(age).atOffset(java.time.ZoneOffset.UTC))
                .param("bytes", HOUR_BYTES)
                .update());
    }

    private List<Duration> left(Camera camera) {
        return doors.transactions.asSystem(() -> new RecordingHours(doors.transactions.jdbc())
                .of(camera.id(), NOW.minus(Duration.ofDays(365)), NOW).stream()
                        .map(hour -> Duration.between(hour.start(), NOON))
                        .toList());
    }

    private Retention retention() {
        return retention(doors.audit);
    }

    private Retention retention(Audit audit) {
        return new Retention(
                Studio.settings(folder),
                folder,
                () -> new MediaVolume.Space(100_000_000, free),
                doors.transactions,
                audit,
                doors.clock);
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    @Test
    void eachCameraIsKeptForItsOwnMostDays() throws IOException {
        for (Camera camera : List.of(plain, brief, long90)) {
            for (int age : List.of(2, 4, 29, 31, 80, 91)) {
                hour(camera, days(age));
            }
        }

        assertThat(retention().step().deleted()).isEqualTo(9);

        assertThat(left(brief)).containsExactly(days(2));
        assertThat(left(plain)).containsExactly(days(29), days(4), days(2));
        assertThat(left(long90)).containsExactly(days(80), days(31), days(29), days(4), days(2));
    }

    @Test
    void whereTheDiskFillsLowPriorityGoesFirstAndWhatIsPromisedLast() throws IOException {
        hour(plain, days(10));
        hour(plain, days(6));
        hour(brief, days(2));
        hour(brief, Duration.ofHours(5));
        hour(long90, days(29));

        free = 9_999_999 - 6_000_000; // so that six hours are wanted, and five are there
        Retention.Outcome outcome = retention().step();

        assertThat(outcome.deleted()).isEqualTo(5);
        assertThat(deletedInOrder())
                .containsExactly(
                        brief.urn() + " " + NOON.minus(days(2)), // older than promised: low before normal
                        plain.urn() + " " + NOON.minus(days(10)),
                        brief.urn() + " " + NOON.minus(Duration.ofHours(5)), // promised: in the same order
                        plain.urn() + " " + NOON.minus(days(6)),
                        long90.urn() + " " + NOON.minus(days(29)));
    }

    private List<String> deletedInOrder() {
        return doors.audit.entries().stream()
                .filter(entry -> entry.action().equals("camera.hour.deleted"))
                .map(entry -> entry.id() + " " + entry.facts().get("hour"))
                .toList();
    }

    @Test
    void howLongARemovedCameraIsKeptIsKnownUntilItsLastHourIsGone() throws IOException {
        hour(brief, days(2));
        doors.in(() -> {
            doors.cameras.remove(doors.administrator, brief.id());
            return brief;
        });
        Retention retention = retention();
        retention.step();
        assertThat(left(brief)).hasSize(1);

        doors.clock.advance(days(2));
        retention.step();
        assertThat(left(brief)).isEmpty();
        assertThat(doors.transactions.asSystem(() -> doors.transactions
                        .jdbc()
                        .sql("select camera_id from video.keeping")
                        .query(UUID.class)
                        .list()))
                .containsExactly(long90.id().value());
    }

    @Test
    void aHoldThatIsPlacedWhileRetentionDeletesStillHolds() throws IOException {
        hour(plain, days(40));
        hour(brief, days(39));
        Audit whileTheFirstIsDeleted = entry -> {
            if (doors.audit.actions().stream().noneMatch("video-hold.placed"::equals)) {
                CompletableFuture.runAsync(() -> hold(brief, days(39))).join();
            }
            return doors.audit.record(entry);
        };

        Retention.Outcome outcome = retention(whileTheFirstIsDeleted).step();

        assertThat(outcome.deleted()).isEqualTo(1);
        assertThat(left(brief)).containsExactly(days(39));
    }

    private void hold(Camera camera, Duration age) {
        Instant from = NOON.minus(age);
        doors.in(() ->
                doors.holds.place(doors.dispatcher, camera.id(), from, from.plusSeconds(60), "C-1", "The court asked"));
    }

    @Test
    void theForecastCountsWhatEachCameraIsPromised() throws IOException {
        for (int age = 1; age <= 3; age++) {
            hour(plain, Duration.ofHours(age));
        }
        // 1 MB an hour for 7 days is 168 MB: 45 MB of room are enough for 45 hours, and that is told.
        Retention.Outcome risky = retention().step();
        assertThat(risky.full()).contains(Duration.ofHours(45));
        assertThat(risky.atRisk()).isTrue();

        keep(plain, new Keeping.View(1, 30, "normal"));
        assertThat(retention().step().full()).as("a day is 24 MB").isEmpty();
    }

    private void keep(Camera camera, Keeping.View keep) {
        NewCamera patch = new NewCamera(null, null, null, null, null, null, null, null, null, null, null, null, keep);
        doors.in(() -> doors.cameras.change(doors.administrator, camera.id(), patch, Optional.empty()));
    }
}
