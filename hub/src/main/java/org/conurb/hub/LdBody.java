package org.conurb.hub;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request's JSON and the @context under which its names stand; read by {@link Contexts}. */
record LdBody(JsonNode json, LdContext context) {
    /** The body where it must be an object. */
    ObjectNode object() {
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw NgsiLdFault.invalid("The body is no JSON object.", "Send one object.");
    }
}
