package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.conurb.hub.Doors.Reply;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whatever goes wrong under /ngsi-ld is told in the standard's terms. */
final class NgsiLdProblemsApiTest {
    private static final String SENSOR = "{\"id\":\"urn:x:1\",\"type\":\"Sensor\",\"speed\":1}";

    private final Hub hub = new Hub();
    private final Doors doors = new Doors(
            hub, () -> Hub.DISPATCHER, hub.withEntities(FakeAccess.to("fire"), new FakeAudit(), new Broken()));

    @RestController
    static class Broken {
        @GetMapping({"/ngsi-ld/v1/broken", "/elsewhere"})
        String fail() {
            throw new IllegalStateException("the cause stays here");
        }
    }

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private static Reply problem(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.raw().getContentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().get("type").stringValue()).isEqualTo(type);
        assertThat(reply.json().get("status").asInt()).isEqualTo(status);
        for (String member : List.of("title", "detail", "remedy")) {
            assertThat(reply.json().get(member).stringValue()).as(member).isNotBlank();
        }
        return reply;
    }

    @Test
    void everyTypeOfTheClauseHasItsStatus() {
        assertThat(doors.post("entities", SENSOR).status()).isEqualTo(201);
        problem(doors.post("entities", SENSOR), 409, NgsiLdFault.TYPES + "AlreadyExists");
        problem(doors.post("entities", "{}"), 400, NgsiLdFault.TYPES + "BadRequestData");
        problem(doors.post("entities", "{"), 400, NgsiLdFault.TYPES + "InvalidRequest");
        problem(doors.post("entities", ""), 400, NgsiLdFault.TYPES + "InvalidRequest");
        problem(doors.get("entities/urn:x:2"), 404, NgsiLdFault.TYPES + "ResourceNotFound");
        problem(
                doors.post("entities", "{\"id\":\"urn:x:3\",\"type\":\"Incident\"}"),
                409,
                NgsiLdFault.TYPES + "Conflict");
        problem(
                doors.call(
                        "GET",
                        "entities?type=Sensor",
                        null,
                        "Link",
                        "<http://10.0.0.1/x>; rel=\"http://www.w3.org/ns/json-ld#context\""),
                504,
                NgsiLdFault.TYPES + "LdContextNotAvailable");
        problem(doors.get("broken"), 500, NgsiLdFault.TYPES + "InternalError");
    }

    @Test
    void anInternalFaultTellsNothingOfItsCause() {
        assertThat(doors.get("broken").body()).doesNotContain("cause stays", "IllegalState");
    }

    @Test
    void whatHttpItselfRefusesIsAProblemToo() {
        Reply method = problem(doors.call("PUT", "entityOperations/query", "{}"), 405, "/problems/method-not-allowed");
        assertThat(method.header("Allow")).isEqualTo("POST");
        problem(
                doors.call("POST", "entities", SENSOR, "Content-Type", "text/plain"),
                415,
                "/problems/unsupported-media-type");
        problem(doors.get("nothing/here"), 404, NgsiLdFault.TYPES + "ResourceNotFound");
        Reply form = doors.call("GET", "entities?type=Sensor", null, "Accept", "text/html");
        assertThat(form.status()).isEqualTo(406);
        assertThat(form.body()).contains("application/json", "application/ld+json");
    }

    @Test
    void theFormIsTheOneThatTheClientLikesBest() {
        assertThat(doors.post("entities", SENSOR).status()).isEqualTo(201);
        for (String accept : List.of(
                "application/json",
                "*/*",
                "application/*",
                "application/ld+json, application/json",
                "application/ld+json;q=0.5, */*;q=0.8",
                "text/html, application/json;q=0.1")) {
            Reply reply = doors.call("GET", "entities/urn:x:1", null, "Accept", accept);
            assertThat(reply.raw().getContentType()).as(accept).isEqualTo("application/json");
            assertThat(reply.header("Link")).as(accept).contains(Names.CORE_CONTEXT);
            assertThat(reply.json().has("@context")).as(accept).isFalse();
        }
        for (String accept : List.of(
                "application/ld+json",
                "application/ld+json, application/json;q=0.9",
                "application/json;q=0, application/*",
                "*/*;q=0.1, application/ld+json")) {
            Reply reply = doors.call("GET", "entities/urn:x:1", null, "Accept", accept);
            assertThat(reply.raw().getContentType()).as(accept).isEqualTo("application/ld+json");
            assertThat(reply.header("Link")).as(accept).isNull();
            assertThat(reply.json().get("@context").stringValue()).isEqualTo(Names.CORE_CONTEXT);
        }
        for (String accept : List.of("text/html", "application/json;q=0", "image/*", "application/xml, text/*")) {
            assertThat(doors.call("GET", "entities/urn:x:1", null, "Accept", accept)
                            .status())
                    .as(accept)
                    .isEqualTo(406);
        }
    }
}
