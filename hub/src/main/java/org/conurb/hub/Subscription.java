package org.conurb.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A subscription as it is matched (GS CIM 009 clauses 5.2.12, 5.2.14).
 *
 * @param query which entities are meant, and what is asked of them
 * @param watched kept names, one of which must have changed; empty for any
 * @param csf asked of the properties of a context source, where the subscription is to registrations, as the times
 * @param told attributes that notifications show, as kept; empty for all
 * @param form how entities are told
 * @param showChanges whether what changed tells what it was
 * @param interval between notifications that come by the clock, instead of by changes
 * @param throttling the least time between two notifications
 */
record Subscription(
        String id,
        About about,
        EntityQuery query,
        Set<String> watched,
        Set<Trigger> triggers,
        Optional<Query> csf,
        Optional<RegistrationTimes> times,
        Set<String> told,
        Representation form,
        boolean showChanges,
        Endpoint endpoint,
        boolean active,
        Optional<Instant> expiresAt,
        Optional<Duration> interval,
        Optional<Duration> throttling) {

    /** What a subscription is to; its code is kept. */
    enum About {
        ENTITIES("E", "subscriptions"),
        REGISTRATIONS("R", "csourceSubscriptions");

        private final String code;
        private final String path;

        About(String code, String path) {
            this.code = code;
            this.path = path;
        }

        String code() {
            return code;
        }

        /** The last part of its door. */
        String path() {
            return path;
        }

        static About of(String code) {
            return code.equals("R") ? REGISTRATIONS : ENTITIES;
        }
    }

    boolean selects(String entityId, List<String> types) {
        return query.selectors().stream().anyMatch(one -> one.meets(entityId, types));
    }

    /** Whether other entities have to be looked at. */
    boolean looksBehindLinks() {
        return query.q().map(q -> q.hops() > 0).orElse(false) || form.join().mode() != Join.Mode.NONE;
    }

    /**
     * An entity as the subscriber reads it, and those that come along.
     *
     * @param root as it is kept
     * @param told what is written of it
     */
    List<ObjectNode> write(Found root, ObjectNode told, LinkedEntities linked) {
        Map<String, Join.Coming> coming = form.join().load(List.of(root), form.projection(), linked);
        EntityWriter writer = new EntityWriter(form, Found.Page.of(root, coming));
        List<ObjectNode> all = new ArrayList<>();
        all.add(feature(writer.entity(told, form.projection()), told));
        if (form.join().mode() == Join.Mode.FLAT) {
            coming.values()
                    .forEach(one -> all.add(feature(
                            writer.entity(one.found(), one.projection()),
                            one.found().document())));
        }
        return all;
    }

    private ObjectNode feature(ObjectNode written, ObjectNode document) {
        return endpoint.accept() == AnswerType.GEO ? GeoJson.feature(written, document, "location") : written;
    }

    boolean expired(Instant now) {
        return expiresAt.isPresent() && !expiresAt.get().isAfter(now);
    }
}
