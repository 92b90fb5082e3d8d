package org.conurb.incidents;

import java.net.URI;
import java.util.List;
import java.util.Map;
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
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/units}. */
@RestController
@RequestMapping("/api/units")
class UnitController {
    private final Units units;
    private final Incidents incidents;
    private final Access access;
    private final Transactions transactions;

    UnitController(Units units, Incidents incidents, Access access, Transactions transactions) {
        this.units = units;
        this.incidents = incidents;
        this.access = access;
        this.transactions = transactions;
    }

    @PostMapping
    Answer add(@RequestBody NewUnit wanted, Caller caller, Change change) {
        return change.commit(() -> {
            Unit unit = units.add(caller, wanted);
            return Answer.created(URI.create("/api/units/" + unit.urn()), view(caller, unit));
        });
    }

    @GetMapping
    Page<UnitView> list(Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String after) {
        int most = Page.limit(limit);
        String[] from = after == null ? new String[] {"", ""} : after.split(" ", 2);
        if (from.length != 2) {
            throw new BadRequest("after", "after is not one of ours.", "Send next of the page before.");
        }
        return transactions.as(access.owners(caller), () -> {
            List<Unit> found = units.list(caller, from[0], from[1], most + 1);
            List<Unit> shown = found.subList(0, Math.min(most, found.size()));
            boolean positions = seesPositions(caller);
            return new Page<>(
                    shown.stream().map(unit -> UnitView.of(unit, positions)).toList(),
                    found.size() > most
                            ? shown.getLast().organisation() + " "
                                    + shown.getLast().callSign()
                            : null);
        });
    }

    @GetMapping("/{id}")
    UnitView find(@PathVariable String id, Caller caller) {
        UUID unit = id(id);
        return transactions.as(access.owners(caller), () -> view(caller, units.find(caller, unit)));
    }

    @PatchMapping("/{id}")
    Answer change(@PathVariable String id, @RequestBody NewUnit patch, Caller caller, Change change) {
        UUID unit = id(id);
        return change.commit(() -> Answer.ok(view(caller, units.change(caller, unit, patch))));
    }

    @DeleteMapping("/{id}")
    Answer remove(@PathVariable String id, Caller caller, Change change) {
        UUID unit = id(id);
        return change.commit(() -> {
            units.remove(caller, unit);
            return Answer.noContent();
        });
    }

    @PostMapping("/{id}/status")
    Answer report(@PathVariable String id, @RequestBody StatusReport report, Caller caller, Change change) {
        UUID unit = id(id);
        return change.commit(() -> {
            Units.Reported reported = incidents.report(caller, unit, report);
            return Answer.ok(view(caller, reported.after()).odd(reported.odd()));
        });
    }

    @PostMapping("/{id}/position")
    Answer locate(@PathVariable String id, @RequestBody PositionReport report, Caller caller, Change change) {
        UUID unit = id(id);
        return change.commit(() -> {
            units.locate(caller, unit, report);
            return Answer.noContent();
        });
    }

    @PostMapping("/positions")
    Answer locate(@RequestBody List<PositionReport> reports, Caller caller, Change change) {
        return change.commit(() -> Answer.ok(Map.of("taken", units.locate(caller, reports))));
    }

    private UnitView view(Caller caller, Unit unit) {
        return UnitView.of(unit, seesPositions(caller));
    }

    private boolean seesPositions(Caller caller) {
        return access.purpose(caller, Unit.KIND, Optional.empty()).isPresent();
    }

    static UUID id(String text) {
        return Ids.parse(Unit.KIND, text).orElseThrow(() -> new NotFound("unit", text));
    }
}
