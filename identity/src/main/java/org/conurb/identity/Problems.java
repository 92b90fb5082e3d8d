package org.conurb.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.springframework.http.HttpStatus;

/** Writes a refusal of the security filters, which run before any controller, as an RFC 9457 problem. */
final class Problems {
    private Problems() {}

    static void write(HttpServletResponse response, ConurbException failure) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        int status = failure.category().status();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "/problems/" + failure.code());
        body.put("title", HttpStatus.valueOf(status).getReasonPhrase());
        body.put("status", status);
        body.put("detail", failure.detail());
        body.put("remedy", failure.remedy());
        byte[] bytes = Json.mapper().writeValueAsString(body).getBytes(UTF_8);
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setContentLength(bytes.length);
        failure.retryAfter()
                .ifPresent(wait -> response.setHeader("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))));
        response.getOutputStream().write(bytes);
    }
}
