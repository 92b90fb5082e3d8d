package org.conurb.hub;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.conurb.hub.Registration.Info;
import org.conurb.hub.Registration.Information;
import org.conurb.hub.Registration.Mode;
import org.conurb.hub.Registration.Span;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads registrations of context sources (GS CIM 009 clauses 5.2.8 to 5.2.11, 5.2.22, 5.2.34). */
final class RegistrationReader {
    private static final Set<String> READ_ONLY =
            Set.of("status", "createdAt", "modifiedAt", "timesSent", "timesFailed", "lastSuccess", "lastFailure");
    private static final Set<String> FIXED = Set.of(
            "id",
            "@id",
            "type",
            "@type",
            "@context",
            "registrationName",
            "description",
            "information",
            "tenant",
            "observationInterval",
            "managementInterval",
            "location",
            "observationSpace",
            "operationSpace",
            "expiresAt",
            "endpoint",
            "contextSourceInfo",
            "contextSourceAlias",
            "hostAlias",
            "scope",
            "mode",
            "operations",
            "refreshRate",
            "management",
            "datasetId");
    private static final List<String> PLACES = List.of("location", "observationSpace", "operationSpace");
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_-]{1,50}");
    private static final int MOST_BYTES = 100_000;

    /** Single operations and groups of them (clause 4.20). */
    private static final Set<String> OPERATIONS = Set.of(
            "federationOps",
            "updateOps",
            "retrieveOps",
            "redirectionOps",
            "createEntity",
            "updateEntity",
            "appendAttrs",
            "updateAttrs",
            "deleteAttrs",
            "replaceAttrs",
            "deleteEntity",
            "mergeEntity",
            "replaceEntity",
            "purgeEntity",
            "createBatch",
            "upsertBatch",
            "updateBatch",
            "deleteBatch",
            "mergeBatch",
            "upsertTemporal",
            "appendAttrsTemporal",
            "deleteAttrsTemporal",
            "updateAttrInstanceTemporal",
            "deleteAttrInstanceTemporal",
            "deleteTemporal",
            "retrieveEntity",
            "queryEntity",
            "queryBatch",
            "retrieveTemporal",
            "queryTemporal",
            "retrieveEntityTypes",
            "retrieveEntityTypeDetails",
            "retrieveEntityTypeInfo",
            "retrieveAttrTypes",
            "retrieveAttrTypeDetails",
            "retrieveAttrTypeInfo",
            "createSubscription",
            "updateSubscription",
            "retrieveSubscription",
            "querySubscription",
            "deleteSubscription",
            "retrieveContextSourceIdentity",
            "createEntityMap",
            "updateEntityMap",
            "retrieveEntityMap",
            "deleteEntityMap",
            "queryEntityMap");

    /** What an auxiliary source may do. */
    private static final Set<String> READING = Set.of("retrieveOps", "retrieveEntity", "queryEntity", "queryBatch");

    private final LdContext context;

    RegistrationReader(LdContext context) {
        this.context = context;
    }

    /** Takes away what only we can say. */
    static void clean(ObjectNode body) {
        body.remove(READ_ONLY);
    }

    /** Whether a member is a property of the source, named by its @context. */
    static boolean isProperty(String member) {
        return !FIXED.contains(member) && !READ_ONLY.contains(member);
    }

    Registration read(ObjectNode body) {
        Members members = Members.of(body);
        members.demandType("ContextSourceRegistration");
        if (body.toString().length() > MOST_BYTES) {
            throw NgsiLdFault.badData(
                    "The registration is longer than %d characters.".formatted(MOST_BYTES), "Make it several.");
        }
        Clean.demand("The registration", body);
        members.text("registrationName");
        members.text("description");
        members.text("contextSourceAlias");
        members.text("hostAlias");
        members.text("tenant")
                .ifPresent(tenant ->
                        demand(members, "tenant", TENANT.matcher(tenant).matches()));
        members.text("refreshRate").ifPresent(rate -> demand(members, "refreshRate", isLength(rate)));
        members.pairs("contextSourceInfo", pair -> pair.text("key").orElseThrow());
        members.object("management").ifPresent(RegistrationReader::management);
        Mode mode = mode(members);
        List<String> operations = members.texts("operations");
        for (String operation : operations) {
            demand(members, "operations", OPERATIONS.contains(operation));
        }
        if (mode == Mode.AUXILIARY && (operations.isEmpty() || !READING.containsAll(operations))) {
            throw NgsiLdFault.badData(
                    "An auxiliary source can be read only.",
                    "Send operations, all of %s."
                            .formatted(
                                    String.join(", ", READING.stream().sorted().toList())));
        }
        List<Information> information = information(members, mode);
        URI endpoint = members.uri("endpoint")
                .filter(uri -> Set.of("http", "https")
                        .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> members.wrong("endpoint", "an http or https URI"));
        return new Registration(
                EntityReader.id("The registration", members.has("id") ? members.get("id") : members.get("@id")),
                mode,
                information,
                datasets(members),
                span(members, "observationInterval"),
                span(members, "managementInterval"),
                asEntity(members),
                endpoint,
                members.moment("expiresAt"));
    }

    private static void demand(Members members, String name, boolean right) {
        if (!right) {
            throw members.wrong(
                    name,
                    switch (name) {
                        case "tenant" -> "1 to 50 letters, digits, _ and -";
                        case "operations" -> "a list of operations of clause 4.20, as retrieveOps or queryEntity";
                        default -> "a length of time of ISO 8601, as PT5M";
                    });
        }
    }

    private static boolean isLength(String text) {
        try {
            return text.length() <= 40
                    && (text.indexOf('T') >= 0
                            ? !Duration.parse(text.replaceFirst("^P.*?T", "PT")).isNegative()
                            : !Period.parse(text).isNegative());
        } catch (DateTimeException noLength) {
            return false;
        }
    }

    private static void management(Members management) {
        management.demandKnown(Set.of("localOnly", "cacheDuration", "timeout", "cooldown"));
        management.truth("localOnly", false);
        management.text("cacheDuration").ifPresent(length -> demand(management, "cacheDuration", isLength(length)));
        management.length("timeout", Duration.ofMillis(1));
        management.length("cooldown", Duration.ofMillis(1));
    }

    private static Mode mode(Members members) {
        String text = members.text("mode").orElse("inclusive");
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw members.wrong("mode", "inclusive, exclusive, redirect or auxiliary");
    }

    private List<Information> information(Members members, Mode mode) {
        List<Information> all = new ArrayList<>();
        for (Members one : members.objects("information")) {
            one.demandKnown(Set.of("entities", "propertyNames", "relationshipNames"));
            List<Info> entities =
                    one.objects("entities").stream().map(this::info).toList();
            Set<String> attributes = new HashSet<>(one.names("propertyNames", context));
            attributes.addAll(one.names("relationshipNames", context));
            if (entities.isEmpty() && attributes.isEmpty()) {
                throw NgsiLdFault.badData(
                        "%s is about nothing.".formatted(one.place()),
                        "Send entities, propertyNames or relationshipNames in it.");
            }
            if (mode == Mode.EXCLUSIVE
                    && (attributes.isEmpty()
                            || entities.isEmpty()
                            || entities.stream().anyMatch(info -> info.id().isEmpty()))) {
                throw NgsiLdFault.badData(
                        "%s is not about attributes of single entities, as an exclusive registration is."
                                .formatted(one.place()),
                        "Send the id of each entity, without idPattern, and propertyNames or relationshipNames.");
            }
            all.add(new Information(entities, Set.copyOf(attributes)));
        }
        if (all.isEmpty()) {
            throw NgsiLdFault.badData(
                    "There is no information.", "Send \"information\":[{\"entities\":[{\"type\":\"Sensor\"}]}].");
        }
        return List.copyOf(all);
    }

    private Info info(Members entity) {
        entity.demandKnown(Set.of("id", "idPattern", "type"));
        if (!entity.has("type")) {
            throw entity.wrong("type", "a type, or a list of types");
        }
        if (entity.has("id") && entity.has("idPattern")) {
            throw entity.wrong("idPattern", "left out where there is an id");
        }
        return new Info(
                entity.text("id").map(id -> EntityReader.id(entity.place(), entity.get("id"))),
                entity.text("idPattern").map(pattern -> BoundedPattern.of(entity.place() + ".idPattern", pattern)),
                entity.names("type", context));
    }

    private static Set<String> datasets(Members members) {
        List<String> datasets = members.texts("datasetId");
        for (String dataset : datasets) {
            if (!dataset.equals("@none") && !Names.isIri(dataset)) {
                throw members.wrong("datasetId", "a URI or @none, or a list of such");
            }
        }
        return Set.copyOf(datasets);
    }

    private static Optional<Span> span(Members members, String name) {
        return members.object(name).map(span -> {
            span.demandKnown(Set.of("startAt", "endAt"));
            Instant start = span.moment("startAt").orElseThrow(() -> span.wrong("startAt", "a moment"));
            Optional<Instant> end = span.moment("endAt");
            if (end.isPresent() && !end.get().isAfter(start)) {
                throw span.wrong("endAt", "after startAt");
            }
            return new Span(start, end);
        });
    }

    /** Places and scopes as an entity has them, and every property of the source. */
    private ObjectNode asEntity(Members members) {
        ObjectNode entity = Json.mapper().createObjectNode();
        JsonNode scope = members.get("scope");
        if (scope != null) {
            entity.set(
                    "scope",
                    new EntityReader(context)
                            .fragment(only("scope", scope), Nulls.REFUSED)
                            .get("scope"));
        }
        for (String place : PLACES) {
            JsonNode geometry = members.get(place);
            if (geometry != null) {
                JsonNode value =
                        geometry.path("type").asString().equals("GeoProperty") ? geometry.path("value") : geometry;
                Geometries.read(place, value);
                ObjectNode attribute = Json.mapper().createObjectNode().put("type", AttributeKind.GEO.type());
                entity.set(place, attribute.set("value", value));
            }
        }
        for (Map.Entry<String, JsonNode> member : members.node().properties()) {
            String name = member.getKey();
            boolean placed = PLACES.contains(name) || name.equals("scope") || name.startsWith("@");
            if (!placed && !member.getValue().isNull()) {
                String kept = FIXED.contains(name) ? name : Names.demand(name, context.expand(name));
                entity.set(kept, property(member.getValue()));
            }
        }
        return entity;
    }

    private static ObjectNode property(JsonNode value) {
        JsonNode inside = value.path("type").isString() && AttributeKind.ofType(value.get("type")) != null
                ? value.path(AttributeKind.of(value).member())
                : value;
        return Json.mapper()
                .createObjectNode()
                .put("type", AttributeKind.PROPERTY.type())
                .set("value", inside);
    }

    private static ObjectNode only(String name, JsonNode value) {
        return Json.mapper().createObjectNode().set(name, value);
    }
}
