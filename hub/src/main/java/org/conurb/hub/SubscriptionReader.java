package org.conurb.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Subscription.About;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads subscriptions, to entities or to registrations; refuses by name what is wrong and what this hub cannot do. */
final class SubscriptionReader {
    /** Members of a kept subscription that are ours: under which context a text came, where it is another one. */
    private static final Map<String, String> OURS = Map.of("q", "@q", "csf", "@csf");

    private static final Set<String> READ_ONLY = Set.of("status", "createdAt", "modifiedAt");
    private static final Set<String> KNOWN = Set.of(
            "id",
            "@id",
            "type",
            "@type",
            "@context",
            "subscriptionName",
            "description",
            "entities",
            "watchedAttributes",
            "notificationTrigger",
            "timeInterval",
            "q",
            "geoQ",
            "scopeQ",
            "csf",
            "temporalQ",
            "isActive",
            "expiresAt",
            "throttling",
            "lang",
            "datasetId",
            "jsonldContext",
            "localOnly",
            "splitEntities",
            "notification",
            "status",
            "createdAt",
            "modifiedAt");
    private static final Set<String> NOTIFICATION = Set.of(
            "attributes",
            "pick",
            "omit",
            "join",
            "joinLevel",
            "containedBy",
            "format",
            "sysAttrs",
            "showChanges",
            "endpoint",
            "status",
            "timesSent",
            "timesFailed",
            "lastNotification",
            "lastSuccess",
            "lastFailure");
    private static final Set<String> COUNTED =
            Set.of("status", "timesSent", "timesFailed", "lastNotification", "lastSuccess", "lastFailure");

    private final About about;
    private final LdContext context;
    private final Contexts contexts;

    /** @param context of the subscription's names */
    SubscriptionReader(About about, LdContext context, Contexts contexts) {
        this.about = about;
        this.context = context;
        this.contexts = contexts;
    }

    /** Remembers under which context the texts of a patch came, since names in them are not written anew. */
    static void remember(ObjectNode document, ObjectNode patch, LdContext context) {
        OURS.forEach((text, ours) -> {
            if (patch.has(text)) {
                document.set(ours, context.asSent());
            }
        });
    }

    /** Takes away what only we can say, and what is ours. */
    static void clean(ObjectNode body) {
        body.remove(READ_ONLY);
        body.remove(OURS.values());
        if (body.get("notification") instanceof ObjectNode notification) {
            notification.remove(COUNTED);
        }
    }

    Subscription read(ObjectNode body) {
        Members members = Members.of(body);
        ObjectNode plain = body.deepCopy();
        plain.remove(OURS.values());
        Members.of(plain).demandKnown(KNOWN);
        members.demandType("Subscription");
        members.text("subscriptionName");
        members.text("description");
        members.truth("localOnly", true);
        if (members.truth("splitEntities", false)) {
            throw NgsiLdFault.unsupported(
                    "splitEntities asks to join parts of entities from several sources, which this hub does not do.",
                    "Leave it out.");
        }
        List<EntitySelector> selectors = selectors(members);
        Set<String> watched = Set.copyOf(members.names("watchedAttributes", context));
        if (selectors.isEmpty() && watched.isEmpty()) {
            throw NgsiLdFault.badData(
                    "The subscription is to everything.", "Send entities or watchedAttributes, or both.");
        }
        Optional<Duration> interval = members.length("timeInterval", Duration.ofSeconds(1));
        Optional<Duration> throttling = members.length("throttling", Duration.ofSeconds(1));
        if (interval.isPresent()
                && (!watched.isEmpty() || throttling.isPresent() || members.has("notificationTrigger"))) {
            throw NgsiLdFault.badData(
                    "timeInterval stands beside watchedAttributes, throttling or notificationTrigger.",
                    "Notifications come by the clock or by changes: send one of them.");
        }
        Members notification = members.object("notification")
                .orElseThrow(() -> NgsiLdFault.badData(
                        "There is no notification.", "Send \"notification\":{\"endpoint\":{\"uri\":\"https://…\"}}."));
        notification.demandKnown(NOTIFICATION);
        Endpoint endpoint = Endpoint.read(notification
                .object("endpoint")
                .orElseThrow(() -> NgsiLdFault.badData(
                        "The notification has no endpoint.", "Send \"endpoint\":{\"uri\":\"https://…\"}.")));
        Representation form = form(members, notification);
        boolean showChanges = notification.truth("showChanges", false);
        if (showChanges && form.format() == Representation.Format.SIMPLIFIED) {
            throw NgsiLdFault.badData(
                    "showChanges cannot be told in the simplified format, which has no place for it.",
                    "Send format normalized or concise.");
        }
        return new Subscription(
                EntityReader.id("The subscription", members.has("id") ? members.get("id") : members.get("@id")),
                about,
                query(members, selectors),
                watched,
                Trigger.of(members.texts("notificationTrigger")),
                members.text("csf").map(csf -> QueryReader.read("csf", csf, of("csf", body), Set.of())),
                times(members),
                Set.copyOf(notification.names("attributes", context)),
                form,
                showChanges,
                endpoint,
                members.truth("isActive", true),
                members.moment("expiresAt"),
                interval,
                throttling);
    }

