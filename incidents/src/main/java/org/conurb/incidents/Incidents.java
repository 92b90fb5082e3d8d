package org.conurb.incidents;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.conurb.hub.Entities;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.CaseStatus;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Incidents: open, change, assign units, release them, close. Each change writes row, mark, entity and audit entry in
 * the caller's transaction.
 */
public final class Incidents implements CaseStatus {
    private static final int LONGEST_TEXT = 10_000;
    private static final String RETENTION = "incidents";
    /** Each with some tens of marks and values: a transaction of a thousand rows or so. */
    private static final int MOST_FORGOTTEN = 20;

    private final IncidentStore store;
    private final Units units;
    private final Timeline timeline;
    private final Entities entities;
    private final Access access;
    private final Audit audit;
    private final City city;
    private final Ids ids;
    private final Clock clock;
    private final Transactions transactions;

    Incidents(
            Transactions transactions,
            Units units,
            Timeline timeline,
            Entities entities,
            Access access,
            Audit audit,
            City city,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new IncidentStore(transactions.jdbc());
        this.units = units;
        this.timeline = timeline;
        this.entities = entities;
        this.access = access;
        this.audit = audit;
        this.city = city;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public boolean isOpen(String caseId) {
        return of(caseId).map(Incident::open).orElse(false);
    }

    @Override
    public Optional<OrganisationId> owner(String caseId) {
        return of(caseId).map(Incident::organisation);
    }

    /** A case is asked about inside transactions of either role, and outside any. */
    private Optional<Incident> of(String caseId) {
        return Ids.parse(Incident.KIND, caseId)
                .flatMap(id -> transactions.active() ? store.find(id) : transactions.asSystem(() -> store.find(id)));
    }

    Incident open(Caller caller, NewIncident wanted) {
        access.demand(caller, Action.CREATE, Incident.KIND, caller.organisation(), "new");
        City.IncidentType type = type(wanted.type());
        Instant now = clock.instant();
        Incident unnumbered = new Incident(
                wanted.id() == null ? ids.next() : chosenId(wanted.id()),
                caller.organisation(),
                0,
                type.code(),
                wanted.priority() == null ? type.priority() : priority(wanted.priority()),
                true,
                place(wanted.place()),
                description(wanted.description()),
                Reporter.read(wanted.caller()),
                now,
                Optional.empty(),
                now,
                1);
        Mark opened = timeline.made(
                caller,
                unnumbered.id(),
                unnumbered.organisation(),
                "opened",
                Map.of("type", unnumbered.type(), "priority", String.valueOf(unnumbered.priority())));
        Incident incident = store.insert(unnumbered, opened)
                .orElseThrow(() -> new Conflict(
                        "incident-exists",
                        "There is an incident %s already.".formatted(unnumbered.urn()),
                        "To repeat a request safely, send the same Idempotency-Key; for a new incident, a new id."));
        entities.add(caller, IncidentEntities.of(incident, List.of()));
        record(caller, "incident.opened", incident, Map.of("type", incident.type(), "number", incident.label()));
        return incident;
    }

    Incident change(Caller caller, UUID id, Optional<Integer> knownVersion, IncidentPatch patch) {
        Incident before = hold(caller, Action.CHANGE, id);
        if (knownVersion.isPresent() && knownVersion.get() != before.version()) {
            throw new Conflict(
                    "incident-changed",
                    "Incident %s is at version %d, not %d."
                            .formatted(before.label(), before.version(), knownVersion.get()),
                    "Read it again and decide anew.");
        }
        boolean open = patch.state() == null ? before.open() : state(patch.state());
        Instant now = clock.instant();
        Incident after = new Incident(
                before.id(),
                before.organisation(),
                before.number(),
                patch.type() == null ? before.type() : type(patch.type()).code(),
                patch.priority() == null ? before.priority() : priority(patch.priority()),
                open,
                patch.place() == null ? before.place() : place(patch.place()),
                patch.description() == null ? before.description() : description(patch.description()),
                patch.caller() == null ? before.reporter() : Reporter.read(patch.caller()),
                before.openedAt(),
                open ? Optional.empty() : Optional.of(before.closedAt().orElse(now)),
                now,
                before.version() + 1);
        Map<String, String> changes = changes(before, after);
        if (changes.isEmpty()) {
            return before;
        }
        List<Unit> assigned = List.of();
        if (before.open() && !after.open()) {
            for (Unit unit : units.assignedTo(Set.of(id))) {
                units.release(caller, unit, after);
            }
        } else {
            assigned = units.assignedTo(Set.of(id));
        }
        String kind = before.open() == after.open() ? "changed" : after.open() ? "reopened" : "closed";
        return save(caller, after, kind, changes, assigned);
    }

    Incident assign(Caller caller, UUID id, UUID unitId) {
        Incident incident = hold(caller, Action.CHANGE, id);
        if (!incident.open()) {
            throw new Conflict(
                    "incident-closed",
                    "Incident %s is closed.".formatted(incident.label()),
                    "Reopen it first: PATCH it with {\"state\":\"open\"}.");
        }
        if (!units.assign(caller, unitId, incident)) {
            return incident;
        }
        return save(caller, incident, "assigned", Map.of(), units.assignedTo(Set.of(id)), unitId);
    }

    Incident release(Caller caller, UUID id, UUID unitId) {
        Incident incident = hold(caller, Action.CHANGE, id);
        Unit unit = units.answering(caller, unitId, incident);
        units.release(caller, unit, incident);
        return save(caller, incident, "released", Map.of(), units.assignedTo(Set.of(id)), unitId);
    }

    /**
     * Takes what a unit says that it does. One that says it is available has left the incident that it answered, as crews
     * clear themselves; whoever may speak for the unit need not have a right on the incident for that.
     */
    Units.Reported report(Caller caller, UUID unitId, StatusReport report) {
        Units.Reported reported = units.report(caller, unitId, report);
        Optional<UUID> left = reported.before().incident();
        if (left.isEmpty() || reported.after().status().state() != City.UnitState.AVAILABLE) {
            return reported;
        }
        Optional<Incident> incident = store.hold(left.get());
        if (incident.isEmpty()) { // the crew's organisation does not see it
            return reported;
        }
        units.release(caller, reported.after(), incident.get());
        save(caller, incident.get(), "released", Map.of(), units.assignedTo(Set.of(left.get())), unitId);
        return new Units.Reported(reported.before(), units.find(caller, unitId), reported.odd());
    }

    void note(Caller caller, UUID id, @Nullable String text) {
        Incident incident = hold(caller, Action.CHANGE, id);
        if (text == null || text.isBlank() || text.length() > LONGEST_TEXT) {
            throw new BadRequest(
                    "note-text", "A note is 1 to %d characters.".formatted(LONGEST_TEXT), "Send {\"text\":\"…\"}.");
        }
        Incident noted = touched(incident);
        update(noted);
        timeline.mark(
                caller, id, incident.organisation(), "note", clock.instant(), Optional.of(text.strip()), Map.of());
        publish(caller, noted, units.assignedTo(Set.of(id))); // so that every open screen reads the timeline again
        record(caller, "incident.noted", noted, Map.of());
    }

    /** @throws NotFound where there is none that the caller may read */
    Incident find(Caller caller, UUID id) {
        Incident incident = store.find(id).orElseThrow(() -> new NotFound("incident", Incident.urn(id)));
        access.demand(caller, Action.READ, Incident.KIND, incident.organisation(), incident.urn());
        return incident;
    }

    List<Incident> list(Caller caller, Collection<String> states, long below, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Incident.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, states, below, limit);
    }

