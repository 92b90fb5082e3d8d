package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers in the form that a client accepts: JSON with the context in a Link header, or JSON-LD with it inside. */
final class LdAnswers {
    private LdAnswers() {}

    private static boolean linked(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        if (accept == null) {
            return false;
        }
        int ld = accept.indexOf("application/ld+json");
        int plain = accept.indexOf("application/json");
        return ld >= 0 && (plain < 0 || ld < plain);
    }

    /** One object whose names are those of the context. */
    static Answer object(HttpServletRequest request, LdContext context, ObjectNode body) {
        if (linked(request)) {
            body.set("@context", context.asSent());
        }
        return answer(request, context, Json.mapper().writeValueAsBytes(body));
    }

    /** A document as it is kept, which is under the core context, without reading it. */
    static Answer kept(HttpServletRequest request, String text) {
        String body = linked(request)
                ? text.substring(0, text.length() - 1) + ",\"@context\":\"" + Names.CORE_CONTEXT + "\"}"
                : text;
        return answer(request, LdContext.CORE, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A list of objects whose names are those of the context. */
    static Answer list(HttpServletRequest request, LdContext context, ArrayNode body) {
        if (linked(request)) {
            for (JsonNode one : body) {
                ((ObjectNode) one).set("@context", context.asSent());
            }
        }
        return answer(request, context, Json.mapper().writeValueAsBytes(body));
    }

    private static Answer answer(HttpServletRequest request, LdContext context, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (linked(request)) {
            headers.put("Content-Type", "application/ld+json");
        } else {
            headers.put("Content-Type", "application/json");
            headers.put("Link", context.link());
        }
        headers.put("Vary", "Accept");
        return new Answer(200, headers, body);
    }

    /** Adds a link to the next page. */
    static Answer next(Answer answer, HttpServletRequest request, String cursor) {
        StringBuilder query = new StringBuilder();
        String asked = request.getQueryString();
        for (String part : asked == null ? new String[0] : asked.split("&", -1)) {
            if (!part.startsWith("cursor=") && !part.isEmpty()) {
                query.append(part).append('&');
            }
        }
        String next = "<%s?%scursor=%s>; rel=\"next\"; type=\"application/ld+json\""
                .formatted(
                        request.getRequestURI(),
                        query.toString().replace("<", "%3C").replace(">", "%3E"),
                        cursor);
        String before = answer.headers().get("Link");
        return answer.with("Link", before == null ? next : before + ", " + next);
    }
}
