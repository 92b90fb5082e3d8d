package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.EntityDoors.texts;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.conurb.hub.Doors.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** GS CIM 009 clauses 5.6.7 to 5.6.10, 5.6.20 and 6.14 to 6.17, 6.31. */
final class BatchApiTest {
    private static final String CREATE = "entityOperations/create";
    private static final String UPSERT = "entityOperations/upsert";
    private static final String UPDATE = "entityOperations/update";
    private static final String MERGE = "entityOperations/merge";
    private static final String DELETE = "entityOperations/delete";

    private final EntityDoors doors = new EntityDoors();

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private static String id(int n) {
        return "urn:ngsi-ld:Lamp:" + n;
    }

    private static String lamp(int n, String members) {
        return "{\"id\":\"%s\",\"type\":\"Lamp\"%s}".formatted(id(n), members.isEmpty() ? "" : "," + members);
    }

    private static String list(String... entities) {
        return "[" + String.join(",", entities) + "]";
    }

    private static String ids(int... ids) {
        return IntStream.of(ids).mapToObj(n -> "\"" + id(n) + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private void made(int... ids) {
        String all = IntStream.of(ids)
                .mapToObj(n -> lamp(n, "\"power\":1,\"brand\":\"Acme\""))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(doors.post(CREATE, all).status()).isEqualTo(201);
    }

    private JsonNode power(int n) {
        return doors.read(id(n)).at("/power/value");
    }

    private void refused(Reply reply, int... ids) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(207);
        assertThat(reply.json().get("errors").findValuesAsString("entityId"))
                .containsExactly(IntStream.of(ids).mapToObj(BatchApiTest::id).toArray(String[]::new));
        reply.json().get("errors").forEach(error -> {
            assertThat(error.at("/error/type").stringValue()).isNotBlank();
            assertThat(error.at("/error/title").stringValue()).isNotBlank();
            assertThat(error.at("/error/detail").stringValue()).isNotBlank();
            assertThat(error.at("/error/status").asInt()).isBetween(400, 499);
        });
    }

    private static void succeeded(Reply reply, int... ids) {
        assertThat(texts(reply.json().get("success")))
                .containsExactly(IntStream.of(ids).mapToObj(BatchApiTest::id).toArray(String[]::new));
    }

    @Test
    void allAreCreatedAndNamed() {
        Reply reply = doors.post(CREATE, list(lamp(2, ""), lamp(1, "\"power\":1"), lamp(3, "")));
        assertThat(reply.status()).isEqualTo(201);
        assertThat(texts(reply.json())).containsExactly(id(2), id(1), id(3));
        assertThat(doors.get("entities?type=Lamp").json().size()).isEqualTo(3);
        assertThat(doors.hub.count("change")).isEqualTo(3);
        assertThat(doors.audit.actions()).containsExactly("entities.created");
        assertThat(doors.audit.entries().getFirst().facts())
                .containsEntry("count", "3")
                .containsEntry("ids.0", id(2) + " " + id(1) + " " + id(3));
    }

    @Test
    void oneThatIsWrongDoesNotKeepTheOthersBack() {
        made(1);
        doors.access.writable("fire");
        Reply reply = doors.post(
                CREATE,
                list(
                        lamp(1, ""),
                        lamp(2, "\"power\":null"),
                        lamp(3, "\"power\":3"),
                        "{\"id\":\"urn:ngsi-ld:Lamp:4\"}",
                        "{\"id\":\"urn:ngsi-ld:Lamp:5\",\"type\":\"Incident\"}",
                        "{\"type\":\"Lamp\"}"));
        assertThat(reply.status()).isEqualTo(207);
        succeeded(reply, 3);
        JsonNode errors = reply.json().get("errors");
        assertThat(errors.findValuesAsString("entityId"))
                .containsExactly(id(1), id(2), id(4), id(5), "urn:conurb:batch:item:5");
        assertThat(errors.at("/0/error/type").stringValue()).isEqualTo(NgsiLdFault.TYPES + "AlreadyExists");
        assertThat(errors.at("/0/error/status").asInt()).isEqualTo(409);
        assertThat(errors.at("/1/error/type").stringValue()).isEqualTo(NgsiLdFault.TYPES + "BadRequestData");
        assertThat(power(3).asInt()).isEqualTo(3);
    }

    @Test
    void aBatchOfWhichNothingIsTakenSaysSo() {
        made(1, 2);
        Reply reply = doors.post(CREATE, list(lamp(1, ""), lamp(2, "")));
        refused(reply, 1, 2);
        succeeded(reply);
        assertThat(doors.hub.count("change")).isEqualTo(2);
    }

    @Test
    void upsertingCreatesAndReplaces() {
        made(1);
        Reply reply = doors.post(UPSERT, list(lamp(1, "\"power\":5"), lamp(2, "\"power\":6")));
        assertThat(reply.status()).isEqualTo(201);
        assertThat(texts(reply.json())).containsExactly(id(2));
        assertThat(power(1).asInt()).isEqualTo(5);
        assertThat(doors.read(id(1)).has("brand")).isFalse();
        assertThat(doors.post(UPSERT, list(lamp(1, "\"power\":7"), lamp(2, "\"power\":8")))
                        .status())
                .isEqualTo(204);
        assertThat(doors.audit.actions())
                .containsExactly("entity.created", "entity.changed", "entity.created", "entities.changed");
    }

    @Test
    void upsertingWithUpdateKeepsWhatIsNotSent() {
        made(1);
        assertThat(doors.post(UPSERT + "?options=update", list(lamp(1, "\"power\":5"), lamp(2, "\"power\":6")))
                        .status())
                .isEqualTo(201);
        assertThat(power(1).asInt()).isEqualTo(5);
        assertThat(doors.read(id(1)).at("/brand/value").stringValue()).isEqualTo("Acme");
        assertThat(doors.post(UPSERT + "?options=replaceAll", list(lamp(1, ""))).status())
                .isEqualTo(400);
    }

    @Test
    void updatingOverwritesWhereItMayAndNeverCreates() {
        made(1, 2);
        assertThat(doors.post(UPDATE, list(lamp(1, "\"power\":5"), "{\"id\":\"urn:ngsi-ld:Lamp:2\",\"fresh\":1}"))
                        .status())
                .isEqualTo(204);
        assertThat(power(1).asInt()).isEqualTo(5);
        assertThat(doors.read(id(2)).at("/fresh/value").asInt()).isEqualTo(1);

        Reply reply = doors.post(
                UPDATE + "?options=noOverwrite",
                list(lamp(1, "\"power\":6,\"more\":7"), lamp(2, "\"more\":8"), lamp(9, "")));
        refused(reply, 1, 9);
        succeeded(reply, 2);
        assertThat(power(1).asInt()).isEqualTo(5);
        assertThat(doors.read(id(1)).at("/more/value").asInt()).isEqualTo(7);
        assertThat(doors.get("entities/" + id(9)).status()).isEqualTo(404);
    }

    @Test
    void mergingTakesAwayToo() {
        made(1, 2);
        Reply reply = doors.post(
                MERGE,
                list(
                        "{\"id\":\"urn:ngsi-ld:Lamp:1\",\"power\":{\"value\":5,\"unitCode\":\"WTT\"},\"brand\":\"urn:ngsi-ld:null\"}",
                        lamp(9, "")));
        refused(reply, 9);
        assertThat(doors.read(id(1)).at("/power/unitCode").stringValue()).isEqualTo("WTT");
        assertThat(doors.read(id(1)).has("brand")).isFalse();
        assertThat(doors.post(MERGE, list("{\"id\":\"urn:ngsi-ld:Lamp:2\",\"power\":6}"))
                        .status())
                .isEqualTo(204);
        assertThat(power(2).asInt()).isEqualTo(6);
    }

    @Test
    void deletingNamesWhatWasNotThere() {
        made(1, 2, 3);
        assertThat(doors.post(DELETE, ids(1, 2)).status()).isEqualTo(204);
        Reply reply = doors.post(DELETE, list("\"urn:ngsi-ld:Lamp:1\"", "\"urn:ngsi-ld:Lamp:3\"", "\"no uri\""));
        assertThat(reply.status()).isEqualTo(207);
        succeeded(reply, 3);
        assertThat(reply.json().get("errors").findValuesAsString("entityId")).containsExactly(id(1), "no uri");
        assertThat(doors.get("entities?type=Lamp").json().size()).isZero();
        assertThat(doors.audit.actions()).endsWith("entities.deleted", "entity.deleted");
    }

    @Test
    void repeatedIdsAreDoneOneAfterTheOther() {
        assertThat(doors.post(UPSERT, list(lamp(1, "\"power\":1"), lamp(2, "\"power\":2"), lamp(1, "\"power\":3")))
                        .status())
                .isEqualTo(201);
        assertThat(power(1).asInt()).isEqualTo(3);
        assertThat(doors.post(UPDATE, list(lamp(1, "\"power\":4"), lamp(1, "\"power\":5"), lamp(1, "\"more\":6")))
                        .status())
                .isEqualTo(204);
        assertThat(power(1).asInt()).isEqualTo(5);
        assertThat(doors.read(id(1)).at("/more/value").asInt()).isEqualTo(6);
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql("select what from hub.change where entity_id = 'urn:ngsi-ld:Lamp:1' order by rid")
                        .query(String.class)
                        .list()))
                .containsExactly("C", "U", "U", "U", "U");
        refused(doors.post(CREATE, list(lamp(3, ""), lamp(3, ""))), 3);
        refused(doors.post(DELETE, ids(3, 3)), 3);
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql("select count(*) from hub.entity where deleted_at is null and id = 'urn:ngsi-ld:Lamp:3'")
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    @Test
    void whatTheCallerMayNotTouchIsToldAndLeft() {
        made(1, 2);
        doors.police();
        refused(doors.post(UPSERT, list(lamp(1, "\"power\":9"))), 1);
        refused(doors.post(DELETE, ids(1)), 1);
        Reply reply = doors.post(UPSERT, list(lamp(2, "\"power\":9"), lamp(3, "\"power\":9")));
        refused(reply, 2);
        succeeded(reply, 3);
        assertThat(reply.json().at("/errors/0/error/type").stringValue())
                .isEqualTo(NgsiLdFault.TYPES + "AlreadyExists");
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql("select document from hub.entity where id = 'urn:ngsi-ld:Lamp:2'")
                        .query(String.class)
                        .single()))
                .contains("\"value\":1");
    }

    @Test
    void whatMayBeReadAndNotWrittenIsForbiddenOneByOne() {
        made(1, 2);
        doors.access.writable("police");
        Reply reply = doors.post(UPDATE, list(lamp(1, "\"power\":9"), lamp(2, "\"power\":9")));
        refused(reply, 1, 2);
        assertThat(reply.json().at("/errors/0/error/status").asInt()).isEqualTo(403);
        assertThat(power(1).asInt()).isEqualTo(1);
    }

    @Test
    void aBodyThatIsNoBatchIsRefusedWhole() {
        String many = IntStream.range(0, 1_001).mapToObj(n -> lamp(n, "")).collect(Collectors.joining(",", "[", "]"));
        for (String path : List.of(CREATE, UPSERT, UPDATE, MERGE, DELETE)) {
            for (String body : List.of("", "{}", "[]", "null", "[1]", "[null]", "[[]]", "{", many)) {
                Reply reply = doors.post(path, body);
                assertThat(reply.status())
                        .as(path + " " + body.substring(0, Math.min(20, body.length())))
                        .isEqualTo(400);
                assertThat(reply.json().path("type").stringValue()).startsWith(NgsiLdFault.TYPES);
            }
        }
        assertThat(doors.hub.count("entity")).isZero();
    }

    @Test
    void aThousandAreOneBatch() {
        String many = IntStream.range(0, 1_000)
                .mapToObj(n -> lamp(n, "\"power\":" + n))
                .collect(Collectors.joining(",", "[", "]"));
        Reply reply = doors.post(UPSERT, many);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().size()).isEqualTo(1_000);
        assertThat(power(999).asInt()).isEqualTo(999);
        assertThat(doors.audit.entries()).isNotEmpty().hasSizeLessThan(40);
        assertThat(doors.audit.entries().stream()
                        .mapToInt(entry -> Integer.parseInt(entry.facts().get("count")))
                        .sum())
                .isEqualTo(1_000);
    }

    @Test
    void eachItemBringsItsOwnContext() {
        String body = """
                [{"@context":{"watt":"https://example.org/watt"},"id":"urn:ngsi-ld:Lamp:1","type":"Lamp","watt":1},
                 {"@context":"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld","id":"urn:ngsi-ld:Lamp:2","type":"Lamp","watt":2},
                 {"id":"urn:ngsi-ld:Lamp:3","type":"Lamp","watt":3}]""";
        Reply reply = doors.call("POST", CREATE, body, "Content-Type", "application/ld+json");
        refused(reply, 3);
        assertThat(doors.read(id(1)).has("https://example.org/watt")).isTrue();
        assertThat(doors.read(id(2)).has("watt")).isTrue();
    }

    @Test
    void aRepeatedKeyIsOneEffect() {
        for (int n = 0; n < 2; n++) {
            Reply reply = doors.call("POST", CREATE, list(lamp(1, ""), lamp(2, "")), "Idempotency-Key", "k");
            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.json().size()).isEqualTo(2);
        }
        assertThat(doors.hub.count("change")).isEqualTo(2);
    }
}
