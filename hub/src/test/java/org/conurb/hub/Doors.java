package org.conurb.hub;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.JsonNode;

/** NGSI-LD doors as a client meets them. */
final class Doors {
    private final MockMvc mvc;

    Doors(Hub hub, Supplier<Caller> caller, Object... controllers) {
        this(hub, caller, List.of(), controllers);
    }

    Doors(Hub hub, Supplier<Caller> caller, List<Filter> filters, Object... controllers) {
        mvc = MockMvcBuilders.standaloneSetup(controllers)
                .setHandlerExceptionResolvers(new NgsiLdProblems(), Doors::elsewhere)
                .setCustomArgumentResolvers(new Answers.Arguments(hub.transactions, caller))
                .setMessageConverters(
                        new Answers(),
                        new ByteArrayHttpMessageConverter(),
                        new JacksonJsonHttpMessageConverter(Json.mapper()))
                .addFilters(filters.toArray(Filter[]::new))
                .build();
    }

    /** What the server's own advice does under {@code /api}, as small as tests need it. */
    private static ModelAndView elsewhere(
            HttpServletRequest request, HttpServletResponse response, Object handler, Exception failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof ConurbException)) {
            cause = cause.getCause();
        }
        if (!(cause instanceof ConurbException known)) {
            return null;
        }
        try {
            NgsiLdProblems.write(request, response, known);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }

    record Reply(int status, String body, MockHttpServletResponse raw) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        String header(String name) {
            return raw.getHeader(name);
        }
    }

    /**
     * @param path below {@code /ngsi-ld/v1}, or whole
     * @param headers names and values in turn
     */
    Reply call(String method, String path, String body, String... headers) {
        return send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** The same with a body that is no text. */
    Reply send(String method, String path, byte[] body, String... headers) {
        try {
            var call = request(
                    HttpMethod.valueOf(method), URI.create(path.startsWith("/") ? path : "/ngsi-ld/v1/" + path));
            if (body != null) {
                call.content(body).contentType("application/json");
            }
            for (int i = 0; i < headers.length; i += 2) {
                if (headers[i].equals("Content-Type")) {
                    call.contentType(headers[i + 1]);
                } else {
                    call.header(headers[i], headers[i + 1]);
                }
            }
            MockHttpServletResponse response = mvc.perform(call).andReturn().getResponse();
            return new Reply(response.getStatus(), response.getContentAsString(StandardCharsets.UTF_8), response);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Reply get(String path) {
        return call("GET", path, null);
    }

    Reply post(String path, String body) {
        return call("POST", path, body);
    }

    Reply patch(String path, String body) {
        return call("PATCH", path, body);
    }

    Reply put(String path, String body) {
        return call("PUT", path, body);
    }

    Reply delete(String path) {
        return call("DELETE", path, null);
    }
}
