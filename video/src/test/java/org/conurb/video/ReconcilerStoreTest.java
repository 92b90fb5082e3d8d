package org.conurb.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.video.Doors.EIGHT;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.conurb.hub.Attribute;
import org.conurb.video.RecordingListener.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerStoreTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasOpenBeforeTheStartIsClosedOnceItIsNotFoundAnyMore() {
        Doors doors = new Doors(folder);
        Camera camera = doors.camera("Market square");
        Finding silent = finding(Optional.of(camera.id()), "not-recording");
        Finding full = finding(Optional.empty(), "disk-full");
        Finding moved = finding(Optional.of(camera.id()), "moved");
        List.of(silent, full, moved).forEach(doors.findings()::opened);
        Studio studio = new Studio(folder, doors.clock, (host, address, port) -> false);
        Retention retention = new Retention(
                Studio.settings(folder),
                folder,
                () -> new MediaVolume.Space(100_000_000, 50_000_000),
                doors.transactions,
                doors.audit,
                doors.clock);
        Reconciler reconciler = new Reconciler(
                studio.streams, retention, studio.gate, studio.disk.wall(), doors.clock, List.of(doors.findings()));
        studio.streams.want(camera.source());

        reconciler.step();
        assertThat(state(doors, full)).isEqualTo("closed");
        assertThat(state(doors, silent)).as("it has had no time to record yet").isEqualTo("open");
        studio.streams.unwant(camera.id());
        reconciler.step();

        assertThat(state(doors, silent)).isEqualTo("closed");
        assertThat(state(doors, moved)).as("the picture watch's").isEqualTo("open");
        assertThat(doors.open.of(camera.id())).containsExactly(moved);
        studio.streams.close();
    }

    private static Finding finding(Optional<CameraId> camera, String kind) {
        return new Finding(camera, kind, EIGHT, "So it was.", "Look at it.");
    }

    private static String state(Doors doors, Finding finding) {
        Attribute state = doors.in(() -> doors.entities.find(Findings.urn(finding)))
                .flatMap(entity -> entity.attribute("state"))
                .orElseThrow();
        return ((Attribute.Property) state).value().toString();
    }
}
