package org.conurb.video;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A strip of small pictures for a timeline: one answer instead of a request for each moment, under a grant as the moving
 * pictures. Moments are whole multiples of {@code step} since 1970, so that strips asked for again are made of pictures
 * that are there already.
 */
@RestController
@RequestMapping("/api/video/cameras/{id}")
class ThumbnailController {
    private static final int MOST = 60;
    private static final int NARROWEST = 32;
    private static final int WIDEST = 320;
    private static final Duration LEAST_STEP = Duration.ofSeconds(1);

    private final Cameras cameras;
    private final Stills stills;
    private final Views views;
    private final Access access;
    private final Transactions transactions;

    ThumbnailController(Cameras cameras, Stills stills, Views views, Access access, Transactions transactions) {
        this.cameras = cameras;
        this.stills = stills;
        this.views = views;
        this.access = access;
        this.transactions = transactions;
    }

    /**
     * @param takenAt when the key frame was taken that shows the camera from then on
     * @param jpeg in base 64
     */
    record Thumbnail(Instant takenAt, byte[] jpeg) {}

    /** @param items in order of time; none where nothing is recorded */
    record Strip(Instant from, Instant to, long stepSeconds, List<Thumbnail> items) {}

    /** @param step in seconds */
    @GetMapping("/thumbnails")
    ResponseEntity<Strip> strip(
            @PathVariable String id,
            @RequestParam String from,
            @RequestParam String to,
            @RequestParam(defaultValue = "10") long step,
            @RequestParam(defaultValue = "160") int width,
            @RequestParam(value = "case", required = false) @Nullable String caseId,
            Caller caller) {
        CameraId wanted = CameraController.id(id);
        Span span = Span.of(PlayController.instant("from", from), PlayController.instant("to", to), step);
        if (width < NARROWEST || width > WIDEST) {
            throw new BadRequest(
                    "still-width",
                    "A thumbnail is %d to %d wide.".formatted(NARROWEST, WIDEST),
                    "Larger ones are at snapshot.jpg?at=.");
        }
        Camera camera = transactions.as(access.owners(caller), () -> {
            Camera found = cameras.find(caller, wanted);
            views.stills(caller, found, Optional.ofNullable(caseId), span.from(), span.to());
            return found;
        });
        List<Thumbnail> items = stills.strip(camera, span.from(), span.to(), span.step(), width).stream()
                .map(taken -> new Thumbnail(taken.at(), taken.still().jpeg()))
                .toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Strip(span.from(), span.to(), span.step().toSeconds(), items));
    }

    /** In whole steps. */
    private record Span(Instant from, Instant to, Duration step) {
        static Span of(Instant from, Instant to, long seconds) {
            Duration step = Duration.ofSeconds(Math.clamp(seconds, 0, 86_400));
            if (step.compareTo(LEAST_STEP) < 0
                    || !from.isBefore(to)
                    || Duration.between(from, to).compareTo(Recordings.LONGEST_SPAN) > 0
                    || Duration.between(from, to).dividedBy(step) > MOST) {
                throw new BadRequest(
                        "thumbnails",
                        "The span is empty, longer than %d hours, or has more than %d steps."
                                .formatted(Recordings.LONGEST_SPAN.toHours(), MOST),
                        "Ask for a shorter one, from before to, or a longer step, in seconds.");
            }
            long first = Math.floorDiv(from.truncatedTo(ChronoUnit.SECONDS).getEpochSecond(), step.toSeconds());
            return new Span(Instant.ofEpochSecond(first * step.toSeconds()), to, step);
        }
    }
}
