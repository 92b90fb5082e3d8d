package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entities within one transaction, as they are kept and as they come to be: read with one statement and written with few,
 * however many they are. Steps of the same entity are written one after the other, each with its change and history.
 * Confined to the transaction.
 *
 * <p>Nobody waits in a circle: rows that exist are locked first, in one order, then new ones are made, in one order.
 * Whoever finds a new one made by somebody else meanwhile holds locks already, and begins again ({@link Collided}).
 */
final class Drafts {
    private final EntityRows rows;
    private final Instant at;
    private final Map<String, Draft> drafts = new HashMap<>();
    private final List<List<EntityStep>> rounds = new ArrayList<>();

    Drafts(EntityRows rows, Instant at) {
        this.rows = rows;
        this.at = at;
    }

    /** Ids that somebody else has, or had first. */
    static final class Collided extends RuntimeException {
        private final Set<String> ids;

        Collided(Set<String> ids) {
            super("Taken meanwhile", null, false, false);
            this.ids = Set.copyOf(ids);
        }

        Set<String> ids() {
            return ids;
        }
    }

    /** One entity on its way; {@code document} is empty while it does not live. */
    private static final class Draft {
        private @Nullable Stored row;
        private @Nullable OrganisationId owner;
        private ObjectNode document = Json.mapper().createObjectNode();
        private int steps;
    }

    /** Moment of all that is written. */
    Instant at() {
        return at;
    }

    /** Locks those of these that have a row; before the first {@link #put}. What has expired ends here. */
    void lock(Collection<String> ids) {
        take(
                ids.size() == 1
                        ? found(ids.iterator().next(), rows.lock(ids.iterator().next(), at))
                        : rows.lock(ids, at),
                true);
    }

    /**
     * As {@link #lock}, but for those that somebody else has locked and those that have expired: they have no row here, and
     * nothing is written of them.
     */
    void lockFree(Collection<String> ids) {
        take(
                ids.size() == 1
                        ? found(
                                ids.iterator().next(),
                                rows.lockFree(ids.iterator().next(), at))
                        : rows.lockFree(ids, at),
                false);
    }

    private static Map<String, Stored> found(String id, Optional<Stored> row) {
        return row.map(stored -> Map.of(id, stored)).orElse(Map.of());
    }

    private void take(Map<String, Stored> found, boolean ends) {
        List<EntityStep> expired = new ArrayList<>();
        found.forEach((id, row) -> {
            ObjectNode document = row.writable();
            boolean over = !row.deleted() && document.isEmpty();
            if (over && !ends) {
                return;
            }
            Draft draft = draft(id);
            draft.row = row;
            draft.owner = row.owner();
            draft.document = document;
            if (over) {
                EntityStep gone = EntityStep.of(id, row, row.owner(), row.whole(), null, at);
                draft.row = row.after(gone);
                expired.add(gone);
            }
        });
        rows.change(expired);
    }

    private Draft draft(String id) {
        return drafts.computeIfAbsent(id, key -> new Draft());
    }

    /** Whether there is a row of it that is seen here, living or not. */
    boolean hasRow(String id) {
        return draft(id).row != null;
    }

    /** As it is by now, not to be changed; empty where it does not live. */
    Optional<ObjectNode> find(String id) {
        return Optional.of(draft(id).document).filter(document -> !document.isEmpty());
    }

    /** Whose a living one is. */
    OrganisationId owner(String id) {
        OrganisationId owner = draft(id).owner;
        if (owner == null) {
            throw new IllegalStateException("There is no " + id);
        }
        return owner;
    }

    /** How often its row was written; 0 where there is none yet. */
    long version(String id) {
        Stored row = draft(id).row;
        return row == null ? 0 : row.version();
    }

    /**
     * Lets it become that.
     *
     * @param next null to delete it
     * @return attributes that differ; empty where nothing does
     */
    Optional<Set<String>> put(String id, OrganisationId owner, @Nullable ObjectNode next) {
        Draft draft = draft(id);
        EntityStep step = EntityStep.of(id, draft.row, owner, draft.document, next, at);
        if (step.isNone()) {
            return Optional.empty();
        }
        while (rounds.size() <= draft.steps) {
            rounds.add(new ArrayList<>());
        }
        rounds.get(draft.steps++).add(step);
        draft.document = next == null ? Json.mapper().createObjectNode() : next;
        draft.owner = owner;
        draft.row = draft.row == null ? null : draft.row.after(step);
        return Optional.of(step.changed());
    }

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    /**
     * Writes all steps.
     *
     * @throws Collided where an id to be made is taken; the transaction must not be committed then, unless it was the
     *     only one
     */
    void write() {
        Map<String, Stored> made = new HashMap<>();
        for (List<EntityStep> round : rounds) {
            List<EntityStep> creations = new ArrayList<>();
            List<EntityStep> changes = new ArrayList<>();
            for (EntityStep step : round) {
                Stored row = made.get(step.id());
                if (row != null) {
                    EntityStep further = step.on(row);
                    made.put(step.id(), row.after(further));
                    changes.add(further);
                } else if (step.row() == null) {
                    creations.add(step);
                } else {
                    changes.add(step);
                }
            }
            if (!creations.isEmpty()) {
                create(creations, made);
            }
            rows.change(changes);
        }
        rounds.clear();
    }

    private void create(List<EntityStep> creations, Map<String, Stored> made) {
        Map<String, Stored> now = rows.create(creations);
        if (now.size() < creations.size()) {
            Set<String> missing = new TreeSet<>();
            creations.forEach(step -> missing.add(step.id()));
            missing.removeAll(now.keySet());
            throw new Collided(missing);
        }
        made.putAll(now);
    }
}
