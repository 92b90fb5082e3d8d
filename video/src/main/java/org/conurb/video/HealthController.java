package org.conurb.video;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What is not recording now, and why, and what is wrong with pictures: {@code GET /api/video/health}; the longest first.
 * How much of what was wanted was recorded: {@code GET /api/video/uptime}.
 */
@RestController
class HealthController {
    private static final int MOST = 1_000;

    private final Cameras cameras;
    private final CameraLines lines;
    private final OpenFindings findings;
    private final Uptime uptime;
    private final Access access;
    private final Transactions transactions;

    HealthController(
            Cameras cameras,
            CameraLines lines,
            OpenFindings findings,
            Uptime uptime,
            Access access,
            Transactions transactions) {
        this.cameras = cameras;
        this.lines = lines;
        this.findings = findings;
        this.uptime = uptime;
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
     * @param pictures those that are black, frozen, or not of the usual view; at most 1,000
     */
    record HealthView(int wanted, int recording, List<NotRecording> notRecording, List<BadPicture> pictures) {}

    /** @param kind {@code black frozen moved} */
    record BadPicture(
            String camera,
            String name,
            String organisation,
            String kind,
            Instant since,
            String detail,
            String remedy) {}

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
        List<BadPicture> pictures = wanted.stream()
                .flatMap(this::badPictures)
                .sorted(Comparator.comparing(BadPicture::since))
                .limit(MOST)
                .toList();
        return new HealthView(
                wanted.size(),
                wanted.size() - missing.size(),
                missing.subList(0, Math.min(MOST, missing.size())),
                pictures);
    }

    /** @param from the day before now where it is not said; both are cut to whole hours, but for now itself */
    @GetMapping("/api/video/uptime")
    Uptime.View uptime(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            Caller caller) {
        return uptime.view(
                access.owners(caller),
                () -> access.predicate(caller, Action.READ, Camera.KIND),
                Optional.ofNullable(from).map(text -> PlayController.instant("from", text)),
                Optional.ofNullable(to).map(text -> PlayController.instant("to", text)));
    }

    private Stream<BadPicture> badPictures(Camera camera) {
        return Arrays.stream(PictureMemory.Fault.values())
                .flatMap(fault -> findings.find(camera.id(), fault.kind()).stream())
                .map(finding -> new BadPicture(
                        camera.urn(),
                        camera.name(),
                        camera.organisation().value(),
                        finding.kind(),
                        finding.since(),
                        finding.detail(),
                        finding.remedy()));
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
