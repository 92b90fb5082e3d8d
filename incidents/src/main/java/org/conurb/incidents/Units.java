package org.conurb.incidents;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/** Units: their status by the city's codes, their position, and which incident they answer. */
final class Units {
    /** A device's clock may be this far ahead before its report is refused. */
    private static final Duration AHEAD = Duration.ofMinutes(2);

    private static final int MOST_POSITIONS = 1_000;

    private final UnitStore store;
    private final AssignmentStore assignments;
    private final Timeline timeline;
    private final Entities entities;
    private final Access access;
    private final Audit audit;
    private final TelemetryAudit telemetry;
    private final City city;
    private final Ids ids;
    private final Clock clock;

    Units(
            Transactions transactions,
            Timeline timeline,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        this.store = new UnitStore(transactions.jdbc());
        this.assignments = new AssignmentStore(transactions.jdbc());
        this.timeline = timeline;
        this.entities = entities;
        this.access = access;
        this.audit = audit;
        this.telemetry = new TelemetryAudit(transactions, audit, clock);
        this.city = city;
        this.ids = ids;
        this.clock = clock;
    }

    Unit add(Caller caller, NewUnit wanted) {
        access.demand(caller, Action.CREATE, Unit.KIND, caller.organisation(), "new");
        Instant now = clock.instant();
        Unit unit = new Unit(
                wanted.id() == null ? ids.next() : chosenId(wanted.id()),
                caller.organisation(),
                callSign(wanted.callSign()),
                kind(wanted.kind()),
                status(UnitState.AVAILABLE, now, Timeline.source(caller)),
                wanted.place() == null
                        ? Optional.empty()
                        : Optional.of(new Unit.Fix(Epsg4326Point.fromGeoJson(wanted.place()), now)),
                Optional.empty(),
                1);
        if (!store.insert(unit)) {
            throw taken(unit);
        }
        publish(caller, unit);
        record(caller, "unit.added", unit, Map.of("callSign", unit.callSign(), "kind", unit.kind()));
        return unit;
    }

    Unit change(Caller caller, UUID id, NewUnit patch) {
        if (patch.id() != null || patch.place() != null) {
            throw new BadRequest(
                    "unit-patch",
                    "A unit's id stays as it is, and its place is reported, not set.",
                    "Leave id and place out. POST /api/units/{id}/position tells where it is.");
        }
        Unit before = hold(caller, Action.CHANGE, id);
        Unit after = new Unit(
                before.id(),
                before.organisation(),
                patch.callSign() == null ? before.callSign() : callSign(patch.callSign()),
                patch.kind() == null ? before.kind() : kind(patch.kind()),
                before.status(),
                before.position(),
                before.incident(),
                before.version() + 1);
        if (!store.callSignFree(after)) {
            throw taken(after);
        }
        save(caller, after);
        record(caller, "unit.changed", after, Map.of("callSign", after.callSign(), "kind", after.kind()));
        return after;
    }

    void remove(Caller caller, UUID id) {
        Unit unit = hold(caller, Action.DELETE, id);
        if (unit.incident().isPresent()) {
            throw new Conflict(
                    "unit-busy",
                    "Unit %s answers an incident.".formatted(unit.callSign()),
                    "Release it first: DELETE /api/incidents/{id}/units/{unit}.");
        }
        store.delete(id);
        entities.delete(caller, unit.urn());
        record(caller, "unit.removed", unit, Map.of("callSign", unit.callSign()));
    }

    /**
     * @param odd what is odd about it, by {@link StatusFlow}'s codes
     */
    record Reported(Unit before, Unit after, List<String> odd) {}

    Reported report(Caller caller, UUID id, StatusReport report) {
        Unit before = hold(caller, Action.CHANGE, id);
        String code = report.code() == null ? "" : report.code();
        City.UnitStatus meaning = city.unitStatus(code)
                .orElseThrow(() -> new BadRequest(
                        "unit-status",
                        "There is no status code %s.".formatted(code),
                        "Use a code that GET /api/city lists under unitStatuses."));
        Instant at = notAhead(report.at());
        List<String> odd = StatusFlow.odd(before, meaning.state(), at);
        Unit after = with(before, new Unit.Status(meaning.code(), meaning.state(), at, Timeline.source(caller)));
        save(caller, after);
        before.incident().ifPresent(incident -> reached(caller, incident, after, odd));
        record(caller, "unit.status", after, Map.of("code", meaning.code()));
        return new Reported(before, after, odd);
    }

