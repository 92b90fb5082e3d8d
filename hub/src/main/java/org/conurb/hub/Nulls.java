package org.conurb.hub;

import tools.jackson.databind.JsonNode;

/** Where {@code urn:ngsi-ld:null} may stand in what is read, and takes something away (GS CIM 009 clauses 4.5.0, 5.5.4). */
enum Nulls {
    /** Nowhere: what is created or replaced is whole. */
    REFUSED,
    /** In place of an attribute, a sub-attribute or one of their members. */
    FOR_MEMBERS,
    /** Inside the value of a Property, too: a merge patch goes as deep as the value. */
    EVERYWHERE;

    /** The mark itself. */
    static final String NULL = "urn:ngsi-ld:null";

    static boolean is(JsonNode node) {
        return node.isString() && NULL.equals(node.stringValue());
    }

    /** Whether the mark is a member of the value or of what it holds. */
    static boolean inside(JsonNode value) {
        if (!value.isContainer()) {
            return false;
        }
        for (JsonNode part : value) {
            if ((value.isObject() && is(part)) || inside(part)) {
                return true;
            }
        }
        return false;
    }
}
