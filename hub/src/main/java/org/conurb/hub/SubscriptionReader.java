package org.conurb.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads subscriptions; refuses by name what this hub cannot do, rather than to take it and not do it. */
final class SubscriptionReader {
    private static final int MOST = 100;
    private static final Set<String> KNOWN = Set.of(
            "id",
            "type",
            "@context",
            "subscriptionName",
            "description",
            "entities",
            "watchedAttributes",
            "q",
            "geoQ",
            "isActive",
            "expiresAt",
            "notification",
            "status",
            "createdAt",
            "modifiedAt");
    private static final Set<String> NOTIFICATION = Set.of(
            "attributes",
            "format",
            "endpoint",
            "status",
            "timesSent",
            "timesFailed",
            "lastNotification",
            "lastSuccess",
            "lastFailure");

    private final LdContext context;

    SubscriptionReader(LdContext context) {
        this.context = context;
    }

    Subscription read(ObjectNode body) {
        demandKnown("The subscription", body, KNOWN);
        if (!"Subscription".equals(text(body, "type").orElse(""))) {
            throw NgsiLdFault.badData("The type is not Subscription.", "Send \"type\":\"Subscription\".");
        }
        List<Subscription.Selector> selectors = selectors(body.get("entities"));
        Set<String> watched = names("watchedAttributes", body.get("watchedAttributes"));
        if (selectors.isEmpty() && watched.isEmpty()) {
            throw NgsiLdFault.badData(
                    "The subscription is to everything.", "Send entities or watchedAttributes, or both.");
        }
        JsonNode notification = body.get("notification");
        if (!(notification instanceof ObjectNode told)) {
            throw NgsiLdFault.badData(
                    "There is no notification.", "Send \"notification\":{\"endpoint\":{\"uri\":\"https://…\"}}.");
        }
        demandKnown("notification", told, NOTIFICATION);
        JsonNode active = body.get("isActive");
        if (active != null && !active.isBoolean()) {
            throw NgsiLdFault.badData("isActive is true or false.", "Leave it out for true.");
        }
        Endpoint endpoint = endpoint(told.get("endpoint"));
        Representation form = Representation.of(
                        context, Representation.format(text(told, "format").orElse(null), List.of()))
                .only(names("notification.attributes", told.get("attributes")));
        return new Subscription(
                EntityReader.id("The subscription", body.get("id")),
                selectors,
                watched,
                text(body, "q").map(q -> QueryReader.read(q, context)),
                geo(body.get("geoQ")),
                form,
                endpoint.uri,
                endpoint.linked,
                active == null || active.booleanValue(),
                Optional.ofNullable(body.get("expiresAt")).map(at -> EntityReader.moment("expiresAt", at)));
    }

    private static void demandKnown(String place, ObjectNode node, Set<String> known) {
        node.propertyNames().forEach(name -> {
            if (!known.contains(name)) {
                throw NgsiLdFault.unsupported(
                        "%s has a member %s, which this hub does not do."
                                .formatted(place, name.length() > 60 ? name.substring(0, 60) : name),
                        "Leave it out. Known are: %s."
                                .formatted(String.join(
                                        ", ", known.stream().sorted().toList())));
            }
        });
    }

    private static Optional<String> text(ObjectNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw NgsiLdFault.badData("%s is not text.".formatted(name), "Send it as text.");
        }
        return Optional.of(value.stringValue());
    }

    private List<Subscription.Selector> selectors(@Nullable JsonNode entities) {
        List<Subscription.Selector> all = new ArrayList<>();
        if (entities == null) {
            return all;
        }
        if (!entities.isArray() || entities.isEmpty() || entities.size() > MOST) {
            throw NgsiLdFault.badData("entities is a list of 1 to 100.", "Send [{\"type\":\"Sensor\"}].");
        }
        for (JsonNode one : entities) {
            if (!(one instanceof ObjectNode selector)) {
                throw NgsiLdFault.badData("entities has something that is no object.", "Send [{\"type\":\"Sensor\"}].");
            }
            demandKnown("entities", selector, Set.of("id", "idPattern", "type"));
            String type = text(selector, "type")
                    .orElseThrow(() -> NgsiLdFault.badData(
                            "An entity selector has no type.", "Send its type, or * for all types."));
            all.add(new Subscription.Selector(
                    selector.has("id")
                            ? Optional.of(EntityReader.id("entities", selector.get("id")))
                            : Optional.empty(),
                    text(selector, "idPattern").map(pattern -> BoundedPattern.of("idPattern", pattern)),
                    type.equals("*") ? type : Names.demand("a type", context.expand(type))));
        }
        return List.copyOf(all);
    }

    private Set<String> names(String place, @Nullable JsonNode list) {
        Set<String> names = new HashSet<>();
        if (list != null) {
            if (!list.isArray() || list.isEmpty() || list.size() > MOST) {
                throw NgsiLdFault.badData("%s is a list of 1 to 100 names.".formatted(place), "Leave it out for all.");
            }
            for (JsonNode name : list) {
                names.add(Names.demand("an attribute", context.expand(name.isString() ? name.stringValue() : "")));
            }
        }
        return Set.copyOf(names);
    }

    private Optional<GeoQuery> geo(@Nullable JsonNode geo) {
        if (geo == null) {
            return Optional.empty();
        }
        if (!(geo instanceof ObjectNode node)) {
            throw NgsiLdFault.badData("geoQ is no object.", "Send georel, geometry and coordinates in it.");
        }
        demandKnown("geoQ", node, Set.of("georel", "geometry", "coordinates", "geoproperty"));
        Map<String, String> given = new HashMap<>();
        node.properties()
                .forEach(member -> given.put(
                        member.getKey(),
                        member.getValue().isString()
                                ? member.getValue().stringValue()
                                : member.getValue().toString()));
        return GeoQuery.of(given, context);
    }

    private record Endpoint(URI uri, boolean linked) {}

    private static Endpoint endpoint(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode endpoint)) {
            throw NgsiLdFault.badData("There is no endpoint.", "Send \"endpoint\":{\"uri\":\"https://…\"}.");
        }
        demandKnown("endpoint", endpoint, Set.of("uri", "accept"));
        String accept = text(endpoint, "accept").orElse("application/json");
        if (!accept.equals("application/json") && !accept.equals("application/ld+json")) {
            throw NgsiLdFault.badData(
                    "accept is none of the forms a notification has.", "Send application/json or application/ld+json.");
        }
        String uri = text(endpoint, "uri").orElse("");
        try {
            if (uri.length() <= 2_000 && (uri.startsWith("http://") || uri.startsWith("https://"))) {
                return new Endpoint(new URI(uri), accept.equals("application/ld+json"));
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw NgsiLdFault.badData("The endpoint has no URI that can be called.", "Send an http or https URI.");
    }
}
