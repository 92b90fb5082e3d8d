package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.conurb.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Links between the resources of the door, whole, since GIS programs do not resolve them.
 *
 * @param origin by which the client reached us, without a slash at its end
 */
record OgcLinks(String origin) {
    static final String ROOT = "/ogc/features/v1";
    static final String JSON = "application/json";
    static final String GEO_JSON = "application/geo+json";
    static final String SCHEMA = "application/schema+json";
    static final String OPEN_API = "application/vnd.oai.openapi+json;version=3.0";

    static OgcLinks of(HttpServletRequest request) {
        StringBuffer url = request.getRequestURL();
        return new OgcLinks(
                url.substring(0, url.length() - request.getRequestURI().length()));
    }

    /** What the client asked. */
    String asked(HttpServletRequest request) {
        String query = request.getQueryString();
        return origin + request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    String at(String path) {
        return origin + ROOT + path;
    }

    static String collection(String kind) {
        return "/collections/" + encoded(kind);
    }

    static String item(String kind, String id) {
        return collection(kind) + "/items/" + encoded(id);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Adds the links to an object under construction. */
    To to(ObjectNode object) {
        return new To(object.putArray("links"));
    }

    /** The list of one object's links. */
    final class To {
        private final ArrayNode links;

        private To(ArrayNode links) {
            this.links = links;
        }

        To with(String relation, String type, String title, String path) {
            return absolute(relation, type, title, at(path));
        }

        To absolute(String relation, String type, String title, String href) {
            links.add(Json.mapper()
                    .createObjectNode()
                    .put("href", href)
                    .put("rel", relation)
                    .put("type", type)
                    .put("title", title));
            return this;
        }
    }
}
