package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entity as it is kept.
 *
 * @param iid its number here
 * @param text the document: normalized, names as {@link Names} has them; empty for a deleted entity
 */
record Stored(long iid, OrganisationId owner, Instant createdAt, Instant at, long version, String text) {
    boolean deleted() {
        return text.isEmpty();
    }

    ObjectNode document() {
        return (ObjectNode) Json.mapper().readTree(text);
    }

    /** Types of a document, one or more. */
    static List<String> types(JsonNode document) {
        JsonNode type = document.path("type");
        if (type.isString()) {
            return List.of(type.stringValue());
        }
        List<String> all = new ArrayList<>();
        type.forEach(one -> all.add(one.stringValue()));
        return all;
    }

    /** Whether a member of a document is an attribute. */
    static boolean isAttribute(String member) {
        return !(member.equals("id") || member.equals("type") || member.equals("scope"));
    }
}
