package org.conurb.hub;

import java.util.List;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Entities as GeoJSON (GS CIM 009 clauses 4.5.16 and 4.5.17; RFC 7946). */
final class GeoJson {
    private GeoJson() {}

    /**
     * @param written the entity as a client wants it; becomes part of the feature
     * @param document the kept entity
     * @param property kept name of the geoproperty that becomes the geometry
     */
    static ObjectNode feature(ObjectNode written, ObjectNode document, String property) {
        ObjectNode feature = Json.mapper().createObjectNode();
        JsonNode id = written.remove("id");
        if (id != null) {
            feature.set("id", id);
        }
        feature.put("type", "Feature");
        feature.set("geometry", geometry(document.get(property)));
        feature.set("properties", written);
        return feature;
    }

    /** Of the default instance; null where there is none. */
    private static JsonNode geometry(@Nullable JsonNode attribute) {
        if (attribute != null) {
            for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
                if (instance.isObject()
                        && AttributeKind.ofType(instance.get("type")) == AttributeKind.GEO
                        && (EntityReader.dataset(instance).isEmpty() || !attribute.isArray())) {
                    return instance.path("value");
                }
            }
        }
        return Json.mapper().nullNode();
    }

    static ObjectNode collection(ArrayNode features) {
        ObjectNode collection = Json.mapper().createObjectNode();
        collection.put("type", "FeatureCollection");
        collection.set("features", features);
        return collection;
    }
}
