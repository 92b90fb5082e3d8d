package org.conurb.hub;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A merge patch on a subscription or a registration (GS CIM 009 clauses 5.5.12, 5.8.2, 5.9.3). */
final class Patch {
    private Patch() {}

    /** A copy of the document with the patch merged in; null, or the NGSI-LD null, takes a member away. */
    static ObjectNode apply(ObjectNode document, ObjectNode patch, String id) {
        JsonNode itsId = patch.has("id") ? patch.get("id") : patch.get("@id");
        if (itsId != null && !(itsId.isString() && itsId.stringValue().equals(id))) {
            throw NgsiLdFault.badData("The body has another id than the path.", "Leave the id out of the body.");
        }
        ObjectNode merged = document.deepCopy();
        ObjectNode rest = patch.deepCopy();
        rest.remove(java.util.List.of("id", "@id", "@context"));
        merge(merged, rest);
        return merged;
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            JsonNode value = member.getValue();
            if (value.isNull() || value.isString() && value.stringValue().equals(Nulls.NULL)) {
                into.remove(member.getKey());
            } else if (value instanceof ObjectNode coming && into.get(member.getKey()) instanceof ObjectNode kept) {
                merge(kept, coming);
            } else {
                into.set(member.getKey(), value);
            }
        }
    }
}
