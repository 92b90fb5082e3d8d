package org.conurb.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Together;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What clients change of one entity over NGSI-LD: asked of {@code Access}, done once, and written to the audit log. What comes
 * at one moment is committed together.
 */
final class EntityDoor {
    private final Entities entities;
    private final Model model;
    private final Access access;
    private final Audit audit;
    private final Together<Wish> together;

    EntityDoor(Entities entities, Model model, Access access, Audit audit) {
        this.entities = entities;
        this.model = model;
        this.access = access;
        this.audit = audit;
        this.together = entities.together(new Wishes());
    }

    /** For what one caller does in the current transaction. */
    EntityTransaction begin(Caller caller) {
        return new EntityTransaction(caller, entities, model, access);
    }

    Answer create(Caller caller, Change change, ObjectNode document) {
        String id = document.path("id").stringValue();
        return change.commit(together, new Wish(caller, id, true, transaction -> {
            transaction.create(document);
            return Answer.noContent().status(201).with("Location", location(id).toString());
        }));
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
        return change.commit(together, new Wish(caller, id, false, transaction -> {
            transaction.change(id, ofTypes, edit);
            return Answer.noContent();
        }));
    }

    /** Changes attributes of an entity that is there; the answer tells of those that were refused (clause 5.2.18). */
    Answer attributes(
            Caller caller,
            Change change,
            String id,
            TypeSelection ofTypes,
            Function<ObjectNode, EntityMerge.Result> edit) {
        return change.commit(together, new Wish(caller, id, false, transaction -> {
            List<EntityMerge.Result> results = new ArrayList<>();
            transaction.change(id, ofTypes, kept -> {
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
        }));
    }

    /** What an edit of one attribute gives, where that attribute is there. */
    static ObjectNode demand(@Nullable ObjectNode edited, String attribute, String id) {
        if (edited == null) {
            throw NgsiLdFault.absent("attribute", attribute + " of " + id);
        }
        return edited;
    }

    Answer delete(Caller caller, Change change, String id, TypeSelection ofTypes) {
        return change.commit(together, new Wish(caller, id, false, transaction -> {
            transaction.delete(id, ofTypes);
            return Answer.noContent();
        }));
    }

    /**
     * A change of one entity.
     *
     * @param creates whether it is new, so that its row is not looked for first
     * @param deed answers, or throws and leaves nothing
     */
    private record Wish(Caller caller, String id, boolean creates, Function<EntityTransaction, Answer> deed) {}

    private final class Wishes implements Together.Work<Wish> {
        @Override
        public Answer alone(Wish wish) {
            if (!wish.creates()) {
                return alone(wish, true);
            }
            try {
                return alone(wish, false);
            } catch (Drafts.Collided collided) {
                return alone(wish, true);
            }
        }

        private Answer alone(Wish wish, boolean looksFirst) {
            EntityTransaction transaction = begin(wish.caller());
            if (looksFirst) {
                transaction.lock(List.of(wish.id()));
                if (wish.creates() && !transaction.hasRow(wish.id())) {
                    throw NgsiLdFault.taken("entity", wish.id());
                }
            }
            Answer answer = wish.deed().apply(transaction);
            transaction.write(audit);
            return answer;
        }

        @Override
        public List<Optional<Supplier<Answer>>> all(List<Wish> wishes) {
            Drafts drafts = entities.drafts();
            List<String> there = wishes.stream()
                    .filter(wish -> !wish.creates())
                    .map(Wish::id)
                    .toList();
            if (!there.isEmpty()) {
                drafts.lockFree(there);
            }
            List<EntityTransaction> transactions = new ArrayList<>();
            List<Optional<Supplier<Answer>>> answers = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            for (Wish wish : wishes) {
                EntityTransaction transaction = new EntityTransaction(wish.caller(), entities, model, access, drafts);
                transactions.add(transaction);
                answers.add(ids.add(wish.id()) ? attempt(wish, transaction) : Optional.empty());
            }
            entities.write(drafts);
            for (int i = 0; i < answers.size(); i++) {
                Optional<UUID> entry = transactions.get(i).tell(audit);
                answers.set(
                        i,
                        answers.get(i)
                                .map(answer -> entry.<Supplier<Answer>>map(
                                                told -> () -> answer.get().audited(told))
                                        .orElse(answer)));
            }
            return answers;
        }

        /** What has no row to be seen here is absent, or somebody else is at work on it: nobody else waits for that. */
        private Optional<Supplier<Answer>> attempt(Wish wish, EntityTransaction transaction) {
            if (!wish.creates() && !transaction.hasRow(wish.id())) {
                return Optional.empty();
            }
            try {
                Answer answer = wish.deed().apply(transaction);
                return Optional.of(() -> answer);
            } catch (ConurbException refused) {
                return Optional.of(() -> {
                    throw refused;
                });
            }
        }
    }
}
