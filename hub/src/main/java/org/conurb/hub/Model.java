package org.conurb.hub;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;

/** The contract between rooms ({@code hub/model}): whose a type is, and which of its attributes concern persons. */
final class Model {
    private static final List<String> FILES =
            List.of("Incident", "Unit", "Alert", "Camera", "CameraFinding", "TalkGroup", "TalkSpurt", "TalkEmergency");

    /** Classes of retention that a kind may have; other names count as {@code entities}. */
    static final Set<String> CITY_CLASSES = Set.of("incidents", "units", "warnings", "talk", "entities");

    private final Map<String, Type> types;

    private Model(Map<String, Type> types) {
        this.types = Map.copyOf(types);
    }

    /**
     * @param name as kept: short in the default vocabulary
     * @param capability the room that alone writes it
     * @param door where a client changes it instead
     * @param personal attributes that are shown under a purpose only
     * @param retention class of the city folder by which its history is kept
     * @param isCase whether each such entity is a case of its own, for which a purpose is asked
     */
    record Type(String name, String capability, String door, String retention, Set<String> personal, boolean isCase) {
        /** The case for which a purpose is asked. */
        Optional<String> caseOf(String id) {
            return isCase ? Optional.of(id) : Optional.empty();
        }
    }

    static Model load() {
        Map<String, Type> types = new HashMap<>();
        for (String file : FILES) {
            JsonNode node = read(file);
            Set<String> personal = new java.util.HashSet<>();
            node.path("personal").forEach(name -> personal.add(name.stringValue()));
            types.put(
                    file,
                    new Type(
                            node.path("type").stringValue(),
                            node.path("owner").stringValue(),
                            node.path("door").stringValue(),
                            node.path("retention").stringValue(),
                            Set.copyOf(personal),
                            node.path("case").stringValue().equals("self")));
        }
        return new Model(types);
    }

    private static JsonNode read(String file) {
        try (InputStream in = Model.class.getResourceAsStream("model/" + file + ".json")) {
            if (in == null) {
                throw new IllegalStateException("hub/model/" + file + ".json is missing");
            }
            return Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("hub/model/" + file + ".json cannot be read", e);
        }
    }

    Optional<Type> type(String kept) {
        return Optional.ofNullable(types.get(kept));
    }

    /** Refuses to write what a room owns. */
    void demandFree(Iterable<String> kinds) {
        for (String kind : kinds) {
            Type owned = types.get(kind);
            if (owned != null) {
                throw new Conflict(
                        "type-owned",
                        "%s belongs to %s and is read-only here.".formatted(kind, owned.capability()),
                        "Use %s.".formatted(owned.door()));
            }
        }
    }

    /**
     * Attributes to leave out.
     *
     * @param kinds all types of the entity
     * @param purpose whether a purpose allows what concerns persons in that type
     */
    Set<String> hidden(List<String> kinds, Function<Type, Boolean> purpose) {
        Set<String> hidden = Set.of();
        for (String kind : kinds) {
            Type type = types.get(kind);
            if (type != null && !type.personal().isEmpty() && !purpose.apply(type)) {
                hidden = hidden.isEmpty() ? type.personal() : union(hidden, type.personal());
            }
        }
        return hidden;
    }

    /** Whether such an attribute concerns persons in some type. */
    boolean concernsPersons(String attribute) {
        return types.values().stream().anyMatch(type -> type.personal().contains(attribute));
    }

    /** Attributes of these types that concern persons. */
    Set<String> personal(List<String> kinds) {
        return hidden(kinds, type -> false);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new java.util.HashSet<>(a);
        all.addAll(b);
        return all;
    }
}