    private void reached(Caller caller, UUID incident, Unit unit, List<String> odd) {
        Unit.Status status = unit.status();
        if (status.state() == UnitState.EN_ROUTE) {
            assignments.enRoute(incident, unit.id(), status.since());
        } else if (status.state() == UnitState.ON_SCENE) {
            assignments.onScene(incident, unit.id(), status.since());
        }
        Map<String, String> facts = new HashMap<>();
        facts.put("unit", unit.callSign());
        facts.put("code", status.code());
        facts.put("state", status.state().name());
        if (!odd.isEmpty()) {
            facts.put("odd", String.join(", ", odd));
        }
        timeline.mark(caller, incident, unit.organisation(), "status", status.since(), Optional.empty(), facts);
    }

    /** Takes positions of several units at once; one older than the last known changes nothing. */
    int locate(Caller caller, List<PositionReport> reports) {
        if (reports.size() > MOST_POSITIONS) {
            throw new BadRequest(
                    "too-many-positions",
                    "%d positions came at once.".formatted(reports.size()),
                    "Send at most %d in a request.".formatted(MOST_POSITIONS));
        }
        int taken = 0;
        for (PositionReport report : reports) {
            UUID id = Ids.parse(Unit.KIND, report.unit() == null ? "" : report.unit())
                    .orElseThrow(() -> new NotFound("unit", String.valueOf(report.unit())));
            taken += locate(caller, id, report) ? 1 : 0;
        }
        return taken;
    }

    boolean locate(Caller caller, UUID id, PositionReport report) {
        if (report.unit() != null && !Ids.parse(Unit.KIND, report.unit()).equals(Optional.of(id))) {
            throw new BadRequest(
                    "position-unit",
                    "The report names another unit than the path.",
                    "Leave unit out, or send the same.");
        }
        Unit before = hold(caller, Action.CHANGE, id);
        Unit.Fix fix = new Unit.Fix(
                Epsg4326Point.fromGeoJson(report.place() == null ? Map.of() : report.place()), notAhead(report.at()));
        telemetry.took(caller, before);
        if (before.position().map(last -> last.at().isAfter(fix.at())).orElse(false)) {
            return false;
        }
        save(
                caller,
                new Unit(
                        before.id(),
                        before.organisation(),
                        before.callSign(),
                        before.kind(),
                        before.status(),
                        Optional.of(fix),
                        before.incident(),
                        before.version() + 1));
        return true;
    }

    /** @return false where it answers this incident already */
    boolean assign(Caller caller, UUID id, Incident incident) {
        Unit unit = hold(caller, Action.CHANGE, id);
        if (unit.incident().equals(Optional.of(incident.id()))) {
            return false;
        }
        if (unit.incident().isPresent()) {
            throw new Conflict(
                    "unit-busy",
                    "Unit %s answers another incident.".formatted(unit.callSign()),
                    "Release it there first, or send another unit.");
        }
        if (unit.status().state() == UnitState.OUT_OF_SERVICE) {
            throw new Conflict(
                    "unit-out-of-service",
                    "Unit %s is out of service.".formatted(unit.callSign()),
                    "Set its status to an available one first, or send another unit.");
        }
        Instant now = clock.instant();
        assignments.assigned(incident.id(), unit, now);
        save(
                caller,
                answering(unit, Optional.of(incident.id()), status(UnitState.ASSIGNED, now, Timeline.source(caller))));
        return true;
    }

    /** Frees a unit that answers the incident; it is available again unless it said what it is. */
    void release(Caller caller, Unit unit, Incident incident) {
        Instant now = clock.instant();
        assignments.released(incident.id(), unit.id(), now);
        UnitState told = unit.status().state();
        Unit.Status status = told == UnitState.OUT_OF_SERVICE || told == UnitState.AVAILABLE
                ? unit.status()
                : status(UnitState.AVAILABLE, now, Timeline.source(caller));
        save(caller, answering(unit, Optional.empty(), status));
    }

    /** The unit, which must answer this incident; its row is held. */
    Unit answering(Caller caller, UUID id, Incident incident) {
        Unit unit = hold(caller, Action.CHANGE, id);
        if (!unit.incident().equals(Optional.of(incident.id()))) {
            throw new Conflict(
                    "unit-not-assigned",
                    "Unit %s does not answer %s.".formatted(unit.callSign(), incident.label()),
                    "Read the incident again: it may have been released already.");
        }
        return unit;
    }

