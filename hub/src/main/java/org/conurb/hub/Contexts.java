package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Finds the @context under which the names of a request stand (GS CIM 009 clause 6.3.5). Safe for many threads. */
final class Contexts {
    private static final String CONTEXT_LINK = "http://www.w3.org/ns/json-ld#context";
    private static final Pattern LINK = Pattern.compile("<([^<>]{1,2000})>\\s*;([^<>,]{1,500})");

    /** A request's JSON with its context, which is in the body or in a Link header, as the content type says. */
    LdBody body(HttpServletRequest request, byte @Nullable [] sent) {
        JsonNode json = parse(sent);
        JsonNode own = json.get("@context");
        if (!linked(request)) {
            if (own != null) {
                throw mixed();
            }
            return new LdBody(json, of(request));
        }
        if (request.getHeader("Link") != null && isContext(request.getHeader("Link"))) {
            throw NgsiLdFault.badData(
                    "application/ld+json has its @context in the body, and there is a Link header too.",
                    "Send one of them.");
        }
        if (json.isArray()) {
            return new LdBody(json, LdContext.CORE);
        }
        return new LdBody(json, inside(own));
    }

    /** The context of one object of a list: what it has in it or, of plain JSON, that of the request. */
    LdContext ofItem(HttpServletRequest request, LdBody all, JsonNode one) {
        JsonNode own = one.get("@context");
        if (linked(request)) {
            return inside(own);
        }
        if (own != null) {
            throw mixed();
        }
        return all.context();
    }

    private LdContext inside(@Nullable JsonNode own) {
        if (own == null) {
            throw NgsiLdFault.badData(
                    "The body is application/ld+json and has no @context.",
                    "Send @context in it, or application/json.");
        }
        return of(own);
    }

    private static boolean linked(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/ld+json");
    }

    private static NgsiLdFault mixed() {
        return NgsiLdFault.badData(
                "The body has an @context and is not application/ld+json.",
                "Send Content-Type application/ld+json, or the context in a Link header.");
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

    /** The context that a Link header names, else the core. */
    LdContext of(HttpServletRequest request) {
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

    /** The context that stands in a body: an object, a URL, or a list of such. */
    LdContext of(JsonNode context) {
        return LdContext.of(context);
    }

    /** The context of a kept document with its own {@code @context}, else the core. */
    LdContext ofDocument(JsonNode document) {
        JsonNode own = document.get("@context");
        return own == null ? LdContext.CORE : of(own);
    }
}
