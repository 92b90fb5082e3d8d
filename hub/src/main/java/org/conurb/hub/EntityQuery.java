package org.conurb.hub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which entities are asked for, in which order, and which page of them (GS CIM 009 clause 5.7.2); what is empty asks for
 * nothing.
 *
 * @param selectors any of which an entity must meet; never empty
 * @param attributes any of which it must have
 * @param q conditions of {@code q}
 * @param scopes conditions of {@code scopeQ}
 * @param local whether it is asked of this hub alone, and may then ask for everything
 * @param offset matches to pass over
 */
record EntityQuery(
        List<EntitySelector> selectors,
        List<String> attributes,
        Optional<Query> q,
        Optional<Query> scopes,
        Optional<GeoQuery> geo,
        boolean local,
        Ordering ordering,
        int limit,
        int offset,
        Cursor cursor,
        boolean count) {
    static final int DEFAULT_LIMIT = 20;
    static final int MAX_LIMIT = 1_000;
    static final int MAX_OFFSET = 10_000;

    private static final int MAX_NAMES = 200;

    /** Reads parameters by name; unknown ones are the caller's to refuse. */
    static EntityQuery of(Map<String, String> given, LdContext context) {
        return of(given, List.of(selector(given, context)), context);
    }

    /** The same, where a body tells the selectors. */
    static EntityQuery of(Map<String, String> given, List<EntitySelector> selectors, LdContext context) {
        Set<String> expanded = Set.copyOf(names("expandValues", given.get("expandValues"), context));
        names(
                "jsonKeys",
                given.get("jsonKeys"),
                context); // members of values are kept as they came, so none is expanded
        Optional.ofNullable(given.get("csf")).ifPresent(text -> QueryReader.read("csf", text, context, Set.of()));
        Ordering ordering = Ordering.of(given, context);
        boolean count = truth("count", given.get("count"));
        int limit = number("limit", given.get("limit"), DEFAULT_LIMIT, MAX_LIMIT);
        if (limit == 0 && !count) {
            throw NgsiLdFault.badData("limit is 0 and count is not asked.", "Send count=true, or a limit from 1.");
        }
        int offset = number("offset", given.get("offset"), 0, MAX_OFFSET);
        if (offset > 0 && given.get("cursor") != null) {
            throw NgsiLdFault.badData("offset and cursor both tell where the page begins.", "Send one of them.");
        }
        return new EntityQuery(
                selectors,
                names("attrs", given.get("attrs"), context),
                Optional.ofNullable(given.get("q")).map(text -> QueryReader.read("q", text, context, expanded)),
                Optional.ofNullable(given.get("scopeQ")).map(ScopeReader::read),
                GeoQuery.of(given, context),
                local(given, selectors),
                ordering,
                limit,
                offset,
                Cursor.read(given.get("cursor"), ordering),
                count);
    }

    private static EntitySelector selector(Map<String, String> given, LdContext context) {
        List<String> ids = list("id", given.get("id"), MAX_LIMIT);
        ids.forEach(id -> EntityReader.id(
                "The parameter id", Json.mapper().getNodeFactory().stringNode(id)));
        String type = given.get("type");
        return new EntitySelector(
                ids,
                Optional.ofNullable(given.get("idPattern")).map(text -> BoundedPattern.of("idPattern", text)),
                type == null ? TypeSelection.EVERY : TypeSelection.read("type", type, context));
    }

    /** Whether this hub alone is asked, as it always is until others are joined: {@code type=*} says so too. */
    private static boolean local(Map<String, String> given, List<EntitySelector> selectors) {
        String local = given.get("local");
        boolean every = "*".equals(given.get("type"));
        if (every && "false".equals(local)) {
            throw NgsiLdFault.badData(
                    "local=false contradicts type=*, which asks this hub alone.", "Leave local out, or name types.");
        }
        return truth("local", local) || every;
    }

    /** Refuses to list everything (GS CIM 009 clause 5.7.2.4). */
    EntityQuery demandSelective() {
        boolean byType = selectors.stream().allMatch(one -> !one.types().equals(TypeSelection.EVERY));
        boolean byAttribute = attributes.stream().anyMatch(name -> !Names.isSystem(name));
        boolean byQ = q.map(EntityQuery::narrows).orElse(false);
        if (!local && !byType && !byAttribute && !byQ && geo.isEmpty()) {
            throw NgsiLdFault.badData(
                    "The query asks for everything.", "Give at least one of type, attrs, q and georel, or local=true.");
        }
        return this;
    }

    /** Whether it asks for more than times that every entity has, whichever of its alternatives holds. */
    private static boolean narrows(Query query) {
        return switch (query) {
            case Query.And and -> and.parts().stream().anyMatch(EntityQuery::narrows);
            case Query.Or or -> or.parts().stream().allMatch(EntityQuery::narrows);
            case Query.Term term -> !term.path().system();
            case Query.InScope scope -> true;
        };
    }

    static List<String> names(String parameter, @Nullable String text, LdContext context) {
        return list(parameter, text, MAX_NAMES).stream()
                .map(name -> Names.demand("an attribute of " + parameter, context.expand(name)))
                .toList();
    }

    static List<String> list(String name, @Nullable String text, int most) {
        if (text == null) {
            return List.of();
        }
        String[] parts = text.split(",", most + 2);
        if (parts.length > most) {
            throw NgsiLdFault.badData("%s has more than %d values.".formatted(name, most), "Ask in several queries.");
        }
        Set<String> all = new LinkedHashSet<>();
        int at = 1;
        for (String part : parts) {
            if (part.isBlank()) {
                throw NgsiLdFault.badData(
                        "%s has an empty value at character %d.".formatted(name, at),
                        "Leave it out, or name something.");
            }
            all.add(part.strip());
            at += part.length() + 1;
        }
        return List.copyOf(all);
    }

    static int number(String name, @Nullable String text, int otherwise, int most) {
        if (text == null) {
            return otherwise;
        }
        int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (number < 0 || number > most) {
            throw NgsiLdFault.badData(
                    "%s is a whole number from 0 to %d.".formatted(name, most), "Follow Link rel=next for more.");
        }
        return number;
    }

    static boolean truth(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw NgsiLdFault.badData(
                "%s is true or false.".formatted(name), "Send %s=true or leave it out.".formatted(name));
    }

    /** One page of it, of so many, from there on. */
    EntityQuery page(int most, Cursor from) {
        return new EntityQuery(selectors, attributes, q, scopes, geo, local, ordering, most, 0, from, false);
    }

    /** This query with pages of at most so many. */
    EntityQuery atMost(int most) {
        return new EntityQuery(
                selectors, attributes, q, scopes, geo, local, ordering, Math.min(limit, most), offset, cursor, count);
    }

    /** This query with another condition in the place of {@code q}. */
    EntityQuery with(Query condition) {
        return new EntityQuery(
                selectors,
                attributes,
                Optional.of(condition),
                scopes,
                geo,
                local,
                ordering,
                limit,
                offset,
                cursor,
                count);
    }

    /** This query for the page that begins there. */
    EntityQuery from(Cursor start) {
        return new EntityQuery(selectors, attributes, q, scopes, geo, local, ordering, limit, offset, start, count);
    }

    /** This query for what lies there, or anywhere. */
    EntityQuery at(Optional<GeoQuery> place) {
        return new EntityQuery(selectors, attributes, q, scopes, place, local, ordering, limit, offset, cursor, count);
    }

    /** This query for entities that have one of these attributes, too. */
    EntityQuery having(Set<String> names) {
        return names.isEmpty()
                ? this
                : new EntityQuery(
                        selectors,
                        Stream.concat(attributes.stream(), names.stream()).toList(),
                        q,
                        scopes,
                        geo,
                        local,
                        ordering,
                        limit,
                        offset,
                        cursor,
                        count);
    }

    /** Types one of which each match has; empty where it may have any. */
    List<String> kinds() {
        return selectors.stream().anyMatch(one -> one.types().kinds().isEmpty())
                ? List.of()
                : selectors.stream()
                        .flatMap(one -> one.types().kinds().stream())
                        .distinct()
                        .toList();
    }

    /** Ids one of which each match has; empty where it may have any. */
    List<String> ids() {
        return selectors.stream().anyMatch(one -> one.ids().isEmpty())
                ? List.of()
                : selectors.stream()
                        .flatMap(one -> one.ids().stream())
                        .distinct()
                        .toList();
    }

    /** All that q and scopeQ ask. */
    Optional<Query> condition() {
        List<Query> parts = new ArrayList<>();
        q.ifPresent(parts::add);
        scopes.ifPresent(parts::add);
        return switch (parts.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(parts.getFirst());
            default -> Optional.of(new Query.And(parts));
        };
    }

    /** Whether having one of {@link #kinds} is all that is asked. */
    boolean onlyTypes() {
        return selectors.stream()
                        .allMatch(one -> one.ids().isEmpty()
                                && one.idPattern().isEmpty()
                                && one.types().isList())
                && attributes.isEmpty()
                && q.isEmpty()
                && scopes.isEmpty()
                && geo.isEmpty();
    }

    /** Whether the answer depends on one of these attributes. */
    boolean looksAt(Set<String> names) {
        return attributes.stream().anyMatch(names::contains)
                || geo.map(g -> names.contains(g.property())).orElse(false)
                || q.map(query -> query.looksAt(names)).orElse(false)
                || ordering.looksAt(names);
    }

    /** Whether it asks when entities or attributes were created or modified. */
    boolean asksTimes() {
        return ordering.asksTimes() || q.map(Query::asksTimes).orElse(false);
    }

    /**
     * Decides on a kept document.
     *
     * @param links the documents of entities that it names, as far as they may be looked at
     */
    boolean matches(ObjectNode document, List<String> types, Function<String, @Nullable ObjectNode> links) {
        String id = document.path("id").stringValue();
        return selectors.stream().anyMatch(one -> one.meets(id, types))
                && (attributes.isEmpty()
                        || attributes.stream().anyMatch(name -> Stored.isAttribute(name) && document.has(name)))
                && q.map(query -> QueryMatch.matches(query, document, links)).orElse(true)
                && scopes.map(query -> QueryMatch.matches(query, document)).orElse(true)
                && geo.map(query -> query.matches(document)).orElse(true);
    }
}
