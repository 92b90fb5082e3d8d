package org.conurb.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Members of a JSON object that came, read one by one; what has not the form asked for is refused with its place. A
 * member that is null counts as absent.
 *
 * @param place where the object stands, as {@code notification.endpoint}; empty for the outermost
 */
record Members(String place, ObjectNode node) {
    private static final int MOST = 100;
    private static final int LONGEST_URI = 2_000;

    static Members of(ObjectNode body) {
        return new Members("", body);
    }

    private String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Refuses members beside the known ones. */
    void demandKnown(Set<String> known) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw NgsiLdFault.badData(
                        "There is no member %s here.".formatted(at(name.length() > 60 ? name.substring(0, 60) : name)),
                        "Leave it out. Known are: %s."
                                .formatted(String.join(
                                        ", ", known.stream().sorted().toList())));
            }
        }
    }

    void demandType(String type) {
        JsonNode given = node.has("type") ? node.get("type") : node.path("@type");
        if (!given.isString() || !given.stringValue().equals(type)) {
            throw NgsiLdFault.badData("The type is not %s.".formatted(type), "Send \"type\":\"%s\".".formatted(type));
        }
    }

    NgsiLdFault wrong(String name, String rule) {
        return NgsiLdFault.badData("%s is not right.".formatted(at(name)), "It is %s.".formatted(rule));
    }

    Optional<String> text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw wrong(name, "text");
        }
        Clean.demand(at(name), value);
        return Optional.of(value.stringValue());
    }

    boolean truth(String name, boolean otherwise) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    /** A length of time, over zero and up to ten years. */
    Optional<Duration> length(String name, Duration unit) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        double units = value.isNumber() ? value.asDouble() : 0;
        double most = 10 * 366 * 86_400.0 / unit.toNanos() * 1e9;
        if (!(units > 0 && units <= most)) {
            throw wrong(name, "a number over zero, at most %.0f".formatted(most));
        }
        return Optional.of(Duration.ofNanos(Math.max(1, Math.round(units * unit.toNanos()))));
    }

    Optional<Instant> moment(String name) {
        return Optional.ofNullable(get(name)).map(value -> EntityReader.moment(at(name), value));
    }

    Optional<URI> uri(String name) {
        return text(name).map(text -> {
            try {
                if (text.length() <= LONGEST_URI && Names.isIri(text)) {
                    return new URI(text);
                }
            } catch (URISyntaxException e) {
                // told below
            }
            throw wrong(name, "a URI");
        });
    }

    /** 1 to 100 texts, where given; a single text counts as a list of one. */
    List<String> texts(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isString() || one.stringValue().isEmpty()) {
                throw wrong(name, "a list of texts");
            }
            Clean.demand(at(name), one);
            all.add(one.stringValue());
        }
        if (all.isEmpty() || all.size() > MOST) {
            throw wrong(name, "a list of 1 to %d texts".formatted(MOST));
        }
        return List.copyOf(all);
    }

    /** Names of attributes or types as they are kept. */
    List<String> names(String name, LdContext context) {
        return texts(name).stream()
                .map(one -> Names.demand(at(name), context.expand(one)))
                .distinct()
                .toList();
    }

    Optional<Members> object(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof ObjectNode object)) {
            throw wrong(name, "an object");
        }
        return Optional.of(new Members(at(name), object));
    }

    /** 1 to 100 objects, where given. */
    List<Members> objects(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        List<Members> all = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!(one instanceof ObjectNode object)) {
                throw wrong(name, "a list of objects");
            }
            all.add(new Members(at(name) + "[" + all.size() + "]", object));
        }
        if (all.isEmpty() || all.size() > MOST) {
            throw wrong(name, "a list of 1 to %d objects".formatted(MOST));
        }
        return List.copyOf(all);
    }

    /** Pairs of {@code key} and {@code value} (clause 5.2.22), each handed on with its place. */
    <T> List<T> pairs(String name, Function<Members, T> read) {
        return objects(name).stream()
                .map(pair -> {
                    pair.demandKnown(Set.of("key", "value"));
                    if (!pair.has("key") || !pair.has("value")) {
                        throw wrong(name, "a list of pairs, as [{\"key\":\"…\",\"value\":\"…\"}]");
                    }
                    return read.apply(pair);
                })
                .toList();
    }
}
