package org.conurb.incidents;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/incidents}. */
@RestController
@RequestMapping("/api/incidents")
class IncidentController {
    private final Incidents incidents;
    private final Units units;
    private final Timeline timeline;
    private final Duplicates duplicates;
    private final Access access;
    private final Transactions transactions;

    IncidentController(
            Incidents incidents,
            Units units,
            Timeline timeline,
            Duplicates duplicates,
            Access access,
            Transactions transactions) {
        this.incidents = incidents;
        this.units = units;
        this.timeline = timeline;
        this.duplicates = duplicates;
        this.access = access;
        this.transactions = transactions;
    }

    record AssignRequest(@Nullable String unit) {}

    record NoteRequest(@Nullable String text) {}

    record MarkView(
            UUID id,
            java.time.Instant at,
            java.time.Instant recordedAt,
            String source,
            String by,
            String kind,
            @Nullable String text,
            Map<String, String> facts) {}

    record TimelineView(List<MarkView> items) {}

    @PostMapping
    Answer open(@RequestBody NewIncident wanted, Caller caller, Change change) {
        return change.commit(() -> {
            Incident incident = incidents.open(caller, wanted);
            return Answer.created(
                    URI.create("/api/incidents/" + incident.urn()),
                    view(caller, incident, List.of(), Map.of()).duplicates(duplicates.of(caller, incident)));
        });
    }

    @GetMapping
    Page<IncidentView> list(
            Caller caller,
            @RequestParam(defaultValue = "open") String state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String after) {
        List<String> states = switch (state) {
            case "open", "closed" -> List.of(state);
            case "all" -> List.of("open", "closed");
            default ->
                throw new BadRequest(
                        "incident-state", "There is no state %s.".formatted(state), "Use open, closed or all.");
        };
        int most = Page.limit(limit);
        return transactions.as(access.owners(caller), () -> {
            List<Incident> found = incidents.list(caller, states, below(after), most + 1);
            List<Incident> shown = found.subList(0, Math.min(most, found.size()));
            Optional<UUID> grant = access.purpose(caller, Incident.KIND, Optional.empty());
            List<UUID> ids = shown.stream().map(Incident::id).toList();
            Map<UUID, List<Unit>> assigned = Units.byIncident(units.assignedTo(ids));
            Map<UUID, Assignment> assignments = byUnit(units.assignments(ids));
            return new Page<>(
                    shown.stream()
                            .map(incident -> IncidentView.of(
                                    incident,
                                    assigned.getOrDefault(incident.id(), List.of()),
                                    assignments,
                                    incident.open() ? grant : Optional.empty(),
                                    false))
                            .toList(),
                    found.size() > most ? String.valueOf(shown.getLast().number()) : null);
        });
    }

    @GetMapping("/{id}")
    IncidentView find(@PathVariable String id, Caller caller) {
        UUID incident = id(id);
        return transactions.as(
                access.owners(caller),
                () -> view(caller, incidents.find(caller, incident)).sent(units.sentTo(incident)));
    }

    @PatchMapping("/{id}")
    Answer change(
            @PathVariable String id,
            @RequestHeader(value = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody IncidentPatch patch,
            Caller caller,
            Change change) {
        UUID incident = id(id);
        Optional<Integer> version = version(ifMatch);
        return change.commit(() -> Answer.ok(view(caller, incidents.change(caller, incident, version, patch))));
    }

    @GetMapping("/{id}/timeline")
    TimelineView timeline(@PathVariable String id, Caller caller) {
        UUID incident = id(id);
        return transactions.as(access.owners(caller), () -> {
            Incident found = incidents.find(caller, incident);
            boolean words = access.purpose(caller, Incident.KIND, Optional.of(found.urn()))
                    .isPresent();
            return new TimelineView(timeline.of(incident).stream()
                    .map(mark -> new MarkView(
                            mark.id(),
                            mark.at(),
                            mark.recordedAt(),
                            mark.source(),
                            mark.byName(),
                            mark.kind(),
                            words ? mark.text().orElse(null) : null,
                            mark.facts()))
                    .toList());
        });
    }

    @PostMapping("/{id}/units")
    Answer assign(@PathVariable String id, @RequestBody AssignRequest request, Caller caller, Change change) {
        UUID incident = id(id);
        UUID unit = UnitController.id(request.unit() == null ? "" : request.unit());
        return change.commit(() -> Answer.ok(view(caller, incidents.assign(caller, incident, unit))));
    }

    @DeleteMapping("/{id}/units/{unit}")
    Answer release(@PathVariable String id, @PathVariable String unit, Caller caller, Change change) {
        UUID incident = id(id);
        UUID released = UnitController.id(unit);
        return change.commit(() -> Answer.ok(view(caller, incidents.release(caller, incident, released))));
    }

    @PostMapping("/{id}/notes")
    Answer note(@PathVariable String id, @RequestBody NoteRequest request, Caller caller, Change change) {
        UUID incident = id(id);
        return change.commit(() -> {
            Incident found = incidents.find(caller, incident);
            if (access.purpose(caller, Incident.KIND, Optional.of(found.urn())).isEmpty()) {
                throw Denied.withoutPurpose("The text of an incident");
            }
            incidents.note(caller, incident, request.text());
            return Answer.ok(Map.of("incident", found.urn())).status(201);
        });
    }

    private IncidentView view(Caller caller, Incident incident) {
        List<UUID> one = List.of(incident.id());
        return view(caller, incident, units.assignedTo(one), byUnit(units.assignments(one)));
    }

    private IncidentView view(
            Caller caller, Incident incident, List<Unit> assigned, Map<UUID, Assignment> assignments) {
        return IncidentView.of(
                incident,
                assigned,
                assignments,
                access.purpose(caller, Incident.KIND, Optional.of(incident.urn())),
                true);
    }

    private static Map<UUID, Assignment> byUnit(List<Assignment> assignments) {
        return assignments.stream().collect(Collectors.toMap(Assignment::unit, one -> one, (first, again) -> again));
    }

    private static UUID id(String text) {
        return Ids.parse(Incident.KIND, text).orElseThrow(() -> new NotFound("incident", text));
    }

    private static long below(@Nullable String after) {
        try {
            return after == null ? Long.MAX_VALUE : Long.parseLong(after);
        } catch (NumberFormatException e) {
            throw new BadRequest("after", "after is not one of ours.", "Send next of the page before.");
        }
    }

    private static Optional<Integer> version(@Nullable String ifMatch) {
        try {
            return ifMatch == null ? Optional.empty() : Optional.of(Integer.valueOf(ifMatch.replace("\"", "")));
        } catch (NumberFormatException e) {
            throw new BadRequest("if-match", "If-Match is not a version.", "Send the incident's version in quotes.");
        }
    }
}
