package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers in the form that a client accepts (GS CIM 009 clauses 6.3.4 and 6.3.6): JSON with the context in a Link header,
 * JSON-LD with it inside, or GeoJSON with it inside unless the client prefers otherwise.
 */
final class LdAnswers {
    private LdAnswers() {}

    /** One object whose names are those of the context. */
    static Answer object(HttpServletRequest request, LdContext context, ObjectNode body) {
        AnswerType type = AnswerType.of(request, AnswerType.JSON, AnswerType.LINKED);
        if (type == AnswerType.LINKED) {
            body.set("@context", context.asSent());
        }
        return answer(type, context, Json.mapper().writeValueAsBytes(body));
    }

    /** A list of objects whose names are those of the context. */
    static Answer list(HttpServletRequest request, LdContext context, ArrayNode body) {
        AnswerType type = AnswerType.of(request, AnswerType.JSON, AnswerType.LINKED);
        if (type == AnswerType.LINKED) {
            for (JsonNode one : body) {
                ((ObjectNode) one).set("@context", context.asSent());
            }
        }
        return answer(type, context, Json.mapper().writeValueAsBytes(body));
    }

    /** A feature, or a collection of them. */
    static Answer geoJson(HttpServletRequest request, LdContext context, ObjectNode body) {
        boolean plain = "body=json".equals(request.getHeader("Prefer"));
        if (!plain) {
            body.set("@context", context.asSent());
        }
        Answer answer = answer(AnswerType.GEO, context, Json.mapper().writeValueAsBytes(body));
        return plain ? answer.with("Link", context.link()).with("Preference-Applied", "body=json") : answer;
    }

    /** One document as it is kept, which is under the core context, without reading it. */
    static Answer kept(AnswerType type, String text) {
        return written(type, LdContext.CORE, text);
    }

    /** One object that is written already, its names those of the context. */
    static Answer written(AnswerType type, LdContext context, String text) {
        return answer(type, context, inside(type, context, text).getBytes(StandardCharsets.UTF_8));
    }

    /** The same of several. */
    static Answer written(AnswerType type, LdContext context, List<String> texts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write('[');
        for (String text : texts) {
            if (body.size() > 1) {
                body.write(',');
            }
            body.writeBytes(inside(type, context, text).getBytes(StandardCharsets.UTF_8));
        }
        body.write(']');
        return answer(type, context, body.toByteArray());
    }

    private static String inside(AnswerType type, LdContext context, String text) {
        if (type != AnswerType.LINKED) {
            return text;
        }
        String comma = text.length() > 2 ? "," : "";
        return text.substring(0, text.length() - 1) + comma + "\"@context\":" + context.asSent() + '}';
    }

    /** What has no names that a context would explain. */
    static Answer plain(HttpServletRequest request, JsonNode body) {
        AnswerType type = AnswerType.of(request, AnswerType.JSON, AnswerType.LINKED);
        return Answer.ok(body).with("Content-Type", type.mediaType()).with("Vary", "Accept");
    }

    private static Answer answer(AnswerType type, LdContext context, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type.mediaType());
        if (type == AnswerType.JSON) {
            headers.put("Link", context.link());
        }
        headers.put("Vary", "Accept");
        return new Answer(200, headers, body);
    }

    /**
     * Adds a link to another page of the same query.
     *
     * @param relation {@code next} or {@code prev}
     * @param parameter that tells where the page begins
     */
    static Answer link(Answer answer, HttpServletRequest request, String relation, String parameter, String value) {
        String link = "<%s>; rel=\"%s\"; type=\"%s\""
                .formatted(
                        page(request, parameter, value),
                        relation,
                        answer.headers().get("Content-Type"));
        String before = answer.headers().get("Link");
        return answer.with("Link", before == null ? link : before + ", " + link);
    }

    /** The address of another page of the same query, without the name of the host. */
    static String page(HttpServletRequest request, String parameter, String value) {
        List<String> parts = new ArrayList<>();
        String asked = request.getQueryString();
        for (String part : asked == null ? new String[0] : asked.split("&", -1)) {
            if (!part.isEmpty() && !part.startsWith("cursor=") && !part.startsWith("offset=")) {
                parts.add(part.replace("<", "%3C").replace(">", "%3E"));
            }
        }
        parts.add(parameter + '=' + value);
        String[] sorted = parts.toArray(String[]::new);
        Arrays.sort(sorted);
        return request.getRequestURI() + '?' + String.join("&", sorted);
    }

    /** Adds a link to the next page. */
    static Answer next(Answer answer, HttpServletRequest request, String cursor) {
        return link(answer, request, "next", "cursor", cursor);
    }
}
