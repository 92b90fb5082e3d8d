package org.conurb.hub;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a client wants entities (GS CIM 009 clauses 4.5, 4.15, 4.21 and 6.3.7): names by its context; normalized, concise or
 * simplified; which members, instances and languages.
 *
 * @param datasets of which instances are told, with {@code ""} for the default one; empty for all
 * @param language which words are told of attributes in several languages
 * @param withTimes whether entities and attributes tell when they were created and modified, and when they expire
 */
record Representation(
        LdContext context,
        Format format,
        Projection projection,
        Set<String> datasets,
        LanguageFilter language,
        boolean withTimes,
        Join join) {
    enum Format {
        NORMALIZED,
        CONCISE,
        SIMPLIFIED
    }

    static final Representation KEPT = of(LdContext.CORE, Format.NORMALIZED);
    static final Representation SIMPLE = of(LdContext.CORE, Format.SIMPLIFIED);

    private static final Set<String> OPTIONS = Set.of(
            "normalized", "concise", "simplified", "keyValues", "sysAttrs", "temporalValues", "aggregatedValues");

    static Representation of(LdContext context, Format format) {
        return new Representation(context, format, Projection.ALL, Set.of(), LanguageFilter.NONE, false, Join.NONE);
    }

    /** Reads all parameters that tell of form; unknown ones are the caller's to refuse. */
    static Representation of(Map<String, String> given, LdContext context) {
        List<String> options = options(given.get("options"));
        Projection projection = Projection.of(given, context);
        Join join = Join.of(given);
        join.demandHops(given.get("pick") == null ? "omit" : "pick", projection.hops());
        return new Representation(
                context,
                format(given.get("format"), options),
                projection,
                datasets(given.get("datasetId")),
                LanguageFilter.of(given.get("lang")),
                options.contains("sysAttrs"),
                join);
    }

    /** The same with names of another context. */
    Representation under(LdContext other) {
        return new Representation(other, format, projection, datasets, language, withTimes, join);
    }

    Representation only(Set<String> attributes) {
        return new Representation(
                context, format, Projection.attributes(attributes), datasets, language, withTimes, join);
    }

    static List<String> options(@Nullable String text) {
        List<String> options = EntityQuery.list("options", text, 10);
        options.stream().filter(option -> !OPTIONS.contains(option)).findFirst().ifPresent(option -> {
            throw NgsiLdFault.invalid(
                    "There is no option %s.".formatted(option.length() > 60 ? option.substring(0, 60) + "…" : option),
                    "Known are normalized, concise, simplified, keyValues and sysAttrs.");
        });
        return options;
    }

    static Format format(@Nullable String format, List<String> options) {
        if (format == null) {
            return options.contains("keyValues") || options.contains("simplified")
                    ? Format.SIMPLIFIED
                    : options.contains("concise") ? Format.CONCISE : Format.NORMALIZED;
        }
        return switch (format) {
            case "keyValues", "simplified" -> Format.SIMPLIFIED;
            case "concise" -> Format.CONCISE;
            case "normalized" -> Format.NORMALIZED;
            default ->
                throw NgsiLdFault.invalid(
                        "There is no such format.", "Send format=normalized, concise, simplified or keyValues.");
        };
    }

    static Set<String> datasets(@Nullable String text) {
        List<String> all = EntityQuery.list("datasetId", text, 100);
        all.stream()
                .filter(id -> !id.equals("@none"))
                .forEach(id -> EntityReader.id("The parameter datasetId", Documents.text(id)));
        return Set.copyOf(all.stream().map(id -> id.equals("@none") ? "" : id).toList());
    }

    /** Whether a kept document is already what the client wants; {@link EntityWriter#isKept} tells of the document. */
    boolean isKept() {
        return context == LdContext.CORE
                && format == Format.NORMALIZED
                && projection.isAll()
                && datasets.isEmpty()
                && language.equals(LanguageFilter.NONE)
                && !withTimes
                && join.mode() != Join.Mode.INLINE;
    }

    /** Of a document from which what is hidden has been taken. */
    ObjectNode of(ObjectNode document) {
        return new EntityWriter(this, Map.of()).entity(document, projection);
    }

    /** Of one attribute, whichever attributes are told. */
    JsonNode attribute(JsonNode attribute) {
        return new EntityWriter(this, Map.of()).attribute(attribute);
    }
}
