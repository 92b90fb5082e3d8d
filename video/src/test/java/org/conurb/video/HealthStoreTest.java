package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.video.Doors.EIGHT;
import static org.conurb.video.Doors.POLICE;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.BadRequest;
import org.conurb.video.PictureMemory.Fault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthStoreTest {
    @TempDir
    private Path folder;

    private final Random random = new Random(5);
    private float[] shown = PictureMemoryTest.scene(7, 0);
    private boolean busy;

    @AutoClose
    private Doors doors;

    private Camera camera;
    private PictureWatch watch;

    @BeforeEach
    void open() {
        doors = new Doors(folder);
        camera = doors.camera("Market square");
        watch = watch(doors.open);
    }

    @Test
    void aPushedCameraIsAFindingThatOpensAndClosesAndShowsInEveryView() {
        rounds(10);
        assertThat(doors.health().health(doors.dispatcher).pictures()).isEmpty();

        shown = PictureMemoryTest.scene(8, 0);
        rounds(1);
        assertThat(found()).isEmpty();
        rounds(1);

        assertThat(found()).containsExactly("moved");
        assertThat(state("moved")).contains("open");
        assertThat(doors.health().health(doors.dispatcher).pictures())
                .singleElement()
                .satisfies(bad -> {
                    assertThat(bad.kind()).isEqualTo("moved");
                    assertThat(bad.name()).isEqualTo("Market square");
                    assertThat(bad.remedy()).startsWith("Turn it back.");
                });
        shown = PictureMemoryTest.scene(7, 0);
        rounds(2);
        assertThat(found()).isEmpty();
        assertThat(state("moved")).contains("closed");
        assertThat(doors.health().health(doors.dispatcher).pictures()).isEmpty();
    }

    @Test
    void afterARestartWhatHasClearedIsClosedAndWhatHasNotStaysSinceThen() {
        rounds(PictureMemory.SLOWEST);
        shown = PictureMemoryTest.scene(8, 0);
        rounds(2);
        Instant since = doors.open.find(camera.id(), "moved").orElseThrow().since();

        restart();
        rounds(4);
        assertThat(doors.open.find(camera.id(), "moved").orElseThrow().since()).isEqualTo(since);

        restart();
        shown = PictureMemoryTest.scene(7, 0);
        rounds(2);
        assertThat(state("moved")).contains("closed");
        assertThat(found()).isEmpty();
    }

    @Test
    void aNewViewThatIsMeantIsLearnedOnceTheCameraIsSavedAgain() {
        rounds(10);
        shown = PictureMemoryTest.scene(8, 0);
        rounds(20);
        assertThat(found()).containsExactly("moved");

        save(new NewCamera(null, null, null, null, null, null, null, null, null, null, null, 180.0, null));
        rounds(5);

        assertThat(found()).isEmpty();
        assertThat(state("moved")).contains("closed");
    }

    @Test
    void whatIsNoLongerRecordedOrIsRemovedHasNoFindings() {
        rounds(10);
        shown = PictureMemoryTest.scene(8, 0);
        rounds(2);
        save(new NewCamera(null, null, null, null, null, null, null, null, null, null, false, null, null));
        rounds(1);
        assertThat(state("moved")).contains("closed");

        save(new NewCamera(null, null, null, null, null, null, null, null, null, null, true, null, null));
        shown = new float[BrightnessGrid.FIELDS];
        rounds(3);
        assertThat(state("black")).contains("open");
        doors.in(() -> {
            doors.cameras.remove(doors.administrator, camera.id());
            return camera;
        });
        assertThat(doors.open.of(camera.id())).isEmpty();
        assertThat(state("black")).isEmpty();
        rounds(2);
        assertThat(state("black")).isEmpty();
    }

    @Test
    void whoIsServedAStillIsNotDisturbed() {
        rounds(10);
        busy = true;
        shown = new float[BrightnessGrid.FIELDS];
        rounds(5);
        assertThat(found()).isEmpty();
        busy = false;
        rounds(2);
        assertThat(found()).containsExactly("black");
    }

    @Test
    void uptimeIsAddedUpByDistrictFromRowsAndFromTheHourThatRuns() throws IOException {
        added(camera, EIGHT.minus(Duration.ofDays(1)));
        Camera outside = doors.in(() -> {
            NewCamera wanted = new NewCamera(
                    null,
                    "Far away",
                    "rtsp://10.20.1.8/a",
                    null,
                    null,
                    null,
                    null,
                    java.util.Map.of("type", "Point", "coordinates", List.of(7.5, 43.7311)),
                    null,
                    null,
                    null,
                    null,
                    null);
            return doors.cameras.add(
                    doors.administrator, wanted, doors.cameras.checked(wanted).orElseThrow());
        });
        added(outside, EIGHT.minusSeconds(3600));
        hour(camera, EIGHT.minusSeconds(7200), 3_600_000);
        hour(camera, EIGHT.minusSeconds(3600), 1_800_000);
        doors.record(camera, EIGHT, 300); // 600 s of the hour that runs, and it is half past

        Uptime.View view = doors.health().uptime(EIGHT.minusSeconds(7200).toString(), null, doors.dispatcher);

        assertThat(view.from()).isEqualTo(EIGHT.minusSeconds(7200));
        assertThat(view.districts())
                .containsExactly(
                        new Uptime.Part(null, "police", 1, 5390, 0, 0.0),
                        new Uptime.Part("old-town", "police", 1, 8990, 6000, 0.6674));
        assertThat(view.wantedSeconds()).isEqualTo(14_380);
        assertThat(view.share()).isEqualTo(0.4172);
        Uptime.View past =
                doors.health().uptime(EIGHT.minusSeconds(7200).toString(), EIGHT.toString(), doors.dispatcher);
        assertThat(past.coveredSeconds()).isEqualTo(5400);
        assertThatThrownBy(() ->
                        doors.health().uptime(EIGHT.minus(Duration.ofDays(40)).toString(), null, doors.dispatcher))
                .isInstanceOf(BadRequest.class);
    }

    @Test
    void uptimeReadsOnlyTheHoursItIsAskedFor() {
        String plan = String.join("\n", doors.transactions.as(List.of(POLICE), () -> {
            doors.transactions.jdbc().sql("set local enable_seqscan = off").update();
            return doors.transactions
                    .jdbc()
                    .sql("explain " + Uptime.SQL)
                    .param("owners", List.of("police"))
                    .param("from", EIGHT.minusSeconds(7200).atOffset(java.time.ZoneOffset.UTC))
                    .param("to", EIGHT.atOffset(java.time.ZoneOffset.UTC))
                    .query(String.class)
                    .list();
        }));
        assertThat(plan).contains("recording_hour_pkey").doesNotContain("Seq Scan");
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            doors.clock.advance(Duration.ofSeconds(30));
            watch.step();
        }
    }

    private void restart() {
        for (Fault fault : Fault.values()) {
            doors.open.remove(camera.id(), fault.kind());
        }
        watch = watch(doors.open);
    }

    private PictureWatch watch(OpenFindings open) {
        PictureWatch.Pictures pictures = (of, at) -> busy
                ? Optional.empty()
                : Optional.of(new PictureWatch.Picture(PictureMemoryTest.grid(shown, random), at));
        return new PictureWatch(
                doors.cameras,
                doors.lines,
                pictures,
                new UsualViews(doors.transactions),
                open,
                doors.findings(),
                doors.clock);
    }

    private void save(NewCamera patch) {
        doors.in(() -> doors.cameras.change(doors.administrator, camera.id(), patch, Optional.empty()));
    }

    private List<String> found() {
        CameraView view = doors.controller.find(camera.urn(), doors.dispatcher);
        return view.findings().stream().map(CameraView.FindingView::kind).toList();
    }

    private Optional<String> state(String kind) {
        Optional<Entity> entity = doors.in(() -> doors.entities.find(Findings.urn(Optional.of(camera.id()), kind)));
        return entity.flatMap(found -> found.attribute("state"))
                .map(state -> ((Attribute.Property) state).value().toString());
    }

    private void added(Camera of, Instant at) {
        doors.in(() -> doors.transactions
                .jdbc()
                .sql("update video.camera set at = :at where id = :id")
                .param("at", at.atOffset(java.time.ZoneOffset.UTC))
                .param("id", of.id().value())
                .update());
    }

    private void hour(Camera of, Instant start, int coveredMillis) {
        RecordedHour hour =
                new RecordedHour(of.id(), of.organisation(), start, 1, 1, coveredMillis, 0, List.of(), new byte[32]);
        doors.transactions.asSystem(
                () -> new RecordingHours(doors.transactions.jdbc()).put(hour, doors.clock.instant()));
    }
}
