package org.conurb.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON object in a small request. */
final class Body {
    private Body() {}

    /** @throws BadRequest for anything but one JSON object */
    static ObjectNode object(HttpServletRequest request) {
        JsonNode read = read(request, Json.mapper(), Json.mapper().constructType(JsonNode.class));
        return read instanceof ObjectNode object ? object : fail();
    }

    static <T> T read(HttpServletRequest request, JsonMapper mapper, JavaType type) {
        try {
            byte[] bytes = request.getInputStream().readNBytes(SmallBodies.MOST_BYTES + 1);
            if (bytes.length > SmallBodies.MOST_BYTES) {
                throw new Failures.TooLarge(SmallBodies.MOST_BYTES);
            }
            T value = mapper.readValue(bytes, type);
            return value == null ? fail() : value;
        } catch (JacksonException | IllegalArgumentException e) {
            return fail(); // the parser's words would repeat what was sent, as a password
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws BadRequest where the member is there and no text */
    static String text(ObjectNode object, String member) {
        JsonNode value = object.get(member);
        if (value == null || !value.isString()) {
            throw new BadRequest(
                    "member-form",
                    "%s is missing or no text.".formatted(member),
                    "Send \"%s\":\"…\".".formatted(member));
        }
        return value.stringValue();
    }

    private static <T> T fail() {
        throw new BadRequest(
                "json",
                "The body is not the JSON object that is expected here.",
                "See the description of this interface.");
    }
}