    /** @throws NotFound where there is none that the caller may read */
    Unit find(Caller caller, UUID id) {
        Unit unit = store.find(id).orElseThrow(() -> new NotFound("unit", Ids.urn(Unit.KIND, id)));
        access.demand(caller, Action.READ, Unit.KIND, unit.organisation(), unit.urn());
        return unit;
    }

    List<Unit> list(Caller caller, String afterOrganisation, String afterCallSign, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Unit.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, afterOrganisation, afterCallSign, limit);
    }

    List<Unit> assignedTo(Collection<UUID> incidents) {
        return store.assignedTo(incidents);
    }

    List<Assignment> assignments(Collection<UUID> incidents) {
        return assignments.current(incidents);
    }

    /** Every time a unit was sent there. */
    List<Assignment> sentTo(UUID incident) {
        return assignments.ever(incident);
    }

    String callSign(UUID id) {
        return store.find(id).map(Unit::callSign).orElse(id.toString());
    }

    private Unit hold(Caller caller, Action action, UUID id) {
        Unit unit = store.hold(id).orElseThrow(() -> new NotFound("unit", Ids.urn(Unit.KIND, id)));
        access.demand(caller, action, Unit.KIND, unit.organisation(), unit.urn());
        return unit;
    }

    private void save(Caller caller, Unit unit) {
        store.update(unit);
        publish(caller, unit);
    }

    private void publish(Caller caller, Unit unit) {
        entities.put(caller, IncidentEntities.of(unit));
    }

    private void record(Caller caller, String action, Unit unit, Map<String, String> facts) {
        audit.record(AuditEntry.of(caller, action, Unit.KIND, unit.urn(), unit.organisation())
                .with(facts));
    }

    private static Unit with(Unit unit, Unit.Status status) {
        return answering(unit, unit.incident(), status);
    }

    private static Unit answering(Unit unit, Optional<UUID> incident, Unit.Status status) {
        return new Unit(
                unit.id(),
                unit.organisation(),
                unit.callSign(),
                unit.kind(),
                status,
                unit.position(),
                incident,
                unit.version() + 1);
    }

    private Unit.Status status(UnitState state, Instant at, String source) {
        String code = city.unitStatus(state).map(City.UnitStatus::code).orElse(state.name());
        return new Unit.Status(code, state, at, source);
    }

    private Instant notAhead(@Nullable Instant at) {
        Instant now = clock.instant();
        if (at != null && at.isAfter(now.plus(AHEAD))) {
            throw new BadRequest(
                    "time-ahead",
                    "%s lies ahead of this server's clock (%s).".formatted(at, now),
                    "Set the device's clock, or leave the time out.");
        }
        return at == null ? now : at;
    }

    private String kind(@Nullable String code) {
        if (code != null && city.unitKinds().stream().anyMatch(k -> k.code().equals(code))) {
            return code;
        }
        throw new BadRequest(
                "unit-kind",
                code == null ? "A unit needs a kind." : "There is no unit kind %s.".formatted(code),
                "Use a code that GET /api/city lists under unitKinds.");
    }

    private static String callSign(@Nullable String text) {
        if (text == null || text.isBlank() || text.length() > 40) {
            throw new BadRequest("unit-call-sign", "A call sign is 1 to 40 characters.", "Send it as callSign.");
        }
        return text.strip();
    }

    private static Conflict taken(Unit unit) {
        return new Conflict(
                "unit-exists",
                "There is a unit %s of %s, or with the id %s, already."
                        .formatted(unit.callSign(), unit.organisation(), unit.urn()),
                "Choose another call sign; to repeat a request safely, send the same Idempotency-Key.");
    }

    private static UUID chosenId(String id) {
        return Ids.parse(Unit.KIND, id)
                .orElseThrow(() -> new BadRequest(
                        "unit-id",
                        "%s is not an id of a unit.".formatted(id),
                        "Send a UUID, or urn:ngsi-ld:Unit:<UUID>."));
    }

    /** For controllers that show several. */
    static Map<UUID, List<Unit>> byIncident(List<Unit> units) {
        Map<UUID, List<Unit>> grouped = new HashMap<>();
        for (Unit unit : units) {
            unit.incident()
                    .ifPresent(incident -> grouped.computeIfAbsent(incident, i -> new java.util.ArrayList<>())
                            .add(unit));
        }
        return grouped;
    }
}
