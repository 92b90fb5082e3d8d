package org.conurb.hub;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import tools.jackson.databind.node.ObjectNode;

/** What one caller sees in one request; asks for each purpose once. Used inside a transaction, by one thread. */
final class Sight {
    private final Access access;
    private final Model model;
    private final Caller caller;
    private final Instant now;
    private final Map<String, Boolean> purposes = new HashMap<>();

    /** @param now what has expired by then is not seen */
    Sight(Access access, Model model, Caller caller, Instant now) {
        this.access = access;
        this.model = model;
        this.caller = caller;
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /** Whether the caller may read such an entity: every one of its types must allow it. */
    boolean reads(List<String> types, OrganisationId owner) {
        for (String type : types) {
            if (!access.decide(caller, Action.READ, Access.entities(type), owner)) {
                return false;
            }
        }
        return true;
    }

    /** Owners whose entities of any of these types may be read; of no types, all that may be known. */
    Set<OrganisationId> owners(List<String> types) {
        if (types.isEmpty()) {
            return access.owners(caller);
        }
        if (types.size() == 1) {
            return access.predicate(caller, Action.READ, Access.entities(types.getFirst()));
        }
        Set<OrganisationId> all = new HashSet<>();
        types.forEach(type -> all.addAll(access.predicate(caller, Action.READ, Access.entities(type))));
        return all;
    }

    /** Attributes of that entity that no purpose shows to the caller. */
    Set<String> hidden(List<String> types, String id) {
        return model.hidden(types, type -> {
            Optional<String> ofCase = type.caseOf(id);
            return purposes.computeIfAbsent(
                    type.name() + ' ' + ofCase.orElse(""),
                    key -> access.purpose(caller, type.name(), ofCase).isPresent());
        });
    }

    /**
     * An entity that may be read, without what is hidden.
     *
     * @param document of the row, for nobody else
     */
    Found show(Stored row, ObjectNode document) {
        Set<String> hidden = hidden(Stored.types(document), document.path("id").stringValue());
        if (!hidden.isEmpty()) {
            document.remove(hidden);
        }
        return new Found(row, document, hidden);
    }

    /** Whether entities of some type do not show such an attribute to everybody. */
    boolean mayHide(String attribute) {
        return model.concernsPersons(attribute);
    }

    Set<String> personal(List<String> types) {
        return model.personal(types);
    }
}
