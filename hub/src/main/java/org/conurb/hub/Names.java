package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names as they are kept: what the core @context compacts an expanded IRI to. A name of the default vocabulary or of
 * the core context is short, any other a full IRI, so equal names are equal strings whatever context they came under.
 */
final class Names {
    static final String VOCABULARY = "https://uri.etsi.org/ngsi-ld/default-context/";
    static final String CORE_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld";

    private static final String NGSI_LD = "https://uri.etsi.org/ngsi-ld/";
    private static final int MAX_BYTES = 600;
    private static final Pattern CORE_CONTEXTS =
            Pattern.compile("https?://uri\\.etsi\\.org/ngsi-ld/v1/ngsi-ld-core-context(-v\\d+\\.\\d+)?\\.jsonld");
    private static final Pattern SHORT = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");
    private static final String NOT_IN_IRIS = "<>\"{}|\\^`";
    private static final String BLANK = "\u115f\u1160\u3164\uffa0\u2800";

    private static final Set<String> SYSTEM = Set.of("createdAt", "modifiedAt", "deletedAt", "expiresAt");

    /** Terms of the core context that may name an attribute or a type; they mean the same under every context. */
    private static final Map<String, String> CORE = core();

    private static final Map<String, String> CORE_BY_IRI = inverse();

    private Names() {}

    private static Map<String, String> core() {
        Map<String, String> terms = new HashMap<>();
        for (String term : Set.of(
                "location",
                "observationSpace",
                "operationSpace",
                "scope",
                "createdAt",
                "modifiedAt",
                "observedAt",
                "deletedAt",
                "expiresAt",
                "datasetId",
                "instanceId",
                "unitCode",
                "Property",
                "Relationship",
                "GeoProperty",
                "LanguageProperty",
                "VocabProperty",
                "JsonProperty",
                "ListProperty",
                "ListRelationship",
                "Subscription",
                "Notification",
                "ContextSourceRegistration",
                "ContextSourceNotification",
                "TemporalProperty")) {
            terms.put(term, NGSI_LD + term);
        }
        terms.put("description", "http://purl.org/dc/terms/description");
        terms.put("title", "http://purl.org/dc/terms/title");
        return Map.copyOf(terms);
    }

    private static Map<String, String> inverse() {
        Map<String, String> byIri = new HashMap<>();
        CORE.forEach((term, iri) -> byIri.put(iri, term));
        return Map.copyOf(byIri);
    }

    static boolean isCoreContext(String url) {
        return CORE_CONTEXTS.matcher(url).matches();
    }

    static boolean isCoreTerm(String term) {
        return CORE.containsKey(term);
    }

    /** Whether it is a moment that the hub itself notes of entities and attributes (GS CIM 009 clause 4.8). */
    static boolean isSystem(String kept) {
        return SYSTEM.contains(kept);
    }

    /** The IRI that a kept name stands for. */
    static String iri(String kept) {
        if (kept.indexOf(':') >= 0) {
            return kept;
        }
        return CORE.getOrDefault(kept, VOCABULARY + kept);
    }

    /** The name under which an IRI is kept. */
    static String kept(String iri) {
        String term = CORE_BY_IRI.get(iri);
        if (term != null) {
            return term;
        }
        if (iri.startsWith(VOCABULARY)) {
            String rest = iri.substring(VOCABULARY.length());
            if (isShort(rest) && !CORE.containsKey(rest)) {
                return rest;
            }
        }
        return iri;
    }

    static boolean isIri(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            return false;
        }
        for (int i = 0; i < colon; i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean other = c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-';
            if (!letter && (i == 0 || !other)) {
                return false;
            }
        }
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || NOT_IN_IRIS.indexOf(c) >= 0) {
                return false;
            }
            if (c >= 0x80) {
                return text.codePoints().allMatch(Names::isVisible);
            }
        }
        return true;
    }

    /** Whether an IRI may have it (RFC 3987 ucschar) and a reader can see it, so that no two ids look alike. */
    private static boolean isVisible(int c) {
        if (c <= ' ' || c == 0x7f || c < 0x80 && NOT_IN_IRIS.indexOf(c) >= 0) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> BLANK.indexOf(c) < 0 && !(c >= 0xfe00 && c <= 0xfe0f) && !(c >= 0xe0100 && c <= 0xe01ef);
        };
    }

    /** Letters, digits, _ and -, not starting with a digit or -. */
    private static boolean isShort(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return SHORT.matcher(name).matches();
            }
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' || c == '_';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /**
     * Refuses what can be no name of a type or attribute.
     *
     * @param role what it names, for the message
     */
    static String demand(String role, String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES || !(isShort(name) || isIri(name))) {
            String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
            throw NgsiLdFault.badData(
                    "%s cannot name %s.".formatted(shown.isEmpty() ? "An empty text" : shown, role),
                    "A name has letters, digits, _ and -, starting with a letter, or is an IRI of at most %d bytes."
                            .formatted(MAX_BYTES));
        }
        return name;
    }
}
