package org.conurb.hub;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names as they are kept: what the core @context compacts an expanded IRI to. A name of the default vocabulary or of
 * the core context is short, any other a full IRI, so equal names are equal strings whatever context they came under.
 */
final class Names {
    static final String VOCABULARY = "https://uri.etsi.org/ngsi-ld/default-context/";
    static final String CORE_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";

    static final String NGSI_LD = "https://uri.etsi.org/ngsi-ld/";

    private static final String GEO_JSON = "https://purl.org/geojson/vocab#";
    private static final int MAX_BYTES = 600;
    private static final Pattern CORE_CONTEXTS =
            Pattern.compile("https?://uri\\.etsi\\.org/ngsi-ld/v1/ngsi-ld-core-context(-v\\d+\\.\\d+)?\\.jsonld");
    private static final Pattern SHORT = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");
    private static final String NOT_IN_IRIS = "<>\"{}|\\^`";
    private static final String BLANK = "\u115f\u1160\u3164\uffa0\u2800";

    private static final Set<String> SYSTEM = Set.of("createdAt", "modifiedAt", "deletedAt", "expiresAt");

    /** Terms of the core context whose IRI has another name. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("containedBy", "isContainedBy"),
            Map.entry("dataset", "hasDataset"),
            Map.entry("entityMap", "hasEntityMap"),
            Map.entry("joinLevel", "hasJoinLevel"),
            Map.entry("json", "hasJSON"),
            Map.entry("key", "hasKey"),
            Map.entry("languageMap", "hasLanguageMap"),
            Map.entry("languageMaps", "hasLanguageMaps"),
            Map.entry("object", "hasObject"),
            Map.entry("objectList", "hasObjectList"),
            Map.entry("objectLists", "hasObjectLists"),
            Map.entry("objectType", "hasObjectType"),
            Map.entry("objects", "hasObjects"),
            Map.entry("previousJson", "hasPreviousJson"),
            Map.entry("previousLanguageMap", "hasPreviousLanguageMap"),
            Map.entry("previousObject", "hasPreviousObject"),
            Map.entry("previousObjectList", "hasPreviousObjectList"),
            Map.entry("previousValue", "hasPreviousValue"),
            Map.entry("previousValueList", "hasPreviousValueList"),
            Map.entry("previousVocab", "hasPreviousVocab"),
            Map.entry("value", "hasValue"),
            Map.entry("valueList", "hasValueList"),
            Map.entry("valueLists", "hasValueLists"),
            Map.entry("valueType", "hasValueType"),
            Map.entry("values", "hasValues"),
            Map.entry("vocab", "hasVocab"),
            Map.entry("vocabs", "hasVocabs"));

    /** Terms of the core context of V1.9.1 (annex B), which has all of earlier ones; they mean the same everywhere. */
    static final Map<String, String> CORE = core();

    private static final Map<String, String> CORE_BY_IRI = inverse();

    private Names() {}

    private static Map<String, String> core() {
        Map<String, String> terms = new HashMap<>();
        for (String term : """
                Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date DateTime
                EntityType EntityTypeInfo EntityTypeList ExecutionResultDetails GeoProperty JsonProperty LanguageProperty ListProperty
                ListRelationship Notification Property Relationship Snapshot SnapshotNotification Subscription TemporalProperty Time
                VocabProperty accept aggrMethods aggrParams aggrPeriodDuration attributeList attributeName attributeNames attributeTypes
                attributes attrs avg cacheDuration collation contextSourceAlias contextSourceExtras contextSourceInfo contextSourceTimeAt
                contextSourceUptime cooldown createdAt csf data datasetId deletedAt detail distinctCount endAt endTimeAt endpoint entities
                entity entityCount entityId entityList error errors expandValues expiresAt format geoQ geoproperty georel idPattern
                information instanceId isActive join jsonKeys jsons lang lastFailure lastNotification lastSuccess lastUsedAt linkedMaps
                localOnly location management managementInterval max min mode modifiedAt ngsildproof notUpdated notification
                notificationTrigger notifiedAt notifierInfo observationInterval observationSpace observedAt omit operationSpace operations
                orderBy ordering pick problemDetails propertyNames q reason receiverInfo refreshRate registrationId registrationName
                relationshipNames resultStatus scope scopeQ showChanges snapshotId snapshotLifetime snapshotPriority snapshotQueries
                snapshotQueriesDetails snapshotStatus snapshotTemporalQueries snapshotTemporalQueriesDetails startAt status stddev
                subscriptionId subscriptionName success sum sumsq sysAttrs temporalQ tenant throttling timeAt timeInterval timeout
                timeproperty timerel timesFailed timesSent totalCount triggerReason typeList typeName typeNames unchanged unitCode updated
                uri watchedAttributes
                """.strip().split("\\s+", -1)) {
            terms.put(term, NGSI_LD + term);
        }
        OTHERS.forEach((term, name) -> terms.put(term, NGSI_LD + name));
        for (String term : List.of(
                "Feature",
                "FeatureCollection",
                "GeometryCollection",
                "LineString",
                "MultiLineString",
                "MultiPoint",
                "MultiPolygon",
                "Point",
                "Polygon",
                "bbox",
                "coordinates",
                "features",
                "geometry",
                "properties")) {
            terms.put(term, GEO_JSON + term);
        }
        terms.put("description", "http://purl.org/dc/terms/description");
        terms.put("title", "http://purl.org/dc/terms/title");
        terms.put("langString", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString");
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

    /** Whether the core context defines it, so that no other context can. */
    static boolean isCoreTerm(String term) {
        return CORE.containsKey(term) || term.equals("id") || term.equals("type");
    }

    /** The beginning of IRIs that a prefix of the core context stands for. */
    static @Nullable String corePrefix(String name) {
        return switch (name) {
            case "ngsi-ld" -> NGSI_LD;
            case "geojson" -> GEO_JSON;
            default -> null;
        };
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
