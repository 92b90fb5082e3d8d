package org.conurb.hub;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which language of several is wanted (GS CIM 009 clause 4.15), as {@code Accept-Language} tells it.
 *
 * @param ranges best first, in lower case; empty where all are
 */
record LanguageFilter(List<String> ranges) {
    static final LanguageFilter NONE = new LanguageFilter(List.of());

    static LanguageFilter of(@Nullable String lang) {
        if (lang == null) {
            return NONE;
        }
        if (lang.length() <= 1_000) {
            try {
                List<String> ranges = Locale.LanguageRange.parse(lang.replace(" ", "")).stream()
                        .filter(range -> range.getWeight() > 0)
                        .sorted(Comparator.comparingDouble(Locale.LanguageRange::getWeight)
                                .reversed())
                        .map(Locale.LanguageRange::getRange)
                        .toList();
                if (!ranges.isEmpty()) {
                    return new LanguageFilter(ranges);
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
        }
        throw NgsiLdFault.badData(
                "lang is no list of languages.", "Send it as Accept-Language has it: fr-CH,fr;q=0.9,en;q=0.8,*;q=0.5.");
    }

    /** The language told of a {@code languageMap}: the best that is there, else any. */
    String choose(JsonNode words) {
        List<String> tags = List.copyOf(words.propertyNames());
        return ranges.stream()
                .filter(range -> !range.equals("*"))
                .flatMap(range -> lookup(range, tags).stream())
                .findFirst()
                .orElseGet(() -> tags.contains("@none") ? "@none" : tags.getFirst());
    }

    /** RFC 4647 §3.4, and a tag within the range where the range itself is not there. */
    private static Optional<String> lookup(String range, List<String> tags) {
        for (String rest = range; !rest.isEmpty(); rest = rest.substring(0, Math.max(0, rest.lastIndexOf('-')))) {
            for (String tag : tags) {
                if (tag.equalsIgnoreCase(rest)) {
                    return Optional.of(tag);
                }
            }
        }
        return tags.stream()
                .filter(tag -> tag.toLowerCase(Locale.ROOT).startsWith(range + "-"))
                .findFirst();
    }
}
