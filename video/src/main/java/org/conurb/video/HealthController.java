package org.conurb.video;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is not recording now, and why: {@code GET /api/video/health}; the longest first. */
@RestController
class HealthController {
    private static final int MOST = 1_000;

    private final Cameras cameras;
    private final CameraLines lines;
    private final Access access;
    private final Transactions transactions;

    HealthController(Cameras cameras, CameraLines lines, Access access, Transactions transactions) {
        this.cameras = cameras;
        this.lines = lines;
        this.access = access;
        this.transactions = transactions;
    }

    record NotRecording(
            String camera,
            String name,
            String organisation,
            String state,
            String reason,
            Instant since,
            @Nullable Instant lastByteAt) {}

    /**
     * @param wanted cameras that should be recorded
     * @param recording of these
     * @param notRecording the others, at most 1,000
     */
    record HealthView(int wanted, int recording, List<NotRecording> notRecording) {}

    @GetMapping("/api/video/health")
    HealthView health(Caller caller) {
        List<Camera> wanted = transactions.as(access.owners(caller), () -> {
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, Camera.KIND);
            return cameras.of(owners).stream().filter(Camera::recorded).toList();
        });
        List<NotRecording> missing = wanted.stream()
                .filter(camera -> lines.status(camera.id()).state() != CameraStatus.State.RECORDING)
                .map(this::notRecording)
                .sorted(Comparator.comparing(NotRecording::since))
                .toList();
        return new HealthView(
                wanted.size(), wanted.size() - missing.size(), missing.subList(0, Math.min(MOST, missing.size())));
    }

    private NotRecording notRecording(Camera camera) {
        CameraStatus status = lines.status(camera.id());
        return new NotRecording(
                camera.urn(),
                camera.name(),
                camera.organisation().value(),
                CameraEntities.code(status.state()),
                status.reason(),
                status.since(),
                status.lastByteAt().orElse(null));
    }
}