    private LdContext of(String text, ObjectNode body) {
        JsonNode other = body.get(OURS.getOrDefault(text, ""));
        return other == null ? context : contexts.of(other);
    }

    /** @throws NgsiLdFault where it is over before it begins (clause 5.8.1.4) */
    static void demandFuture(Subscription subscription, Instant now) {
        if (subscription.expired(now)) {
            throw NgsiLdFault.badData("expiresAt is in the past.", "Send a moment to come, or leave it out.");
        }
    }

    private Representation form(Members members, Members notification) {
        Map<String, String> given = new HashMap<>();
        for (String list : List.of("attributes", "pick", "omit")) {
            List<String> names = notification.texts(list);
            if (names.stream().anyMatch(name -> name.indexOf(',') >= 0)) {
                throw notification.wrong(list, "a list of names without commas");
            }
            if (!names.isEmpty()) {
                given.put(list.equals("attributes") ? "attrs" : list, String.join(",", names));
            }
        }
        notification.text("format").ifPresent(format -> given.put("format", format));
        if (notification.truth("sysAttrs", false)) {
            given.put("options", "sysAttrs");
        }
        members.text("lang").ifPresent(lang -> given.put("lang", lang));
        List<String> datasets = members.texts("datasetId");
        if (!datasets.isEmpty()) {
            given.put("datasetId", String.join(",", datasets));
        }
        notification.text("join").ifPresent(join -> given.put("join", join));
        if (notification.has("joinLevel")) {
            given.put("joinLevel", String.valueOf(notification.get("joinLevel")).replace("\"", ""));
        }
        if (notification.has("containedBy")) {
            given.put("containedBy", String.join(",", notification.texts("containedBy")));
        }
        LdContext told = members.uri("jsonldContext")
                .map(uri -> contexts.of(members.node().path("jsonldContext")))
                .orElse(context);
        return Representation.of(given, context).under(told);
    }

    private List<EntitySelector> selectors(Members members) {
        List<EntitySelector> all = new ArrayList<>();
        for (Members selector : members.objects("entities")) {
            selector.demandKnown(Set.of("id", "idPattern", "type"));
            String type = selector.text("type")
                    .orElseThrow(() -> NgsiLdFault.badData(
                            "An entity selector has no type.", "Send its type, or * for all types."));
            List<String> ids = selector.texts("id");
            ids.forEach(id -> {
                if (!Names.isIri(id)) {
                    throw selector.wrong("id", "a URI, or a list of URIs");
                }
            });
            all.add(new EntitySelector(
                    ids,
                    selector.text("idPattern")
                            .map(pattern -> BoundedPattern.of(selector.place() + ".idPattern", pattern)),
                    TypeSelection.read(selector.place() + ".type", type, context)));
        }
        return List.copyOf(all);
    }

    /** What is asked of entities, in pages as notifications have them. */
    private EntityQuery query(Members members, List<EntitySelector> selectors) {
        Map<String, String> given = new HashMap<>(Map.of("limit", String.valueOf(Outbox.MOST)));
        members.text("scopeQ").ifPresent(scopes -> given.put("scopeQ", scopes));
        members.object("geoQ").ifPresent(geo -> {
            geo.demandKnown(Set.of("georel", "geometry", "coordinates", "geoproperty"));
            if (!geo.has("georel")) {
                throw members.wrong("geoQ", "an object with georel, geometry and coordinates");
            }
            geo.node()
                    .properties()
                    .forEach(member -> given.put(
                            member.getKey(),
                            member.getValue().isString()
                                    ? member.getValue().stringValue()
                                    : member.getValue().toString()));
        });
        List<EntitySelector> meant = selectors.isEmpty() ? List.of(EntitySelector.EVERY) : selectors;
        EntityQuery query = EntityQuery.of(given, meant, context);
        return members.text("q")
                .map(q -> query.with(QueryReader.read("q", q, of("q", members.node()), Set.of())))
                .orElse(query);
    }

    private Optional<RegistrationTimes> times(Members members) {
        return members.object("temporalQ").map(temporal -> {
            if (about == About.ENTITIES) {
                throw NgsiLdFault.badData(
                        "temporalQ is asked of registrations only.",
                        "Leave it out, or subscribe to csourceSubscriptions.");
            }
            temporal.demandKnown(Set.of("timerel", "timeAt", "endTimeAt", "timeproperty"));
            Map<String, String> given = new HashMap<>();
            for (String name : List.of("timerel", "timeAt", "endTimeAt", "timeproperty")) {
                temporal.text(name).ifPresent(text -> given.put(name, text));
            }
            return RegistrationTimes.of(given)
                    .orElseThrow(() -> members.wrong("temporalQ", "an object with timerel and timeAt"));
        });
    }
}
