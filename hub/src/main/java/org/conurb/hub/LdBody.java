package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request's JSON and the @context under which its names stand (GS CIM 009 clause 6.3.5). */
record LdBody(JsonNode json, LdContext context) {
    private static final String CONTEXT_LINK = "http://www.w3.org/ns/json-ld#context";
    private static final Pattern LINK = Pattern.compile("<([^<>]{1,2000})>\\s*;([^<>,]{1,500})");

    static LdBody of(HttpServletRequest request, byte @Nullable [] body) {
        JsonNode json = parse(body);
        String type = request.getContentType();
        boolean linked = type != null && type.toLowerCase(java.util.Locale.ROOT).startsWith("application/ld+json");
        JsonNode own = json.get("@context");
        LdContext byHeader = contextOf(request);
        if (!linked) {
            if (own != null) {
                throw NgsiLdFault.badData(
                        "The body has an @context and is not application/ld+json.",
                        "Send Content-Type application/ld+json, or the context in a Link header.");
            }
            return new LdBody(json, byHeader);
        }
        if (request.getHeader("Link") != null && isContext(request.getHeader("Link"))) {
            throw NgsiLdFault.badData(
                    "application/ld+json has its @context in the body, and there is a Link header too.",
                    "Send one of them.");
        }
        if (json.isArray()) {
            return new LdBody(json, LdContext.CORE);
        }
        if (own == null) {
            throw NgsiLdFault.badData(
                    "The body is application/ld+json and has no @context.",
                    "Send @context in it, or application/json.");
        }
        return new LdBody(json, LdContext.of(own));
    }

    private static JsonNode parse(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw NgsiLdFault.invalid("The request has no body.", "Send JSON.");
        }
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException e) {
            throw NgsiLdFault.invalid(
                    "The body is no JSON that is taken here, at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()),
                    "Mend the JSON and send it again; at most %d levels, no member twice.".formatted(Json.MAX_DEPTH));
        }
    }

    /** The context that a Link header names: only the core is at hand without fetching. */
    static LdContext contextOf(HttpServletRequest request) {
        String header = request.getHeader("Link");
        if (header == null) {
            return LdContext.CORE;
        }
        Matcher link = LINK.matcher(header);
        while (link.find()) {
            if (isContext(link.group(2)) && !Names.isCoreContext(link.group(1))) {
                throw NgsiLdFault.contextNotAvailable(link.group(1));
            }
        }
        return LdContext.CORE;
    }

    private static boolean isContext(String link) {
        return link.contains(CONTEXT_LINK);
    }

    /** The body where it must be an object. */
    ObjectNode object() {
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw NgsiLdFault.invalid("The body is no JSON object.", "Send one object.");
    }
}
