package org.conurb.hub;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of histories, besides which entities, and how it wants it (GS CIM 009 clause 6.3.12).
 *
 * @param names attributes asked for, {@code scope} among them; empty for all
 * @param demanded those of which one must be there
 */
record TemporalAsked(
        TemporalQuery time,
        List<String> names,
        List<String> demanded,
        TemporalForm form,
        Optional<Aggregation> aggregation) {
    /** Names of parameters that are read here. */
    static final Set<String> PARAMETERS = Set.of(
            "timerel",
            "timeAt",
            "endTimeAt",
            "timeproperty",
            "lastN",
            "datasetId",
            "attrs",
            "pick",
            "omit",
            "lang",
            "options",
            "format",
            "aggrMethods",
            "aggrPeriodDuration");

    private static final String VALUES = "temporalValues";
    private static final String AGGREGATED = "aggregatedValues";

    /** @param mustSpan whether {@code timerel} has to be there */
    static TemporalAsked of(Map<String, String> given, LdContext context, boolean mustSpan) {
        TemporalQuery time = TemporalQuery.of(given, mustSpan);
        List<String> options = Representation.options(given.get("options"));
        String format = format(given.get("format"), options);
        boolean aggregated = format.equals(AGGREGATED);
        if (!aggregated
                && !options.contains(AGGREGATED)
                && (given.containsKey("aggrMethods") || given.containsKey("aggrPeriodDuration"))) {
            throw NgsiLdFault.badData(
                    "aggrMethods and aggrPeriodDuration belong to aggregated values alone.",
                    "Send format=aggregatedValues too, or leave them out.");
        }
        if (aggregated && time.last().isPresent()) {
            throw NgsiLdFault.badData(
                    "lastN and aggregatedValues contradict each other.", "Bound the time by timerel instead.");
        }
        Projection projection = Projection.of(given, context);
        if (projection.hops() > 0) {
            throw NgsiLdFault.badData(
                    "%s names members of linked entities, which histories do not follow."
                            .formatted(given.containsKey("pick") ? "pick" : "omit"),
                    "Name members of the entity itself.");
        }
        List<String> names = projection.pick().within().keySet().stream()
                .filter(name -> Stored.isAttribute(name) && !Names.isSystem(name) || name.equals(HistoryRows.SCOPE))
                .toList();
        Representation form = new Representation(
                context,
                switch (format) {
                    case VALUES -> Representation.Format.SIMPLIFIED;
                    case "concise" -> Representation.Format.CONCISE;
                    default -> Representation.Format.NORMALIZED;
                },
                projection,
                Set.of(),
                LanguageFilter.of(given.get("lang")),
                options.contains("sysAttrs"),
                Join.NONE);
        return new TemporalAsked(
                names.isEmpty() && !projection.pick().isEmpty() ? time.newest() : time,
                names,
                given.containsKey("attrs") ? EntityQuery.names("attrs", given.get("attrs"), context) : names,
                new TemporalForm(form, time.property()),
                aggregated ? Optional.of(Aggregation.of(given)) : Optional.empty());
    }

    /** The parameter {@code format} wins over {@code options}. */
    private static String format(@Nullable String format, List<String> options) {
        if (format == null) {
            if (options.contains(VALUES) && options.contains(AGGREGATED)) {
                throw NgsiLdFault.badData(
                        "options has temporalValues and aggregatedValues.", "Send one of them, as format.");
            }
            return options.stream()
                    .filter(option -> !option.equals("sysAttrs"))
                    .map(TemporalAsked::known)
                    .findFirst()
                    .orElse("normalized");
        }
        return known(format);
    }

    private static String known(String format) {
        return switch (format) {
            case VALUES, "simplified", "keyValues" -> VALUES;
            case AGGREGATED, "concise", "normalized" -> format;
            default ->
                throw NgsiLdFault.invalid(
                        "There is no such format of histories.",
                        "Send format=normalized, concise, temporalValues or aggregatedValues.");
        };
    }

    /** What of a history is not told: what is hidden, and what the client leaves out. */
    Set<String> unseen(Set<String> hidden) {
        Projection.Members omitted = form.form().projection().omit();
        if (omitted.isEmpty()) {
            return hidden;
        }
        Set<String> all = new HashSet<>(hidden);
        all.addAll(omitted.within().keySet());
        return all;
    }
}
