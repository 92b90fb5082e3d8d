package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What clients change of one entity over NGSI-LD: asked of {@code Access}, done once, and written to the audit log. */
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

    /** For what one caller does in the current transaction. */
    EntityTransaction begin(Caller caller) {
        return new EntityTransaction(caller, entities, model, access);
    }

    Answer create(Caller caller, Change change, ObjectNode document) {
        String id = document.path("id").stringValue();
        return change.commit(() -> {
            try {
                create(begin(caller), document);
            } catch (Drafts.Collided collided) {
                EntityTransaction again = begin(caller);
                again.lock(List.of(id));
                if (!again.hasRow(id)) {
                    throw NgsiLdFault.taken("entity", id);
                }
                create(again, document);
            }
            return Answer.noContent().status(201).with("Location", location(id).toString());
        });
    }

    private void create(EntityTransaction transaction, ObjectNode document) {
        transaction.create(document);
        transaction.write(audit);
    }

    static URI location(String id) {
        return URI.create("/ngsi-ld/v1/entities/"
                + URLEncoder.encode(id, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":"));
    }

    /**
     * Changes an entity that is there.
     *
     * @param ofTypes which it must have
     * @param edit gives the whole document from the kept one, which it leaves as it is
     */
    Answer change(Caller caller, Change change, String id, TypeSelection ofTypes, UnaryOperator<ObjectNode> edit) {
        return change.commit(() -> {
            changed(caller, id, ofTypes, edit);
            return Answer.noContent();
        });
    }

    private void changed(Caller caller, String id, TypeSelection ofTypes, UnaryOperator<ObjectNode> edit) {
        EntityTransaction transaction = begin(caller);
        transaction.lock(List.of(id));
        transaction.change(id, ofTypes, edit);
        transaction.write(audit);
    }

    /** Changes attributes of an entity that is there; the answer tells of those that were refused (clause 5.2.18). */
    Answer attributes(
            Caller caller,
            Change change,
            String id,
            TypeSelection ofTypes,
            Function<ObjectNode, EntityMerge.Result> edit) {
        return change.commit(() -> {
            List<EntityMerge.Result> results = new ArrayList<>();
            changed(caller, id, ofTypes, kept -> {
                EntityMerge.Result result = edit.apply(kept);
                results.add(result);
                return result.document();
            });
            EntityMerge.Result result = results.getFirst();
            if (result.refused().isEmpty()) {
                return Answer.noContent();
            }
            List<Map<String, String>> refused = result.refused().entrySet().stream()
                    .map(one -> Map.of("attributeName", Names.iri(one.getKey()), "reason", one.getValue()))
                    .toList();
            List<String> updated = result.updated().stream().map(Names::iri).toList();
            return Answer.ok(Map.of("updated", updated, "notUpdated", refused)).status(207);
        });
    }

    /** What an edit of one attribute gives, where that attribute is there. */
    static ObjectNode demand(@Nullable ObjectNode edited, String attribute, String id) {
        if (edited == null) {
            throw NgsiLdFault.absent("attribute", attribute + " of " + id);
        }
        return edited;
    }

    Answer delete(Caller caller, Change change, String id, TypeSelection ofTypes) {
        return change.commit(() -> {
            EntityTransaction transaction = begin(caller);
            transaction.lock(List.of(id));
            transaction.delete(id, ofTypes);
            transaction.write(audit);
            return Answer.noContent();
        });
    }
}
