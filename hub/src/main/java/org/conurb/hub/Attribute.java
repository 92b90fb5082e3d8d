package org.conurb.hub;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attribute of an {@link Entity}: what a room tells others. Made by the static methods; {@code observedAt} is when
 * the value was true in the world, not when it was written.
 */
public sealed interface Attribute {
    Optional<Instant> observedAt();

    /** @param value a JSON value: String, Number, Boolean, List or Map of such; never null */
    record Property(Object value, Optional<Instant> observedAt) implements Attribute {}

    /**
     * @param ids URIs of entities
     * @param many whether it is a list even when it holds one
     */
    record Relationship(List<String> ids, boolean many, Optional<Instant> observedAt) implements Attribute {
        public Relationship {
            ids = List.copyOf(ids);
        }
    }

    /** @param geoJson a GeoJSON geometry as parsed JSON (RFC 7946), longitude first */
    record GeoProperty(Map<String, Object> geoJson, Optional<Instant> observedAt) implements Attribute {}

    /** @param words by BCP 47 tag */
    record LanguageProperty(Map<String, String> words, Optional<Instant> observedAt) implements Attribute {}

    /** A moment is told as ISO 8601 text in UTC, which {@code q} compares as a moment. */
    static Property property(Object value) {
        return new Property(json(value), Optional.empty());
    }

    static Property property(Object value, Instant observedAt) {
        return new Property(json(value), Optional.of(observedAt));
    }

    /** One other entity; told as its URI. */
    static Relationship relationship(String id) {
        return new Relationship(List.of(id), false, Optional.empty());
    }

    /** Any number of other entities; told as a list, which may be empty. */
    static Relationship relationship(List<String> ids) {
        return new Relationship(ids, true, Optional.empty());
    }

    static GeoProperty geo(Map<String, Object> geoJson) {
        return new GeoProperty(geoJson, Optional.empty());
    }

    static GeoProperty geo(Map<String, Object> geoJson, Instant observedAt) {
        return new GeoProperty(geoJson, Optional.of(observedAt));
    }

    static LanguageProperty language(Map<String, String> words) {
        return new LanguageProperty(Map.copyOf(words), Optional.empty());
    }

    private static Object json(Object value) {
        return value instanceof Instant || value instanceof Enum<?> ? value.toString() : value;
    }
}
