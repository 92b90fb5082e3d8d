package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import tools.jackson.databind.JsonNode;

/** The doors through which entities are read and changed over HTTP, over a database of their own, for tests. */
final class QueryDoors implements AutoCloseable {
    final Hub hub;
    final FakeAccess access = FakeAccess.to("fire");
    final FakeAudit audit = new FakeAudit();
    Caller caller = Hub.DISPATCHER;
    private final MockMvc mvc;

    QueryDoors() {
        this(Clock.systemUTC());
    }

    QueryDoors(Clock clock) {
        this(clock, 1_000);
    }

    /** @param instances of one attribute that one answer tells at most */
    QueryDoors(Clock clock, int instances) {
        hub = new Hub(clock);
        Model model = Model.load();
        EntityRetrieval retrieval =
                new EntityRetrieval(hub.transactions, hub.entities, new EntityFinder(hub.transactions), model, access);
        EntityDoor door = new EntityDoor(hub.entities, model, access, audit);
        EntityPurge purge = new EntityPurge(door, retrieval, hub.transactions, access, audit);
        mvc = MockMvcBuilders.standaloneSetup(
                        new EntityController(door, purge, hub.contexts),
                        new AttributeController(door, hub.contexts),
                        new QueryController(retrieval, hub.contexts),
                        new TemporalController(
                                new TemporalRetrieval(hub.transactions, instances, model, access, clock),
                                new TemporalDoor(hub.transactions, model, access, audit, clock),
                                hub.contexts))
                .setHandlerExceptionResolvers(new NgsiLdProblems())
                .setCustomArgumentResolvers(new Answers.Arguments(hub.transactions, () -> caller))
                .setMessageConverters(new Answers(), new ByteArrayHttpMessageConverter())
                .build();
    }

    record Reply(int status, String body, MockHttpServletResponse raw) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        List<String> ids() {
            List<String> ids = new ArrayList<>();
            json().forEach(entity -> ids.add(entity.path("id").stringValue("")));
            return ids;
        }

        String header(String name) {
            return String.valueOf(raw.getHeader(name));
        }

        /** The path of the page that a Link header names, or empty. */
        String link(String relation) {
            for (String link : header("Link").split(", ")) {
                if (link.contains("rel=\"" + relation + "\"")) {
                    return link.replaceAll("</ngsi-ld/v1/([^>]*)>.*", "$1");
                }
            }
            return "";
        }
    }

    /** @param headers names and values in turn */
    Reply call(String method, String path, String body, String... headers) {
        try {
            var call = request(HttpMethod.valueOf(method), URI.create("/ngsi-ld/v1/" + path));
            if (!body.isEmpty()) {
                call.content(body.getBytes(StandardCharsets.UTF_8)).contentType("application/json");
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
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    Reply get(String path, String... headers) {
        return call("GET", path, "", headers);
    }

    /** Asks with parameters, names and values in turn. */
    Reply entities(String... parameters) {
        return get("entities" + query(parameters));
    }

    Reply query(String body) {
        return call("POST", "entityOperations/query", body);
    }

    static String query(String... parameters) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return query.toString();
    }

    void created(String body) {
        assertThat(call("POST", "entities", body))
                .extracting(Reply::status, Reply::body)
                .containsExactly(201, "");
    }

    static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    @Override
    public void close() throws Exception {
        hub.close();
    }
}
