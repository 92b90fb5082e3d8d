package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients change over NGSI-LD: asked of {@code Access}, done once, and written to the audit log. */
final class EntityDoor {
    private final Entities entities;
    private final Model model;
    private final Access access;
    private final Audit audit;

    EntityDoor(Entities entities, Model model, Access access, Audit audit) {
        this.entities = entities;
        this.model = model;
        this.access = access;
        this.audit = audit;
    }

    Answer create(Caller caller, Change change, ObjectNode document) {
        String id = document.path("id").stringValue();
        List<String> types = Stored.types(document);
        return change.commit(() -> {
            model.demandFree(types);
            types.forEach(
                    type -> access.demand(caller, Action.CREATE, Access.entities(type), caller.organisation(), id));
            entities.writeNew(caller.organisation(), document);
            record(caller, "entity.created", types, id, caller.organisation(), EntityRows.attributes(document));
            return Answer.noContent().status(201).with("Location", location(id).toString());
        });
    }

    static URI location(String id) {
        return URI.create("/ngsi-ld/v1/entities/"
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":"));
    }

    Answer merge(Caller caller, Change change, String id, ObjectNode fragment) {
        return change(caller, change, id, kept -> EntityMerge.merge(kept, fragment));
    }

    /** Attributes that are there already stay as they are where {@code keep}; the answer names them. */
    Answer append(Caller caller, Change change, String id, ObjectNode fragment, boolean keep) {
        return attributes(
                caller,
                change,
                id,
                fragment,
                name -> keep ? "it is there already, and noOverwrite was asked" : "",
                true);
    }

    /** Only attributes that are there already. */
    Answer update(Caller caller, Change change, String id, ObjectNode fragment) {
        return attributes(caller, change, id, fragment, name -> "", false);
    }

    private Answer attributes(
            Caller caller,
            Change change,
            String id,
            ObjectNode fragment,
            Function<String, String> whenThere,
            boolean mayAdd) {
        return change.commit(() -> {
            Stored stored = writable(caller, id, Action.CHANGE);
            ObjectNode kept = stored.seen();
            List<String> taken = new ArrayList<>();
            List<Map<String, String>> refused = new ArrayList<>();
            for (String name : EntityRows.attributes(fragment)) {
                String reason = kept.has(name) ? whenThere.apply(name) : mayAdd ? "" : "there is no such attribute";
                if (reason.isEmpty()) {
                    taken.add(name);
                } else {
                    refused.add(Map.of("attributeName", name, "reason", reason));
                }
            }
            replace(caller, stored, EntityMerge.append(kept, fragment, taken), id);
            if (refused.isEmpty()) {
                return Answer.noContent();
            }
            return Answer.ok(Map.of("updated", taken, "notUpdated", refused)).status(207);
        });
    }

    Answer changeAttribute(
            Caller caller, Change change, String id, String name, Function<ObjectNode, Optional<ObjectNode>> how) {
        return change.commit(() -> {
            Stored stored = writable(caller, id, Action.CHANGE);
            ObjectNode changed =
                    how.apply(stored.seen()).orElseThrow(() -> NgsiLdFault.absent("attribute", name + " of " + id));
            replace(caller, stored, changed, id);
            return Answer.noContent();
        });
    }

    private Answer change(Caller caller, Change change, String id, Function<ObjectNode, ObjectNode> how) {
        return change.commit(() -> {
            Stored stored = writable(caller, id, Action.CHANGE);
            replace(caller, stored, how.apply(stored.seen()), id);
            return Answer.noContent();
        });
    }

    private void replace(Caller caller, Stored stored, ObjectNode changed, String id) {
        List<String> types = Stored.types(changed);
        model.demandFree(types);
        types.forEach(type -> access.demand(caller, Action.CHANGE, Access.entities(type), stored.owner(), id));
        if (entities.replace(stored, stored.owner(), changed)) {
            ObjectNode before = stored.seen();
            List<String> names = EntityRows.attributes(changed).stream()
                    .filter(name -> !same(before.get(name), changed.get(name)))
                    .toList();
            record(caller, "entity.changed", types, id, stored.owner(), names);
        }
    }

    private static boolean same(@org.jspecify.annotations.Nullable JsonNode before, JsonNode after) {
        return before != null && before.equals(after);
    }

    Answer delete(Caller caller, Change change, String id) {
        return change.commit(() -> {
            Stored stored = writable(caller, id, Action.DELETE);
            entities.erase(stored);
            record(caller, "entity.deleted", Stored.types(stored.seen()), id, stored.owner(), List.of());
            return Answer.noContent();
        });
    }

    /** The entity, locked, once it is known that the caller may do this with it. */
    private Stored writable(Caller caller, String id, Action action) {
        Stored stored = entities.locked(id).orElseThrow(() -> NgsiLdFault.absent("entity", id));
        List<String> types = Stored.types(stored.seen());
        if (!new Sight(access, model, caller).reads(types, stored.owner())) {
            throw NgsiLdFault.absent("entity", id);
        }
        model.demandFree(types);
        types.forEach(type -> access.demand(caller, action, Access.entities(type), stored.owner(), id));
        return stored;
    }

    private void record(
            Caller caller,
            String action,
            List<String> types,
            String id,
            org.conurb.kernel.OrganisationId owner,
            Iterable<String> names) {
        String attributes = String.join(" ", names);
        AuditEntry entry = AuditEntry.of(caller, action, types.getFirst(), id, owner);
        audit.record(
                attributes.isEmpty()
                        ? entry
                        : entry.with(Map.of(
                                "attributes",
                                attributes.length() > 500 ? attributes.substring(0, 500) + "…" : attributes)));
    }
}
