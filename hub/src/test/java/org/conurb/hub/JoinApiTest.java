package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.QueryDoors.json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Entities that come along with those that name them (GS CIM 009 clause 4.5.23). */
final class JoinApiTest {
    private final QueryDoors doors = new QueryDoors();

    private void buildings() {
        doors.created(
                "{\"id\":\"urn:b:1\",\"type\":\"Building\",\"name\":\"Town hall\",\"locatedAt\":{\"object\":\"urn:c:1\"}}");
        doors.created(
                "{\"id\":\"urn:c:1\",\"type\":\"City\",\"name\":\"Alder\",\"in\":{\"object\":\"urn:n:1\"},\"sights\":{\"objectList\":[\"urn:b:1\",\"urn:b:2\"]}}");
        doors.created("{\"id\":\"urn:n:1\",\"type\":\"Country\",\"name\":\"Land\"}");
    }

    @AfterEach
    void close() throws Exception {
        doors.close();
    }

    private JsonNode get(String path) {
        QueryDoors.Reply reply = doors.get("entities/" + path);
        assertThat(reply.status()).as(path + reply.body()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void inlineTheyStandWithinTheRelationship() {
        buildings();
        JsonNode one = get("urn:b:1?join=inline");
        assertThat(one.at("/locatedAt/entity/name/value").stringValue()).isEqualTo("Alder");
        assertThat(one.at("/locatedAt/object").stringValue()).isEqualTo("urn:c:1");
        assertThat(one.at("/locatedAt/entity/in").has("entity")).isFalse();
        JsonNode two = get("urn:b:1?join=inline&joinLevel=2");
        assertThat(two.at("/locatedAt/entity/in/entity/name/value").stringValue())
                .isEqualTo("Land");
        assertThat(get("urn:b:1?join=inline&joinLevel=2&options=keyValues").path("locatedAt"))
                .isEqualTo(json("""
                        {"id":"urn:c:1","type":"City","name":"Alder","in":{"id":"urn:n:1","type":"Country","name":"Land"},
                         "sights":["urn:b:1","urn:b:2"]}"""));
        assertThat(get("urn:b:1?join=@none").path("locatedAt").has("entity")).isFalse();
    }

    @Test
    void aRingOfRelationshipsEnds() {
        buildings();
        JsonNode one = get("urn:b:1?join=inline&joinLevel=10");
        assertThat(one.at("/locatedAt/entity/sights").has("entityList")).isFalse();
        doors.created("{\"id\":\"urn:b:2\",\"type\":\"Building\",\"locatedAt\":{\"object\":\"urn:c:1\"}}");
        JsonNode two = get("urn:b:1?join=inline&joinLevel=10");
        assertThat(two.at("/locatedAt/entity/sights/entityList").size()).isEqualTo(1);
        assertThat(two.at("/locatedAt/entity/sights/entityList/0/id").stringValue())
                .isEqualTo("urn:b:2");
        assertThat(two.at("/locatedAt/entity/sights/entityList/0/locatedAt").has("entity"))
                .isFalse();
        assertThat(get("urn:b:1?join=inline&joinLevel=2&options=keyValues")
                        .at("/locatedAt/sights/0")
                        .stringValue())
                .isEqualTo("urn:b:1");
    }

    @Test
    void timesOfThemCanBeAskedFor() {
        buildings();
        String asked = "entities?type=Building&join=inline&q=locatedAt%7BcreatedAt%7D%3E";
        assertThat(doors.get(asked + "2020-01-01T00:00:00Z").ids()).containsExactly("urn:b:1");
        assertThat(doors.get(asked + "2999-01-01T00:00:00Z").ids()).isEmpty();
    }

    @Test
    void flatTheyStandBehindTheOthersEachOnce() {
        buildings();
        doors.created("{\"id\":\"urn:b:3\",\"type\":\"Building\",\"locatedAt\":{\"object\":\"urn:c:1\"}}");
        assertThat(doors.get("entities?type=Building&join=flat").ids())
                .containsExactly("urn:b:1", "urn:b:3", "urn:c:1");
        assertThat(doors.get("entities?type=Building&join=flat&joinLevel=2").ids())
                .containsExactly("urn:b:1", "urn:b:3", "urn:c:1", "urn:n:1");
        assertThat(doors.get("entities/urn:b:1?join=flat&joinLevel=3").ids())
                .containsExactly("urn:b:1", "urn:c:1", "urn:n:1");
        assertThat(doors.get("entities/urn:n:1?join=flat").ids()).containsExactly("urn:n:1");
        assertThat(doors.get("entities?type=Building&join=flat&limit=1&count=true")
                        .raw()
                        .getHeader("NGSILD-Results-Count"))
                .isEqualTo("2");
        assertThat(doors.get("entities/urn:b:1?join=flat", "Accept", "application/geo+json")
                        .json()
                        .path("features")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void whatTheClientHasDoesNotComeAlong() {
        buildings();
        assertThat(get("urn:b:1?join=inline&containedBy=urn:c:1")
                        .path("locatedAt")
                        .has("entity"))
                .isFalse();
        assertThat(doors.get("entities/urn:b:1?join=flat&joinLevel=2&containedBy=urn:n:1")
                        .ids())
                .containsExactly("urn:b:1", "urn:c:1");
    }

    @Test
    void membersOfThemArePickedAndOmittedWithinBraces() {
        buildings();
        assertThat(get("urn:b:1?join=inline&pick=id,locatedAt%7Bid,name%7D")).isEqualTo(json("""
                        {"id":"urn:b:1","locatedAt":{"type":"Relationship","object":"urn:c:1",
                         "entity":{"id":"urn:c:1","name":{"type":"Property","value":"Alder"}}}}"""));
        JsonNode omitted = get("urn:b:1?join=inline&joinLevel=2&omit=type,locatedAt%7Bname,sights,in%7Btype%7D%7D");
        assertThat(omitted).isEqualTo(json("""
                        {"id":"urn:b:1","name":{"type":"Property","value":"Town hall"},"locatedAt":{"type":"Relationship","object":"urn:c:1",
                         "entity":{"id":"urn:c:1","type":"City","in":{"type":"Relationship","object":"urn:n:1",
                         "entity":{"id":"urn:n:1","name":{"type":"Property","value":"Land"}}}}}}"""));
        assertThat(doors.get("entities/urn:b:1?join=flat&pick=id,locatedAt%7Bid,name%7D")
                        .json())
                .isEqualTo(json("""
                        [{"id":"urn:b:1","locatedAt":{"type":"Relationship","object":"urn:c:1"}},
                         {"id":"urn:c:1","name":{"type":"Property","value":"Alder"}}]"""));
        assertThat(doors.get("entities/urn:b:1?join=inline&pick=name").json().propertyNames())
                .containsExactly("name");
        for (String wrong : new String[] {
            "pick=locatedAt%7Bname%7D",
            "join=inline&pick=locatedAt%7Bin%7Bname%7D%7D",
            "joinLevel=2",
            "containedBy=urn:x:1"
        }) {
            assertThat(doors.get("entities/urn:b:1?" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void onlyWhatTheCallerMayReadComesAlong() {
        buildings();
        doors.caller = Hub.OFFICER;
        doors.access.readable("police").writable("police");
        doors.created(
                "{\"id\":\"urn:b:9\",\"type\":\"Building\",\"locatedAt\":{\"object\":\"urn:c:1\"},\"case\":{\"object\":\"urn:ngsi-ld:Incident:1\"}}");
        doors.hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", Hub.POLICE)
                .with("state", Attribute.property("open"))
                .with("callerPhone", Attribute.property("555")));
        JsonNode one = get("urn:b:9?join=inline");
        assertThat(one.path("locatedAt").has("entity")).isFalse();
        assertThat(one.at("/case/entity/callerPhone/value").stringValue()).isEqualTo("555");
        assertThat(doors.get("entities/urn:b:9?join=flat").ids()).containsExactly("urn:b:9", "urn:ngsi-ld:Incident:1");
        doors.access.withoutPurpose();
        assertThat(get("urn:b:9?join=inline").at("/case/entity/state/value").stringValue())
                .isEqualTo("open");
        assertThat(get("urn:b:9?join=inline").at("/case/entity").has("callerPhone"))
                .isFalse();
        assertThat(doors.get("entities?type=Building&join=inline&q=case%7BcallerPhone%7D%3D%3D%22555%22")
                        .ids())
                .isEmpty();
        assertThat(doors.get("entities?type=Building&join=inline&q=case%7Bstate%7D%3D%3D%22open%22")
                        .ids())
                .containsExactly("urn:b:9");
    }

    @Test
    void tooManyAreRefused() {
        StringBuilder ids = new StringBuilder();
        for (int n = 0; n < 900; n++) {
            ids.append(n == 0 ? "" : ",").append("\"urn:many:").append(n).append('"');
        }
        for (int n = 0; n < 6; n++) {
            doors.created("{\"id\":\"urn:m:%d\",\"type\":\"Many\",\"of\":{\"objectList\":[%s]}}"
                    .formatted(n, ids.toString().replace("urn:many", "urn:many" + n)));
        }
        assertThat(doors.get("entities?type=Many&join=flat").status()).isEqualTo(403);
        assertThat(doors.get("entities?type=Many&join=flat&limit=1").status()).isEqualTo(200);
    }
}
