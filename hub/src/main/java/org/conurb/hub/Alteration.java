package org.conurb.hub;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One change of an entity, looked at instance by instance: what notifies of it, and how it is told (GS CIM 009 clause
 * 5.8.6). What is hidden is as if it had never been. Confined to one thread.
 */
final class Alteration {
    private final ChangeRow change;
    private final ObjectNode document;
    private final Map<String, List<Part>> parts = new LinkedHashMap<>();

    /** What happened to one instance of an attribute; of was and is at least one is there. */
    private record Part(
            String dataset,
            @Nullable ObjectNode was,
            @Nullable ObjectNode is) {
        Trigger trigger() {
            return was == null
                    ? Trigger.ATTRIBUTE_CREATED
                    : is == null ? Trigger.ATTRIBUTE_DELETED : Trigger.ATTRIBUTE_UPDATED;
        }
    }

    Alteration(ChangeRow change, Set<String> hidden) {
        this.change = change;
        ObjectNode was = change.was();
        was.remove(hidden);
        ObjectNode is = change.document().orElseGet(Documents::none);
        is.remove(hidden);
        this.document = change.kind() == EntityChange.Kind.DELETED ? was : is;
        for (String name : change.names()) {
            if (!hidden.contains(name)) {
                List<Part> happened = parts(was.get(name), is.get(name));
                if (!happened.isEmpty()) {
                    parts.put(name, happened);
                }
            }
        }
    }

    private static List<Part> parts(@Nullable JsonNode was, @Nullable JsonNode is) {
        Map<String, ObjectNode> before = instances(was);
        List<Part> parts = new ArrayList<>();
        instances(is).forEach((dataset, instance) -> {
            ObjectNode old = before.remove(dataset);
            if (!instance.equals(old)) {
                parts.add(new Part(dataset, old, instance));
            }
        });
        before.forEach((dataset, old) -> parts.add(new Part(dataset, old, null)));
        return parts;
    }

    private static Map<String, ObjectNode> instances(@Nullable JsonNode attribute) {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        if (attribute != null) {
            for (JsonNode one : attribute.isArray() ? attribute : List.of(attribute)) {
                all.put(EntityReader.dataset(one), (ObjectNode) one);
            }
        }
        return all;
    }

    /** The entity as it is, or was before it was deleted; not to be changed. */
    ObjectNode document() {
        return document;
    }

    /** @param watched names, one of which must be concerned; empty for any */
    boolean fires(Set<Trigger> triggers, Set<String> watched) {
        return switch (change.kind()) {
            case CREATED -> triggers.contains(Trigger.ENTITY_CREATED) && has(watched) || happened(triggers, watched);
            case UPDATED ->
                triggers.contains(Trigger.ENTITY_UPDATED)
                                && (happened(EnumSet.allOf(Trigger.class), watched)
                                        || parts.isEmpty() && watched.isEmpty())
                        || happened(triggers, watched);
            case DELETED -> triggers.contains(Trigger.ENTITY_DELETED) && has(watched) || happened(triggers, watched);
        };
    }

    private boolean has(Set<String> watched) {
        return watched.isEmpty() || watched.stream().anyMatch(document::has);
    }

    private boolean happened(Set<Trigger> triggers, Set<String> watched) {
        return parts.entrySet().stream()
                .filter(entry -> watched.isEmpty() || watched.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .anyMatch(part -> triggers.contains(part.trigger()));
    }

    /** The entity as the subscriber reads it. */
    List<ObjectNode> told(Subscription subscription, LinkedEntities linked) {
        boolean deleted = change.kind() == EntityChange.Kind.DELETED;
        boolean gone = subscription.triggers().contains(Trigger.ATTRIBUTE_DELETED)
                || !deleted && subscription.triggers().contains(Trigger.ENTITY_UPDATED);
        ObjectNode told = deleted ? bare() : document.deepCopy();
        parts.forEach((name, happened) -> {
            boolean asked =
                    subscription.watched().isEmpty() || subscription.watched().contains(name);
            for (Part part : happened) {
                if (part.is == null && (gone && asked || deleted && subscription.showChanges())) {
                    add(told, name, taken(part, subscription));
                } else if (part.is != null && part.was != null && subscription.showChanges()) {
                    find(told, name, part.dataset).setAll(previous(part));
                }
            }
        });
        List<ObjectNode> written = subscription.write(root(), told, linked);
        ObjectNode first = written.getFirst();
        ObjectNode entity =
                first.get("properties") instanceof ObjectNode properties && first.has("geometry") ? properties : first;
        boolean withTimes = subscription.form().withTimes();
        if (withTimes && change.createdAt() != null) {
            entity.put("createdAt", change.createdAt().toString());
        }
        if (withTimes) {
            entity.put("modifiedAt", change.at().toString());
        }
        if (deleted) {
            entity.put("deletedAt", change.at().toString());
        }
        return written;
    }

    /** What links lead from. */
    private Found root() {
        return new Found(
                Stored.of(
                        change.owner(),
                        change.at(),
                        Objects.requireNonNullElse(change.text(), Objects.requireNonNullElse(change.before(), ""))),
                document,
                Set.of());
    }

    private ObjectNode bare() {
        ObjectNode bare = Documents.none();
        bare.set("id", document.path("id"));
        bare.set("type", document.path("type"));
        return bare;
    }

    /** An instance that is no more (clause 4.5.0). */
    private ObjectNode taken(Part part, Subscription subscription) {
        ObjectNode old = Objects.requireNonNull(part.was);
        AttributeKind kind = AttributeKind.of(old);
        ObjectNode mark = Documents.none();
        mark.put("type", kind.type());
        mark.set(kind.member(), kind.nothing());
        if (!part.dataset.isEmpty()) {
            mark.put("datasetId", part.dataset);
        }
        if (subscription.showChanges()) {
            mark.setAll(previous(part));
        }
        if (subscription.form().withTimes()) {
            mark.put("deletedAt", change.at().toString());
        }
        return mark;
    }

    private static ObjectNode previous(Part part) {
        ObjectNode old = Objects.requireNonNull(part.was);
        AttributeKind kind = AttributeKind.of(old);
        return Json.mapper().createObjectNode().set(kind.previous(), old.path(kind.member()));
    }

    private static void add(ObjectNode told, String name, ObjectNode instance) {
        JsonNode there = told.get(name);
        switch (there) {
            case null -> told.set(name, instance);
            case ArrayNode many -> many.add(instance);
            default -> told.putArray(name).add(there).add(instance);
        }
    }

    private static ObjectNode find(ObjectNode told, String name, String dataset) {
        JsonNode attribute = told.path(name);
        for (JsonNode one : attribute.isArray() ? attribute : List.of(attribute)) {
            if (EntityReader.dataset(one).equals(dataset)) {
                return (ObjectNode) one;
            }
        }
        throw new IllegalStateException("An instance that changed is not there: " + name);
    }
}
