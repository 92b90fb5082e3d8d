package org.conurb.hub;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A registered context source as it is matched (GS CIM 009 clauses 5.2.9, 5.12).
 *
 * @param observed when it has observations of, where it has no latest ones, as {@code managed} for what was written
 * @param asEntity a kept document: its properties for {@code csf}, its places for geo-queries, its scopes
 */
record Registration(
        String id,
        Mode mode,
        List<Information> information,
        Set<String> datasets,
        Optional<Span> observed,
        Optional<Span> managed,
        ObjectNode asEntity,
        URI endpoint,
        Optional<Instant> expiresAt) {

    /** Who has what it registers; its code is kept. */
    enum Mode {
        INCLUSIVE,
        EXCLUSIVE,
        REDIRECT,
        AUXILIARY;

        String code() {
            return name().substring(0, 1).toLowerCase(java.util.Locale.ROOT);
        }

        /** Whether what it registers is to be had there alone. */
        boolean proxied() {
            return this == EXCLUSIVE || this == REDIRECT;
        }
    }

    record Span(Instant start, Optional<Instant> end) {}

    /**
     * @param entities any of which may be meant; empty where it names attributes only
     * @param attributes as kept; empty for all
     */
    record Information(List<Info> entities, Set<String> attributes) {
        boolean matches(List<EntitySelector> selectors, Set<String> wanted) {
            return (entities.isEmpty()
                            || selectors.stream()
                                    .anyMatch(selector -> entities.stream().anyMatch(info -> info.matches(selector))))
                    && shares(attributes, wanted);
        }

        boolean overlaps(Information other) {
            return (entities.isEmpty()
                            || other.entities.isEmpty()
                            || entities.stream()
                                    .anyMatch(info -> other.entities.stream().anyMatch(info::overlaps)))
                    && shares(attributes, other.attributes);
        }

        private static boolean shares(Set<String> some, Set<String> others) {
            return some.isEmpty() || others.isEmpty() || some.stream().anyMatch(others::contains);
        }
    }

    /** Entities that are meant; of id and pattern at most one is there. */
    record Info(Optional<String> id, Optional<BoundedPattern> idPattern, List<String> types) {
        boolean matches(EntitySelector selector) {
            return selector.types().selects(types)
                    && (id.isEmpty() && idPattern.isEmpty()
                            || selector.ids().isEmpty() && selector.idPattern().isEmpty()
                            || selector.ids().stream().anyMatch(this::names)
                            || selector.idPattern()
                                    .map(pattern -> idPattern.isPresent()
                                            || id.map(pattern::finds).orElse(true))
                                    .orElse(false));
        }

        /** Whether an entity of that id may be meant. */
        private boolean names(String entityId) {
            return id.map(entityId::equals).orElse(true)
                    && idPattern.map(pattern -> pattern.finds(entityId)).orElse(true);
        }

        /** Two patterns are taken to have an id in common. */
        boolean overlaps(Info other) {
            return types.stream().anyMatch(other.types::contains)
                    && id.map(other::names).orElse(true)
                    && other.id.map(this::names).orElse(true);
        }
    }

    /** Whether both cover the same of some entity, and one of them claims it for itself alone (clause 4.3.6.3). */
    boolean conflicts(Registration other) {
        return mode.proxied()
                && other.mode.proxied()
                && (mode == Mode.EXCLUSIVE || other.mode == Mode.EXCLUSIVE)
                && information.stream()
                        .anyMatch(mine -> other.information.stream().anyMatch(mine::overlaps));
    }

    /** The types that it is about; an empty name where some of it is about attributes only. */
    Set<String> types() {
        Set<String> types = new java.util.TreeSet<>();
        for (Information one : information) {
            one.entities.forEach(info -> types.addAll(info.types));
            if (one.entities.isEmpty()) {
                types.add("");
            }
        }
        return types;
    }

    /**
     * What is asked of registrations (clauses 5.10.2, 5.11.7).
     *
     * @param selectors any of which must be met
     * @param attributes one of which must be registered; empty for any
     * @param datasets likewise
     * @param csf on the properties of the source
     * @param times without which only sources of latest information are meant
     * @param scopes asked of its own
     */
    record Wanted(
            List<EntitySelector> selectors,
            Set<String> attributes,
            Set<String> datasets,
            Optional<Query> csf,
            Optional<GeoQuery> geo,
            Optional<RegistrationTimes> times,
            Optional<Query> scopes) {}

    boolean matches(Wanted wanted) {
        return information.stream().anyMatch(one -> one.matches(wanted.selectors, wanted.attributes))
                && Information.shares(datasets, wanted.datasets)
                && wanted.csf.map(csf -> QueryMatch.matches(csf, asEntity)).orElse(true)
                && wanted.geo.map(geo -> geo.matches(asEntity)).orElse(true)
                && wanted.times
                        .map(times -> (times.managed() ? managed : observed)
                                .map(times::meets)
                                .orElse(false))
                        .orElse(observed.isEmpty() && managed.isEmpty())
                && wanted.scopes
                        .map(scopes -> QueryMatch.matches(scopes, asEntity))
                        .orElse(true);
    }

    /** The parts of its information that match, by their place in it. */
    List<Integer> matching(Wanted wanted) {
        return java.util.stream.IntStream.range(0, information.size())
                .filter(n -> information.get(n).matches(wanted.selectors, wanted.attributes))
                .boxed()
                .toList();
    }
}