    /** Open ones around a place, newest first; see {@link IncidentStore#near}. */
    List<Incident> near(Caller caller, Epsg4326Point place, int metres, Instant since, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Incident.KIND);
        return owners.isEmpty() ? List.of() : store.near(owners, place, metres, since, limit);
    }

    /** Closed incidents with their timeline, and with what the hub knows of them. */
    Retained retained() {
        return Retained.by(RETENTION, "incidents", this::forget);
    }

    private Retained.Forgotten forget(Instant before) {
        Instant underNoGrant = clock.instant().minus(longestPurpose());
        List<IncidentStore.Over> over =
                store.forget(before.isBefore(underNoGrant) ? before : underNoGrant, MOST_FORGOTTEN);
        over.forEach(incident -> entities.forget(Incident.urn(incident.id())));
        Map<OrganisationId, Integer> owners = new HashMap<>();
        over.forEach(incident -> owners.merge(incident.organisation(), 1, Integer::sum));
        return new Retained.Forgotten(over.size(), owners, over.size() == MOST_FORGOTTEN);
    }

    /** A grant for a case is made while it is open, so a case closed for longer than this stands under none. */
    private Duration longestPurpose() {
        return city.purposes().stream()
                .map(City.Purpose::lasts)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private Incident hold(Caller caller, Action action, UUID id) {
        Incident incident = store.hold(id).orElseThrow(() -> new NotFound("incident", Incident.urn(id)));
        access.demand(caller, action, Incident.KIND, incident.organisation(), incident.urn());
        return incident;
    }

    /** Assigning and releasing change the incident too: its version, its entity and when it was touched. */
    private Incident save(
            Caller caller,
            Incident incident,
            String kind,
            Map<String, String> facts,
            List<Unit> assigned,
            UUID unitId) {
        Map<String, String> named = new TreeMap<>(facts);
        named.put("unit", units.callSign(unitId));
        return save(caller, touched(incident), kind, named, assigned);
    }

    /** The same incident, of the next version. */
    private Incident touched(Incident incident) {
        return new Incident(
                incident.id(),
                incident.organisation(),
                incident.number(),
                incident.type(),
                incident.priority(),
                incident.open(),
                incident.place(),
                incident.description(),
                incident.reporter(),
                incident.openedAt(),
                incident.closedAt(),
                clock.instant(),
                incident.version() + 1);
    }

    private void update(Incident held) {
        if (!store.update(held)) {
            throw new IllegalStateException("Incident %s changed while held".formatted(held.urn()));
        }
    }

    private Incident save(
            Caller caller, Incident incident, String kind, Map<String, String> facts, List<Unit> assigned) {
        update(incident);
        timeline.mark(caller, incident.id(), incident.organisation(), kind, facts);
        publish(caller, incident, assigned);
        record(caller, "incident." + kind, incident, facts);
        return incident;
    }

    private void record(Caller caller, String action, Incident incident, Map<String, String> facts) {
        audit.record(AuditEntry.of(caller, action, Incident.KIND, incident.urn(), incident.organisation())
                .with(facts));
    }

    private void publish(Caller caller, Incident incident, List<Unit> assigned) {
        entities.put(caller, IncidentEntities.of(incident, assigned));
    }

    /** What differs, without what concerns persons. */
    private static Map<String, String> changes(Incident before, Incident after) {
        Map<String, String> changes = new TreeMap<>();
        if (!before.type().equals(after.type())) {
            changes.put("type", after.type());
        }
        if (before.priority() != after.priority()) {
            changes.put("priority", before.priority() + " → " + after.priority());
        }
        List<String> touched = new ArrayList<>();
        if (!before.place().equals(after.place())) {
            touched.add("place");
        }
        if (!before.description().equals(after.description())) {
            touched.add("description");
        }
        if (!before.reporter().equals(after.reporter())) {
            touched.add("caller");
        }
        if (!touched.isEmpty()) {
            changes.put("changed", String.join(", ", touched));
        }
        if (before.open() != after.open()) {
            changes.put("state", after.state());
        }
        return changes;
    }

    private City.IncidentType type(@Nullable String code) {
        return city.incidentType(code == null ? "" : code)
                .orElseThrow(() -> new BadRequest(
                        "incident-type",
                        code == null ? "An incident needs a type." : "There is no incident type %s.".formatted(code),
                        "Use a code that GET /api/city lists under incidentTypes."));
    }

    private static int priority(int level) {
        if (level < 1 || level > 4) {
            throw new BadRequest(
                    "incident-priority", "Priority %d is not 1 to 4.".formatted(level), "1 is the most urgent.");
        }
        return level;
    }

    private static Epsg4326Point place(@Nullable Map<String, Object> geoJson) {
        return Epsg4326Point.fromGeoJson(geoJson == null ? Map.of() : geoJson);
    }

    private static String description(@Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            throw new BadRequest(
                    "incident-description",
                    "The description has %d characters.".formatted(text.length()),
                    "Keep it under %d and add the rest as notes.".formatted(LONGEST_TEXT));
        }
        return text == null ? "" : text.strip();
    }

    private static boolean state(String state) {
        return switch (state) {
            case "open" -> true;
            case "closed" -> false;
            default ->
                throw new BadRequest("incident-state", "There is no state %s.".formatted(state), "Use open or closed.");
        };
    }

    private static UUID chosenId(String id) {
        return Ids.parse(Incident.KIND, id)
                .orElseThrow(() -> new BadRequest(
                        "incident-id",
                        "%s is not an id of an incident.".formatted(id),
                        "Send a UUID, or urn:ngsi-ld:Incident:<UUID>; version 7 sorts by time."));
    }
}
