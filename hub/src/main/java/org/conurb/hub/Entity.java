package org.conurb.hub;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;

/**
 * What a room lets others know of one of its things.
 *
 * @param id URI, as {@code urn:ngsi-ld:Incident:<uuid>}
 * @param type short name in the default vocabulary, as {@code Incident}
 * @param owner whose it is
 * @param attributes by short name; immutable, in the order they were given
 */
public record Entity(String id, String type, OrganisationId owner, Map<String, Attribute> attributes) {
    public Entity {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    public static Entity of(String id, String type, OrganisationId owner) {
        return new Entity(id, type, owner, Map.of());
    }

    /** This entity with the attribute added or replaced. */
    public Entity with(String name, Attribute attribute) {
        Map<String, Attribute> more = new LinkedHashMap<>(attributes);
        more.put(name, attribute);
        return new Entity(id, type, owner, more);
    }

    /** This entity with the attribute, where there is one. */
    public Entity with(String name, Optional<? extends Attribute> attribute) {
        return attribute.map(present -> with(name, present)).orElse(this);
    }

    public Optional<Attribute> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }
}
