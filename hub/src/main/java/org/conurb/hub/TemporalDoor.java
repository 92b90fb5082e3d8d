package org.conurb.hub;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.conurb.hub.EvolutionRows.Locked;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;

/**
 * What clients do to histories over NGSI-LD (GS CIM 009 clauses 5.6.11 to 5.6.16): asked of {@code Access}, done once, and
 * written to the audit log. A history is a thing beside the entity: what is done to it leaves the entity as it is.
 */
final class TemporalDoor {
    private static final String INSTANCE = "urn:ngsi-ld:Instance:";

    private final EvolutionRows rows;
    private final Histories histories;
    private final Model model;
    private final Access access;
    private final Audit audit;
    private final Clock clock;

    TemporalDoor(Transactions transactions, Model model, Access access, Audit audit, Clock clock) {
        this.rows = new EvolutionRows(transactions);
        this.histories = new Histories(transactions, 1);
        this.model = model;
        this.access = access;
        this.audit = audit;
        this.clock = clock;
    }

    /** Creates the history of that id, or adds to it. */
    Answer put(Caller caller, Change change, String id, EvolutionReader.Fragment fragment) {
        return change.commit(() -> {
            Optional<Locked> there = rows.lock(id);
            if (there.isEmpty()) {
                if (create(caller, id, fragment)) {
                    return created(id);
                }
                there = rows.lock(id); // made at this very moment, or by somebody behind the wall
            }
            Locked known = there.filter(locked -> readable(caller, locked.evolution()))
                    .orElseThrow(() -> NgsiLdFault.taken("entity", id));
            boolean fresh = !known(known.evolution());
            add(caller, known, fragment, fresh ? Action.CREATE : Action.CHANGE);
            return fresh ? created(id) : Answer.noContent();
        });
    }

    private boolean create(Caller caller, String id, EvolutionReader.Fragment fragment) {
        List<String> types = fragment.types();
        if (types.isEmpty()) {
            throw NgsiLdFault.badData("The entity has no type.", "Send type as a name, or a list of names.");
        }
        model.demandFree(types);
        OrganisationId owner = caller.organisation();
        types.forEach(type -> access.demand(caller, Action.CREATE, Access.entities(type), owner, id));
        boolean created = rows.create(owner, id, types, fragment.rows(), now());
        if (created) {
            record(caller, "history.created", types, id, owner, fragment.names());
        }
        return created;
    }

    private static Answer created(String id) {
        return Answer.noContent().status(201).with("Location", location(id).toString());
    }

    private static URI location(String id) {
        return URI.create(EntityDoor.location(id).toString().replace("/v1/entities/", "/v1/temporal/entities/"));
    }

    Answer add(Caller caller, Change change, String id, EvolutionReader.Fragment fragment) {
        return change.commit(() -> {
            add(caller, changeable(caller, id, Action.CHANGE), fragment, Action.CHANGE);
            return Answer.noContent();
        });
    }

    private void add(Caller caller, Locked there, EvolutionReader.Fragment fragment, Action action) {
        Evolution evolution = there.evolution();
        List<String> more = fragment.types().stream()
                .filter(type -> !evolution.types().contains(type))
                .toList();
        demand(caller, action, evolution.types(), evolution);
        demand(caller, action, more, evolution);
        rows.add(there, more, fragment.rows(), now());
        record(
                caller,
                action == Action.CREATE ? "history.created" : "history.added",
                evolution.types().isEmpty() ? more : evolution.types(),
                evolution.id(),
                evolution.owner(),
                fragment.names());
    }

    Answer replace(Caller caller, Change change, String id, String name, String instanceId, HistoryRows instance) {
        return on(
                caller,
                change,
                id,
                name,
                Action.CHANGE,
                "history.mended",
                "instance " + instanceId,
                evolution -> rows.replace(evolution.iid(), number(instanceId), instance, now()));
    }

    Answer delete(Caller caller, Change change, String id, String name, String instanceId) {
        return on(
                caller,
                change,
                id,
                name,
                Action.CHANGE,
                "history.taken",
                "instance " + instanceId,
                evolution -> rows.delete(evolution.iid(), name, number(instanceId)));
    }

    Answer delete(Caller caller, Change change, String id, String name, String dataset, boolean everyDataset) {
        return on(
                caller,
                change,
                id,
                name,
                Action.CHANGE,
                "history.taken",
                "attribute",
                evolution -> rows.delete(evolution.iid(), name, dataset, everyDataset));
    }

    Answer delete(Caller caller, Change change, String id) {
        return on(
                caller,
                change,
                id,
                "",
                Action.DELETE,
                "history.deleted",
                "history",
                evolution -> rows.delete(evolution.iid()));
    }

    /** @param name of the attribute; empty for the whole history */
    private Answer on(
            Caller caller,
            Change change,
            String id,
            String name,
            Action action,
            String event,
            String what,
            Predicate<Evolution> work) {
        return change.commit(() -> {
            Evolution evolution = changeable(caller, id, action).evolution();
            if (!work.test(evolution)) {
                throw NgsiLdFault.absent(what, name.isEmpty() ? "of " + id : "of %s of %s".formatted(name, id));
            }
            record(caller, event, evolution.types(), id, evolution.owner(), name.isEmpty() ? List.of() : List.of(name));
            return Answer.noContent();
        });
    }

    /** The history, locked, once it is known that the caller may do this with it. */
    private Locked changeable(Caller caller, String id, Action action) {
        Locked there = rows.lock(id)
                .filter(locked -> readable(caller, locked.evolution()) && known(locked.evolution()))
                .orElseThrow(() -> NgsiLdFault.absent("entity", id));
        demand(caller, action, there.evolution().types(), there.evolution());
        return there;
    }

    private void demand(Caller caller, Action action, List<String> types, Evolution evolution) {
        model.demandFree(types);
        types.forEach(type -> access.demand(caller, action, Access.entities(type), evolution.owner(), evolution.id()));
    }

    private boolean readable(Caller caller, Evolution evolution) {
        return new Sight(access, model, caller, now()).reads(evolution.types(), evolution.owner());
    }

    /** An entity that lives has a history, if only of what is to come. */
    private boolean known(Evolution evolution) {
        return evolution.living() || histories.has(evolution.iid());
    }

    /** 0, which none has, for what is no number of ours. */
    private static long number(String instanceId) {
        return instanceId.matches(INSTANCE + "[1-9]\\d{0,17}")
                ? Long.parseLong(instanceId.substring(INSTANCE.length()))
                : 0;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void record(
            Caller caller, String event, List<String> types, String id, OrganisationId owner, Iterable<String> names) {
        String attributes = String.join(" ", names);
        audit.record(AuditEntry.of(caller, event, types.getFirst(), id, owner)
                .with(
                        attributes.isEmpty()
                                ? Map.of()
                                : Map.of(
                                        "attributes",
                                        attributes.length() > 500 ? attributes.substring(0, 500) + "…" : attributes)));
    }
}
