package org.conurb.video;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/video/holds}: recordings that are not to be deleted. Those of exports are not shown here. */
@RestController
@RequestMapping("/api/video/holds")
class HoldController {
    private static final UUID NEWEST = new UUID(-1, -1);

    private final Holds holds;
    private final Access access;
    private final Transactions transactions;

    HoldController(Holds holds, Access access, Transactions transactions) {
        this.holds = holds;
        this.access = access;
        this.transactions = transactions;
    }

    record NewHold(
            @Nullable String camera,
            @Nullable String from,
            @Nullable String to,
            @JsonProperty("case") @Nullable String caseId,
            @Nullable String reason) {}

    record HoldView(
            UUID id,
            String organisation,
            String camera,
            Instant from,
            Instant to,
            @JsonProperty("case") String caseId,
            String reason,
            String by,
            Instant at) {
        static HoldView of(Hold hold) {
            return new HoldView(
                    hold.id(),
                    hold.organisation().value(),
                    hold.camera().urn(),
                    hold.from(),
                    hold.to(),
                    hold.caseId(),
                    hold.reason(),
                    hold.subjectName(),
                    hold.placedAt());
        }
    }

    @PostMapping
    Answer place(@RequestBody NewHold wanted, Caller caller, Change change) {
        if (wanted.camera() == null || wanted.from() == null || wanted.to() == null) {
            throw new BadRequest("hold", "A hold names camera, from and to.", "Send all three.");
        }
        CameraId camera = CameraController.id(wanted.camera());
        Instant from = PlayController.instant("from", wanted.from());
        Instant to = PlayController.instant("to", wanted.to());
        return change.commit(() -> {
            Hold hold = holds.place(caller, camera, from, to, wanted.caseId(), wanted.reason());
            return Answer.created(URI.create("/api/video/holds/" + hold.id()), HoldView.of(hold));
        });
    }

    @GetMapping
    Page<HoldView> list(
            Caller caller,
            @RequestParam @Nullable String camera,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable UUID after) {
        int most = Page.limit(limit);
        Optional<CameraId> of = Optional.ofNullable(camera).map(CameraController::id);
        return transactions.as(access.owners(caller), () -> {
            List<Hold> found = holds.list(caller, of, after == null ? NEWEST : after, most + 1);
            List<Hold> shown = found.subList(0, Math.min(most, found.size()));
            return new Page<>(
                    shown.stream().map(HoldView::of).toList(),
                    found.size() > most ? shown.getLast().id().toString() : null);
        });
    }

    @GetMapping("/{id}")
    HoldView find(@PathVariable String id, Caller caller) {
        UUID hold = id(id);
        return transactions.as(access.owners(caller), () -> HoldView.of(holds.find(caller, hold)));
    }

    @DeleteMapping("/{id}")
    Answer lift(@PathVariable String id, Caller caller, Change change) {
        UUID hold = id(id);
        return change.commit(() -> {
            holds.lift(caller, hold);
            return Answer.noContent();
        });
    }

    private static UUID id(String text) {
        return Ids.parse(Hold.KIND, text).orElseThrow(() -> new NotFound("hold", text));
    }
}
