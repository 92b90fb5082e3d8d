package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.EntityDoors.texts;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.conurb.hub.Doors.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** GS CIM 009 clauses 5.6.21 and 6.4.3.3. */
final class PurgeApiTest {
    private final EntityDoors doors = new EntityDoors();

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private void lamps(int from, int to) {
        String all = IntStream.range(from, to)
                .mapToObj(n ->
                        "{\"id\":\"urn:ngsi-ld:Lamp:%d\",\"type\":\"Lamp\",\"scope\":\"/a\",\"power\":%d,\"brand\":\"Acme\",\"location\":{\"type\":\"Point\",\"coordinates\":[7.%d,43.7]}}"
                                .formatted(n, n, n))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(doors.post("entityOperations/create", all).status()).isEqualTo(201);
    }

    private Reply purge(String parameters) {
        return doors.delete("entities?" + parameters);
    }

    private void gone(String parameters, int left) {
        Reply reply = purge(parameters);
        assertThat(reply.status()).as(parameters + reply.body()).isEqualTo(204);
        assertThat(doors.get("entities?type=Lamp").json().size()).as(parameters).isEqualTo(left);
    }

    private static String coded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void allThatIsFoundGoesAndNothingElse() {
        lamps(0, 9);
        doors.created("{\"id\":\"urn:ngsi-ld:Room:1\",\"type\":\"Room\",\"power\":1}");
        gone("type=Lamp&q=" + coded("power>7"), 8);
        gone("type=Lamp&id=urn:ngsi-ld:Lamp:0,urn:ngsi-ld:Room:1", 7);
        gone("type=Lamp&idPattern=" + coded(".*:1$"), 6);
        gone("georel=" + coded("near;maxDistance==1000") + "&geometry=Point&coordinates=" + coded("[7.2,43.7]"), 5);
        gone("attrs=nothing", 5);
        gone("type=Lamp", 0);
        assertThat(doors.read("urn:ngsi-ld:Room:1").has("power")).isTrue();
        assertThat(doors.audit.entries().getLast().action()).isEqualTo("entities.deleted");
        assertThat(doors.audit.entries().getLast().facts()).containsEntry("count", "5");
        assertThat(purge("attrs=power").status()).isEqualTo(204);
        assertThat(doors.get("entities/urn:ngsi-ld:Room:1").status()).isEqualTo(404);
    }

    @Test
    void attributesAloneGoWhereOnlyTheyAreMeant() {
        lamps(1, 3);
        gone("type=Lamp&drop=power,scope", 2);
        assertThat(doors.read("urn:ngsi-ld:Lamp:1").propertyNames())
                .containsExactlyInAnyOrder("id", "type", "brand", "location");
        gone("type=Lamp&keep=brand", 2);
        assertThat(doors.read("urn:ngsi-ld:Lamp:2").propertyNames()).containsExactlyInAnyOrder("id", "type", "brand");
        gone("id=urn:ngsi-ld:Lamp:1&drop=brand", 2);
        assertThat(doors.read("urn:ngsi-ld:Lamp:1").has("brand")).isFalse();
        assertThat(doors.read("urn:ngsi-ld:Lamp:2").has("brand")).isTrue();
        assertThat(purge("type=Lamp&keep=brand&drop=power").status()).isEqualTo(400);
    }

    @Test
    void whatIsTooWideIsRefused() {
        lamps(1, 3);
        for (String parameters : List.of(
                "",
                "id=urn:ngsi-ld:Lamp:1",
                "idPattern=.*",
                "attrs=createdAt",
                "q=" + coded("modifiedAt>2020-01-01T00:00:00Z"),
                "q=" + coded("power>0|createdAt>2020-01-01T00:00:00Z"),
                "limit=1&type=Lamp",
                "local=maybe",
                "drop=id&type=Lamp")) {
            assertThat(purge(parameters).status()).as(parameters).isEqualTo(400);
        }
        gone("type=Nothing", 2);
        gone("local=true", 0);
    }

    @Test
    void moreThanABatchGoes() {
        lamps(0, 1_000);
        lamps(1_000, 1_203);
        assertThat(purge("type=Lamp").status()).isEqualTo(204);
        assertThat(doors.hub.count("place")).isZero();
        assertThat(doors.get("entities?type=Lamp&count=true&limit=0").header("NGSILD-Results-Count"))
                .isEqualTo("0");
    }

    @Test
    void whatMayNotBeDeletedStaysAndIsTold() {
        lamps(1, 3);
        doors.hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", Hub.FIRE).with("power", Attribute.property(1)));
        Reply reply = purge("attrs=power");
        assertThat(reply.status()).isEqualTo(207);
        assertThat(texts(reply.json().get("success"))).containsExactly("urn:ngsi-ld:Lamp:1", "urn:ngsi-ld:Lamp:2");
        JsonNode error = reply.json().at("/errors/0");
        assertThat(error.path("entityId").stringValue()).isEqualTo("urn:ngsi-ld:Incident:1");
        assertThat(error.at("/error/status").asInt()).isEqualTo(409);
        assertThat(doors.get("entities/urn:ngsi-ld:Incident:1").status()).isEqualTo(200);
    }

    @Test
    void nobodyPurgesWhatIsAnothers() {
        lamps(1, 3);
        doors.police();
        assertThat(purge("type=Lamp").status()).isEqualTo(204);
        assertThat(doors.hub.transactions.asSystem(() -> doors.hub
                        .transactions
                        .jdbc()
                        .sql("select count(*) from hub.entity where deleted_at is null")
                        .query(Long.class)
                        .single()))
                .isEqualTo(2);
    }
}
