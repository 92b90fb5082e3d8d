package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class DiscoveryApiTest {
    private static final String CONTEXT =
            "{\"Meter\":\"https://example.org/Meter\",\"power\":\"https://example.org/power\"}";

    private final Elsewhere elsewhere = new Elsewhere();
    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire");
    private Caller caller = Hub.DISPATCHER;
    private final Doors doors = new Doors(
            hub,
            () -> caller,
            hub.withEntities(
                    access,
                    new FakeAudit(),
                    new DiscoveryController(
                            new Discovery(hub.transactions, access),
                            hub.contexts,
                            new Ids(Clock.systemUTC(), new Random(1))),
                    new SourceController("alder", hub.contexts, hub.clock)));

    @AfterEach
    void close() throws Exception {
        elsewhere.close();
        hub.close();
    }

    private void created(String body) {
        assertThat(doors.post("entities", body).status()).as(body).isEqualTo(201);
    }

    private void fill() {
        created("""
                {"id":"urn:x:1","type":"Sensor","speed":5,"near":{"object":"urn:x:2"},
                 "location":{"type":"Point","coordinates":[7,43]}}""");
        created("{\"id\":\"urn:x:2\",\"type\":\"Sensor\",\"speed\":[1,2,3],\"near\":\"by\"}");
        created("{\"id\":\"urn:x:3\",\"type\":[\"Sensor\",\"Lamp\"],\"speed\":{\"languageMap\":{\"en\":\"fast\"}}}");
        assertThat(doors.call(
                                "POST",
                                "entities",
                                "{\"@context\":%s,\"id\":\"urn:x:4\",\"type\":\"Meter\",\"power\":7}"
                                        .formatted(CONTEXT),
                                "Content-Type",
                                "application/ld+json")
                        .status())
                .isEqualTo(201);
    }

    private static String link(String url) {
        return "<" + url + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void typesAreListedByTheClientsNames() {
        fill();
        JsonNode plain = doors.get("types").json();
        assertThat(plain.get("type").stringValue()).isEqualTo("EntityTypeList");
        assertThat(plain.get("typeList")).isEqualTo(json("['Lamp','Sensor','https://example.org/Meter']"));
        String url = elsewhere.has("terms", "{\"@context\":" + CONTEXT + "}");
        Reply own = doors.call("GET", "types", null, "Link", link(url));
        assertThat(own.json().get("typeList")).isEqualTo(json("['Lamp','Meter','Sensor']"));
        assertThat(own.header("Link")).isEqualTo(link(url));
        assertThat(doors.call("GET", "types?details=true", null, "Link", link(url))
                        .json())
                .isEqualTo(json("""
                [{'id':'https://uri.etsi.org/ngsi-ld/default-context/Lamp','type':'EntityType','typeName':'Lamp',
                  'attributeNames':['speed']},
                 {'id':'https://uri.etsi.org/ngsi-ld/default-context/Sensor','type':'EntityType','typeName':'Sensor',
                  'attributeNames':['location','near','speed']},
                 {'id':'https://example.org/Meter','type':'EntityType','typeName':'Meter','attributeNames':['power']}]"""));
    }

    @Test
    void aTypeTellsHowManyAndWithWhichAttributes() {
        fill();
        assertThat(doors.get("types/Sensor").json()).isEqualTo(json("""
                {'id':'https://uri.etsi.org/ngsi-ld/default-context/Sensor','type':'EntityTypeInfo','typeName':'Sensor',
                 'entityCount':3,'attributeDetails':[
                  {'id':'https://uri.etsi.org/ngsi-ld/location','type':'Attribute','attributeName':'location',
                   'attributeTypes':['GeoProperty']},
                  {'id':'https://uri.etsi.org/ngsi-ld/default-context/near','type':'Attribute','attributeName':'near',
                   'attributeTypes':['Property','Relationship']},
                  {'id':'https://uri.etsi.org/ngsi-ld/default-context/speed','type':'Attribute','attributeName':'speed',
                   'attributeTypes':['LanguageProperty','Property']}]}"""));
        assertThat(doors.get("types/https%3A%2F%2Fexample.org%2FMeter")
                        .json()
                        .get("entityCount")
                        .asInt())
                .isEqualTo(1);
        assertThat(doors.get("types/None").status()).isEqualTo(404);
        assertThat(doors.get("types/a%20b").status()).isEqualTo(400);
    }

    @Test
    void attributesTellTheirTypesAndHowOftenTheyAreThere() {
        fill();
        assertThat(doors.get("attributes").json().get("attributeList"))
                .isEqualTo(json("['https://example.org/power','location','near','speed']"));
        assertThat(doors.get("attributes?details=true").json().size()).isEqualTo(4);
        assertThat(doors.get("attributes/speed").json()).isEqualTo(json("""
                {'id':'https://uri.etsi.org/ngsi-ld/default-context/speed','type':'Attribute','attributeName':'speed',
                 'attributeCount':3,'attributeTypes':['LanguageProperty','Property'],'typeNames':['Lamp','Sensor']}"""));
        assertThat(doors.get("attributes/none").status()).isEqualTo(404);
        assertThat(doors.get("attributes?unknown=1").status()).isEqualTo(400);
        assertThat(doors.get("types?details=maybe").status()).isEqualTo(400);
    }

    @Test
    void onlyWhatTheCallerMayReadIsNamedAndAllOfThat() {
        fill();
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", Hub.POLICE)
                .with("callerPhone", Attribute.property("555")));
        assertThat(doors.get("types").json().get("typeList").toString()).doesNotContain("Incident");
        assertThat(doors.get("types/Incident").status()).isEqualTo(404);
        assertThat(doors.get("attributes/callerPhone").status()).isEqualTo(404);
        access.readable("police").withoutPurpose();
        assertThat(doors.get("types").json().get("typeList")).isEqualTo(json("['Incident']"));
        assertThat(doors.get("attributes").json().get("attributeList")).isEqualTo(json("['callerPhone']"));
    }

    @Test
    void whatIsDeletedIsNoLongerNamed() {
        fill();
        doors.delete("entities/urn:x:4");
        doors.delete("entities/urn:x:1/attrs/location");
        assertThat(doors.get("types").json().get("typeList")).isEqualTo(json("['Lamp','Sensor']"));
        assertThat(doors.get("attributes").json().get("attributeList")).isEqualTo(json("['near','speed']"));
    }

    @Test
    void anEmptyHubNamesNothing() {
        assertThat(doors.get("types").json().get("typeList").size()).isZero();
        assertThat(doors.get("attributes").json().get("attributeList").size()).isZero();
        assertThat(doors.get("types?details=true").json().size()).isZero();
    }

    @Test
    void theSourceTellsWhoItIs() {
        JsonNode identity = doors.get("info/sourceIdentity").json();
        assertThat(identity.get("type").stringValue()).isEqualTo("ContextSourceIdentity");
        assertThat(identity.get("contextSourceAlias").stringValue()).isEqualTo("alder");
        assertThat(java.time.Duration.parse(identity.get("contextSourceUptime").stringValue()))
                .isGreaterThanOrEqualTo(java.time.Duration.ZERO);
        assertThat(identity.get("contextSourceTimeAt").stringValue()).endsWith("Z");
        JsonNode ofTenant = org.conurb.store.Transactions.within(
                "north", () -> doors.get("info/sourceIdentity").json());
        assertThat(ofTenant.get("contextSourceAlias").stringValue()).isEqualTo("alder.north");
        assertThat(List.of(identity.get("id"), ofTenant.get("id"))).doesNotHaveDuplicates();
    }
}
