package org.conurb.video;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Still pictures, under a grant as the moving ones: {@code snapshot.jpg} of now, or with {@code ?at=} of then. Moments that
 * have the same key frame give the same bytes again.
 */
@RestController
@RequestMapping("/api/video/cameras/{id}")
class StillController {
    private static final int WIDEST = 1920;

    private final Cameras cameras;
    private final Stills stills;
    private final Views views;
    private final Access access;
    private final Transactions transactions;
    private final Clock clock;

    StillController(
            Cameras cameras, Stills stills, Views views, Access access, Transactions transactions, Clock clock) {
        this.cameras = cameras;
        this.stills = stills;
        this.views = views;
        this.access = access;
        this.transactions = transactions;
        this.clock = clock;
    }

    @GetMapping("/snapshot.jpg")
    ResponseEntity<byte[]> snapshot(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String at,
            @RequestParam(defaultValue = "640") int width,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            Caller caller) {
        CameraId wanted = CameraController.id(id);
        if (width < 0 || width > WIDEST) {
            throw new BadRequest("still-width", "A width is 0 to %d.".formatted(WIDEST), "0 gives the camera's own.");
        }
        Optional<Instant> then = Optional.ofNullable(at).map(text -> PlayController.instant("at", text));
        Camera camera = transactions.as(access.owners(caller), () -> {
            Camera found = cameras.find(caller, wanted);
            Optional<String> forCase = Optional.ofNullable(caseId);
            if (then.isPresent()) {
                Instant moment = then.get();
                views.stills(caller, found, forCase, moment, moment.plusMillis(1));
            } else {
                views.live(caller, found, forCase);
            }
            return found;
        });
        Stills.Taken taken = stills.at(camera, then.orElse(clock.instant()), width)
                .orElseThrow(() -> new NotFound("picture", "of " + camera.name()));
        return ResponseEntity.ok()
                .header("Content-Type", "image/jpeg")
                .header("Cache-Control", "private, no-store")
                .header("Conurb-Taken-At", taken.at().toString())
                .body(taken.still().jpeg());
    }
}
