package org.conurb.hub;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entity's way to its next state, within a transaction that holds its row.
 *
 * @param row null where there is none yet
 * @param owner whose it is afterwards
 * @param before its document, with {@code expiresAt} where it has one; empty where it did not live
 * @param next the same afterwards; null for a deletion
 * @param changed attributes that differ
 * @param at when
 */
record EntityStep(
        String id,
        @Nullable Stored row,
        OrganisationId owner,
        ObjectNode before,
        @Nullable ObjectNode next,
        Set<String> changed,
        Instant at) {

    static EntityStep of(
            String id,
            @Nullable Stored row,
            OrganisationId owner,
            ObjectNode before,
            @Nullable ObjectNode next,
            Instant at) {
        return new EntityStep(id, row, owner, before, next, differing(before, next), at);
    }

    /** The same step of an entity whose row has been made since. */
    EntityStep on(Stored made) {
        return new EntityStep(id, made, owner, before, next, changed, at);
    }

    private static Set<String> differing(ObjectNode before, @Nullable ObjectNode next) {
        Set<String> names = new LinkedHashSet<>();
        if (next != null) {
            for (String name : attributes(next)) {
                if (!Documents.same(before.get(name), next.get(name))) {
                    names.add(name);
                }
            }
        }
        for (String name : attributes(before)) {
            if (next == null || !next.has(name)) {
                names.add(name);
            }
        }
        return names;
    }

    static Collection<String> attributes(ObjectNode document) {
        Collection<String> names = new LinkedHashSet<>();
        document.propertyNames().forEach(name -> {
            if (Stored.isAttribute(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether nothing is to be written. */
    boolean isNone() {
        return row != null
                && next != null
                && !before.isEmpty()
                && changed.isEmpty()
                && same("type")
                && same("scope")
                && same("expiresAt")
                && owner.equals(row.owner());
    }

    private boolean same(String member) {
        return next != null && Documents.same(before.get(member), next.get(member));
    }

    EntityChange.Kind what() {
        if (next == null) {
            return EntityChange.Kind.DELETED;
        }
        return before.isEmpty() ? EntityChange.Kind.CREATED : EntityChange.Kind.UPDATED;
    }

    /** Whether all its rows are to be looked at, not only those of what changed. */
    boolean moved() {
        return row != null && (what() != EntityChange.Kind.UPDATED || !same("type") || !owner.equals(row.owner()));
    }

    /** Types afterwards, or for a deletion those it had. */
    List<String> types() {
        return Stored.types(next == null ? before : next);
    }

    /** Attributes whose rows are written anew, and {@code scope} where its rows are. */
    Collection<String> rewritten() {
        Collection<String> all = new LinkedHashSet<>(changed);
        if (moved() && next != null) {
            all.addAll(attributes(next));
        }
        if (moved() || !same(HistoryRows.SCOPE)) {
            all.add(HistoryRows.SCOPE);
        }
        return all;
    }

    /** What is then known of the times of its attributes. */
    String times() {
        return row == null || what() != EntityChange.Kind.UPDATED || next == null
                ? ""
                : row.attributeTimes().after(before, next, changed, at);
    }

    @Nullable
    JsonNode member(String name) {
        return next == null ? null : next.get(name);
    }
}
