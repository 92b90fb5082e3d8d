package org.conurb.hub;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import org.conurb.kernel.Json;
import org.locationtech.jts.geom.Envelope;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the door tells of itself (OGC API - Features - Part 1, sections 7.2 to 7.14; queryables: Part 3, section 6.2). */
final class OgcDocuments {
    private static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private static final String QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
    private static final List<String> CLASSES = List.of(
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson");
    private static final ObjectNode API = read();

    private OgcDocuments() {}

    private static ObjectNode read() {
        try (InputStream in = OgcDocuments.class.getResourceAsStream("ogc-features.json")) {
            if (in == null) {
                throw new IllegalStateException("ogc-features.json is missing");
            }
            return (ObjectNode) Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("ogc-features.json cannot be read", e);
        }
    }

    static ObjectNode landing(OgcLinks links) {
        ObjectNode landing = Json.mapper().createObjectNode();
        landing.put("title", "The city's entities as features");
        landing.put("description", "A collection for each type of entity that you may read.");
        links.to(landing)
                .with("self", OgcLinks.JSON, "This page", "")
                .with("service-desc", OgcLinks.OPEN_API, "Description of this API", "/api")
                .with("conformance", OgcLinks.JSON, "Classes that this API conforms to", "/conformance")
                .with("data", OgcLinks.JSON, "Collections", "/collections");
        return landing;
    }

    static ObjectNode conformance() {
        ObjectNode conformance = Json.mapper().createObjectNode();
        CLASSES.forEach(conformance.putArray("conformsTo")::add);
        return conformance;
    }

    /** OpenAPI 3.0. */
    static ObjectNode api(OgcLinks links) {
        ObjectNode api = API.deepCopy();
        api.putArray("servers").addObject().put("url", links.at(""));
        return api;
    }

    static ObjectNode collections(OgcLinks links, Collection<String> kinds) {
        ObjectNode all = Json.mapper().createObjectNode();
        links.to(all).with("self", OgcLinks.JSON, "Collections", "/collections");
        ArrayNode collections = all.putArray("collections");
        kinds.forEach(kind -> collections.add(collection(links, kind)));
        return all;
    }

    static ObjectNode collection(OgcLinks links, String kind) {
        ObjectNode collection = Json.mapper().createObjectNode();
        collection.put("id", kind);
        collection.put("title", kind.substring(1 + Math.max(kind.lastIndexOf('/'), kind.lastIndexOf('#'))));
        collection.put("description", "Entities of type %s.".formatted(Names.iri(kind)));
        collection.put("itemType", "feature");
        collection.putArray("crs").add(CRS84);
        String path = OgcLinks.collection(kind);
        links.to(collection)
                .with("self", OgcLinks.JSON, "This collection", path)
                .with("items", OgcLinks.GEO_JSON, "Its features", path + "/items")
                .with(QUERYABLES, OgcLinks.SCHEMA, "What it can be asked by", path + "/queryables");
        return collection;
    }

    static void extent(ObjectNode collection, Envelope box) {
        ObjectNode spatial = collection.putObject("extent").putObject("spatial");
        spatial.putArray("bbox")
                .addArray()
                .add(box.getMinX())
                .add(box.getMinY())
                .add(box.getMaxX())
                .add(box.getMaxY());
        spatial.put("crs", CRS84);
    }

    /** A JSON schema of what features can be asked by, {@code ?name=value}. */
    static ObjectNode queryables(OgcLinks links, String kind, Collection<String> attributes) {
        ObjectNode schema = Json.mapper().createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", links.at(OgcLinks.collection(kind) + "/queryables"));
        schema.put("title", kind);
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (String name : attributes) {
            ObjectNode property = properties.putObject(name).put("title", name);
            if (name.equals(OgcQuery.GEOMETRY)) {
                property.put("format", "geometry-any").put("x-ogc-role", "primary-geometry");
            }
        }
        schema.put("additionalProperties", false);
        return schema;
    }
}
