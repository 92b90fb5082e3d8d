package org.conurb.hub;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A subscription as it is matched (GS CIM 009 clause 5.2.12).
 *
 * @param selectors any of which an entity must meet; empty for all entities
 * @param watched kept names, one of which must have changed; empty for any
 * @param form how entities are told
 * @param linked whether the receiver wants JSON-LD
 */
record Subscription(
        String id,
        List<Selector> selectors,
        Set<String> watched,
        Optional<Query> q,
        Optional<GeoQuery> geo,
        Representation form,
        URI endpoint,
        boolean linked,
        boolean active,
        Optional<Instant> expiresAt) {

    /** Which entities are meant: all that is given must hold. */
    record Selector(Optional<String> id, Optional<BoundedPattern> idPattern, String type) {
        boolean meets(String entityId, List<String> types) {
            return (type.equals("*") || types.contains(type))
                    && id.map(entityId::equals).orElse(true)
                    && (id.isPresent()
                            || idPattern.map(pattern -> pattern.finds(entityId)).orElse(true));
        }
    }

    boolean meets(String entityId, List<String> types, List<String> changed) {
        return active
                && (selectors.isEmpty() || selectors.stream().anyMatch(one -> one.meets(entityId, types)))
                && (watched.isEmpty() || changed.stream().anyMatch(watched::contains));
    }

    boolean meets(ObjectNode document) {
        return q.map(query -> QueryMatch.matches(query, document)).orElse(true)
                && geo.map(query -> query.matches(document)).orElse(true);
    }
}
