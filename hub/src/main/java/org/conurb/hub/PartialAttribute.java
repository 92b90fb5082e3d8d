package org.conurb.hub;

import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A partial update of one attribute may leave out type and value (GS CIM 009 clause 5.6.4): they stay as they are. */
final class PartialAttribute {
    private PartialAttribute() {}

    /** What came, completed from the instance of the same dataset, so that it can be read like any attribute. */
    static JsonNode typed(ObjectNode coming, JsonNode before) {
        String dataset =
                coming.path("datasetId").isString() ? coming.path("datasetId").stringValue() : "";
        for (JsonNode instance : before.isArray() ? before : java.util.List.of(before)) {
            if (EntityReader.dataset(instance).equals(dataset)) {
                return complete(coming, instance);
            }
        }
        return coming;
    }

    private static ObjectNode complete(ObjectNode coming, JsonNode instance) {
        AttributeKind kind = AttributeKind.of(instance);
        JsonNode type = coming.get("type");
        if (type != null && !kind.type().equals(type.isString() ? type.stringValue() : "")) {
            return coming;
        }
        ObjectNode whole = Json.mapper().createObjectNode();
        whole.put("type", kind.type());
        if (!coming.has(kind.member())) {
            whole.set(kind.member(), instance.path(kind.member()));
        }
        coming.properties().forEach(member -> {
            if (!member.getKey().equals("@context")) {
                whole.set(member.getKey(), member.getValue());
            }
        });
        return whole;
    }
}
