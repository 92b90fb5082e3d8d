package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.outbound.OutboundHttp;
import org.conurb.outbound.OutboundPolicy;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class RegistrationApiTest {
    private static final String PATH = "csourceRegistrations";
    private static final String BODY = """
            {"id":"urn:r:1","type":"ContextSourceRegistration","information":[{"entities":[{"type":"Sensor"}]}],"endpoint":"https://other.test/x"}""";
    private static final String ALL = """
            {"id":"urn:r:1","type":"ContextSourceRegistration","registrationName":"n","description":"d",
             "information":[{"entities":[{"id":"urn:ngsi-ld:Sensor:A","type":"Sensor"}],"propertyNames":["speed"],"relationshipNames":["near"]},
               {"entities":[{"idPattern":".*downtown$","type":["Parking","Garage"]}]}],
             "tenant":"alder","location":{"type":"Point","coordinates":[7.42,43.73]},
             "operationSpace":{"type":"GeoProperty","value":{"type":"Polygon","coordinates":[[[7,43],[8,43],[8,44],[7,44],[7,43]]]}},
             "expiresAt":"2030-01-01T00:00:00Z","endpoint":"https://other.test/x","contextSourceInfo":[{"key":"jsonldContext","value":"urn:x"}],
             "contextSourceAlias":"other","scope":["/Alder/North"],"mode":"inclusive","operations":["retrieveOps","createEntity"],
             "refreshRate":"PT5M","management":{"localOnly":true,"cacheDuration":"PT1H","timeout":500,"cooldown":1000},
             "datasetId":["urn:d:1","@none"],"quality":5}""";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final FakeAccess access = FakeAccess.to("fire");
    private final FakeAudit audit = new FakeAudit();
    private final OutboundHttp http = new OutboundHttp(OutboundPolicy.publicOnly());
    private Caller caller = Hub.DISPATCHER;
    private final Doors doors = new Doors(
            hub,
            () -> caller,
            new RegistrationController(
                    new Registrations(
                            hub.transactions,
                            new RegistrationStore(hub.transactions),
                            hub.entities,
                            new EntityFinder(hub.transactions),
                            hub.contexts,
                            access,
                            Model.load(),
                            audit,
                            http,
                            clock,
                            new Ids(Clock.systemUTC(), new Random(1)),
                            () -> {}),
                    hub.contexts));

    @AfterEach
    void close() throws Exception {
        http.close();
        hub.close();
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    /** A registration of {@code BODY} with some members another. */
    private static String with(String id, String members) {
        ObjectNode body = (ObjectNode) json(BODY.replace("urn:r:1", id));
        body.setAll((ObjectNode) json("{" + members + "}"));
        return body.toString();
    }

    private void registered(String body) {
        assertThat(doors.post(PATH, body))
                .extracting(Reply::status, Reply::body)
                .containsExactly(201, "");
    }

    private List<String> found(String query) {
        Reply reply = doors.get(PATH + "?" + query);
        assertThat(reply.status()).as(query + reply.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        reply.json().forEach(one -> ids.add(one.get("id").stringValue()));
        return ids;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void everyMemberIsTakenAndReadBackChangedAndDeleted() {
        Reply created = doors.post(PATH, ALL);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/ngsi-ld/v1/csourceRegistrations/urn:r:1");
        assertThat(doors.post(PATH, ALL).status()).isEqualTo(409);
        assertThat(doors.get(PATH + "/urn:r:1").json()).isEqualTo(json(ALL));
        assertThat(doors.get(PATH + "/urn:r:1?options=sysAttrs")
                        .json()
                        .get("modifiedAt")
                        .stringValue())
                .isEqualTo("2026-03-01T08:00:00Z");
        assertThat(doors.patch(
                                PATH + "/urn:r:1",
                                "{\"endpoint\":\"https://new.test/\",\"expiresAt\":null,\"management\":{\"timeout\":7}}")
                        .status())
                .isEqualTo(204);
        JsonNode told = doors.get(PATH + "/urn:r:1").json();
        assertThat(told.get("endpoint").stringValue()).isEqualTo("https://new.test/");
        assertThat(told.has("expiresAt")).isFalse();
        assertThat(told.at("/management"))
                .isEqualTo(json("{\"localOnly\":true,\"cacheDuration\":\"PT1H\",\"timeout\":7,\"cooldown\":1000}"));
        assertThat(doors.delete(PATH + "/urn:r:1").status()).isEqualTo(204);
        assertThat(doors.get(PATH + "/urn:r:1").status()).isEqualTo(404);
        assertThat(doors.delete(PATH + "/urn:r:1").status()).isEqualTo(404);
        assertThat(audit.actions())
                .containsExactly("registration.created", "registration.changed", "registration.deleted");
    }

    @Test
    void entitiesAttributesAndTypesFindWhatIsRegistered() {
        registered(ALL);
        registered(with("urn:r:2", "\"information\":[{\"propertyNames\":[\"weight\"]}]"));
        registered(with(
                "urn:r:3", "\"information\":[{\"entities\":[{\"type\":\"Sensor\"}],\"propertyNames\":[\"weight\"]}]"));
        Map.<String, List<String>>ofEntries(
                        Map.entry("type=Sensor", List.of("urn:r:1", "urn:r:2", "urn:r:3")),
                        Map.entry("type=Garage", List.of("urn:r:1", "urn:r:2")),
                        Map.entry("type=Nothing", List.of("urn:r:2")),
                        Map.entry("type=Sensor&attrs=speed", List.of("urn:r:1")),
                        Map.entry("attrs=near", List.of("urn:r:1")),
                        Map.entry("attrs=weight", List.of("urn:r:1", "urn:r:2", "urn:r:3")),
                        Map.entry("type=Sensor&id=urn:ngsi-ld:Sensor:A&attrs=speed", List.of("urn:r:1")),
                        Map.entry("type=Sensor&id=urn:ngsi-ld:Sensor:B&attrs=speed", List.of()),
                        Map.entry("type=Parking&id=urn:x:downtown&attrs=speed", List.of("urn:r:1")),
                        Map.entry("type=Parking&id=urn:x:uptown&attrs=speed", List.of()),
                        Map.entry("type=Sensor&attrs=speed&idPattern=urn:ngsi-ld:.*A", List.of("urn:r:1")),
                        Map.entry("type=Sensor&attrs=speed&idPattern=urn:ngsi-ld:.*B", List.of()),
                        Map.entry("type=Sensor&q=speed%3E5", List.of("urn:r:1")),
                        Map.entry("type=Sensor&scopeQ=" + encoded("/Alder/#"), List.of("urn:r:1")),
                        Map.entry("type=Sensor&scopeQ=/Birch", List.of()),
                        Map.entry("type=Sensor&datasetId=urn:d:2&attrs=speed", List.of()),
                        Map.entry("type=Sensor&csf=" + encoded("quality>4"), List.of("urn:r:1")),
                        Map.entry("csf=" + encoded("endpoint==\"https://other.test/x\";quality<5"), List.of()),
                        Map.entry(
                                "georel=near%3BmaxDistance%3D%3D2000&geometry=Point&coordinates=%5B7.43,43.73%5D",
                                List.of("urn:r:1")),
                        Map.entry(
                                "georel=contains&geometry=Point&coordinates=%5B7.5,43.5%5D&geoproperty=operationSpace",
                                List.of("urn:r:1")))
                .forEach((query, expected) -> assertThat(found(query)).as(query).containsExactlyElementsOf(expected));
        for (String wide :
                List.of("", "limit=5", "type=a%20b", "q=((&type=T", "timerel=before&type=T", "unknown=1", "csf=((")) {
            assertThat(doors.get(PATH + "?" + wide).status()).as(wide).isEqualTo(400);
        }
    }

    @Test
    void timesFindSourcesOfHistoryAndOthersOfWhatIsLatest() {
        registered(BODY);
        registered(with(
                "urn:r:2",
                "\"observationInterval\":{\"startAt\":\"2020-01-01T00:00:00Z\",\"endAt\":\"2021-01-01T00:00:00Z\"}"));
        registered(with("urn:r:3", "\"managementInterval\":{\"startAt\":\"2020-01-01T00:00:00Z\"}"));
        assertThat(found("type=Sensor")).containsExactly("urn:r:1");
        assertThat(found("type=Sensor&timerel=before&timeAt=2020-06-01T00:00:00Z"))
                .containsExactly("urn:r:2");
        assertThat(found("type=Sensor&timerel=after&timeAt=2022-01-01T00:00:00Z"))
                .isEmpty();
        assertThat(found("type=Sensor&timerel=after&timeAt=2022-01-01T00:00:00Z&timeproperty=modifiedAt"))
                .containsExactly("urn:r:3");
        assertThat(found("type=Sensor&timerel=between&timeAt=2020-12-01T00:00:00Z&endTimeAt=2023-01-01T00:00:00Z"))
                .containsExactly("urn:r:2");
        assertThat(doors.get(PATH + "?type=T&timerel=between&timeAt=2020-12-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void pagesGoThroughAllAndTheExpiredAreLeftOut() {
        for (int n = 0; n < 5; n++) {
            registered(with("urn:r:" + n, "\"expiresAt\":\"2026-03-01T08:0" + (n + 1) + ":00Z\""));
        }
        assertThat(doors.get(PATH + "?type=Sensor&limit=2&count=true").header("NGSILD-Results-Count"))
                .isEqualTo("5");
        List<String> seen = new ArrayList<>();
        String next = PATH + "?type=Sensor&limit=2";
        while (next != null) {
            Reply page = doors.get(next);
            page.json().forEach(one -> seen.add(one.get("id").stringValue()));
            String link = page.header("Link");
            next = link.contains("rel=\"next\"")
                    ? link.replaceAll(".*</ngsi-ld/v1/([^>]*)>; rel=\"next\".*", "$1")
                    : null;
        }
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        assertThat(found("type=Sensor&limit=3&offset=3")).hasSize(2);
        clock.advance(java.time.Duration.ofMinutes(3));
        assertThat(found("type=Sensor")).containsExactly("urn:r:3", "urn:r:4");
        assertThat(doors.get(PATH + "/urn:r:0").json().get("status").stringValue())
                .isEqualTo("expired");
    }

    @Test
    void anExclusiveClaimIsAloneWithItsEntityAndAttributes() {
        String exclusive =
                "\"mode\":\"exclusive\",\"information\":[{\"entities\":[{\"type\":\"Sensor\",\"id\":\"urn:x:1\"}],\"propertyNames\":[\"%s\"]}]";
        registered(with("urn:r:1", exclusive.formatted("speed")));
        assertThat(doors.post(PATH, with("urn:r:2", exclusive.formatted("speed")))
                        .status())
                .isEqualTo(409);
        Reply redirect = doors.post(PATH, with("urn:r:2", "\"mode\":\"redirect\""));
        assertThat(redirect.status()).isEqualTo(409);
        assertThat(redirect.json().get("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + "Conflict");
        registered(with("urn:r:3", exclusive.formatted("weight")));
        registered(with("urn:r:4", "\"mode\":\"inclusive\""));
        assertThat(doors.patch(
                                PATH + "/urn:r:3",
                                "{\"information\":[{\"entities\":[{\"type\":\"Sensor\",\"id\":\"urn:x:1\"}],\"propertyNames\":[\"speed\"]}]}")
                        .status())
                .isEqualTo(409);
        assertThat(doors.patch(PATH + "/urn:r:1", "{\"description\":\"itself is no conflict\"}")
                        .status())
                .isEqualTo(204);
        assertThat(doors.delete(PATH + "/urn:r:1").status()).isEqualTo(204);
        registered(with("urn:r:2", exclusive.formatted("speed")));
    }

    @Test
    void redirectsMayOverlapEachOther() {
        registered(with("urn:r:1", "\"mode\":\"redirect\""));
        registered(with("urn:r:2", "\"mode\":\"redirect\""));
    }

    @Test
    void whatIsHereAlreadyCannotBeClaimedElsewhere() {
        hub.put(Entity.of("urn:x:1", "Sensor", Hub.FIRE).with("speed", Attribute.property(1)));
        String exclusive =
                "\"mode\":\"exclusive\",\"information\":[{\"entities\":[{\"type\":\"Sensor\",\"id\":\"urn:x:1\"}],\"propertyNames\":[\"%s\"]}]";
        assertThat(doors.post(PATH, with("urn:r:1", exclusive.formatted("speed")))
                        .status())
                .isEqualTo(409);
        registered(with("urn:r:1", exclusive.formatted("weight")));
        assertThat(doors.post(PATH, with("urn:r:2", "\"mode\":\"redirect\"")).status())
                .isEqualTo(409);
        registered(with("urn:r:2", "\"mode\":\"redirect\",\"information\":[{\"entities\":[{\"type\":\"Room\"}]}]"));
        registered(
                with(
                        "urn:r:3",
                        "\"mode\":\"redirect\",\"information\":[{\"entities\":[{\"type\":\"Sensor\",\"idPattern\":\"urn:y:.*\"}],\"propertyNames\":[\"a\"]}]"));
    }

    @Test
    void anotherOrganisationsIsAbsentInTheSameWordsAndClaimsNothingHere() {
        registered(with("urn:r:1", "\"mode\":\"redirect\""));
        caller = Hub.OFFICER;
        access.readable("police").writable("police");
        Reply foreign = doors.get(PATH + "/urn:r:1");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body().replace("urn:r:1", "urn:r:2"))
                .isEqualTo(doors.get(PATH + "/urn:r:2").body());
        assertThat(doors.patch(PATH + "/urn:r:1", "{}").status()).isEqualTo(404);
        assertThat(doors.delete(PATH + "/urn:r:1").status()).isEqualTo(404);
        assertThat(found("type=Sensor")).isEmpty();
        access.writable("fire");
        assertThat(doors.post(PATH, with("urn:r:5", "")).status()).isEqualTo(403);
    }

    @Test
    void namesComeAndGoUnderTheContextOfTheRequest() {
        assertThat(doors.call(
                                "POST",
                                PATH,
                                with("urn:r:1", "\"@context\":{\"Sensor\":\"https://x.test/S\"}"),
                                "Content-Type",
                                "application/ld+json")
                        .status())
                .isEqualTo(201);
        assertThat(found("type=Sensor")).isEmpty();
        assertThat(found("type=" + encoded("https://x.test/S"))).containsExactly("urn:r:1");
        assertThat(doors.get(PATH + "/urn:r:1")
                        .json()
                        .at("/information/0/entities/0/type")
                        .stringValue())
                .isEqualTo("https://x.test/S");
    }

    @Test
    void aWrongMemberIsRefusedAndChangesNothing() {
        List<String> bodies = new ArrayList<>();
        for (String members : List.of(
                "\"id\":\"no uri\"",
                "\"type\":\"Other\"",
                "\"registrationName\":7",
                "\"information\":7",
                "\"information\":[]",
                "\"information\":[7]",
                "\"information\":[{}]",
                "\"information\":[{\"entities\":[]}]",
                "\"information\":[{\"entities\":[{}]}]",
                "\"information\":[{\"entities\":[{\"type\":7}]}]",
                "\"information\":[{\"entities\":[{\"type\":\"a b\"}]}]",
                "\"information\":[{\"entities\":[{\"type\":\"T\",\"id\":\"x\"}]}]",
                "\"information\":[{\"entities\":[{\"type\":\"T\",\"idPattern\":\"(\"}]}]",
                "\"information\":[{\"entities\":[{\"type\":\"T\",\"id\":\"urn:x:1\",\"idPattern\":\"a\"}]}]",
                "\"information\":[{\"propertyNames\":[7]}]",
                "\"information\":[{\"entities\":[{\"type\":\"T\"}],\"more\":1}]",
                "\"tenant\":\"a b\"",
                "\"tenant\":7",
                "\"observationInterval\":7",
                "\"observationInterval\":{\"endAt\":\"2020-01-01T00:00:00Z\"}",
                "\"observationInterval\":{\"startAt\":\"2020-01-01T00:00:00Z\",\"endAt\":\"2019-01-01T00:00:00Z\"}",
                "\"managementInterval\":{\"startAt\":\"x\"}",
                "\"location\":7",
                "\"location\":{\"type\":\"Point\",\"coordinates\":[200,1]}",
                "\"operationSpace\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]}",
                "\"expiresAt\":\"2020-01-01T00:00:00Z\"",
                "\"expiresAt\":7",
                "\"endpoint\":7",
                "\"endpoint\":\"ftp://other.test/\"",
                "\"endpoint\":\"no uri\"",
                "\"contextSourceInfo\":[{\"key\":\"a\"}]",
                "\"contextSourceInfo\":7",
                "\"scope\":7",
                "\"scope\":\"a b\"",
                "\"mode\":\"other\"",
                "\"mode\":7",
                "\"mode\":\"exclusive\"",
                "\"mode\":\"exclusive\",\"information\":[{\"entities\":[{\"type\":\"T\",\"id\":\"urn:x:1\"}]}]",
                "\"mode\":\"exclusive\",\"information\":[{\"entities\":[{\"type\":\"T\",\"idPattern\":\".*\"}],\"propertyNames\":[\"a\"]}]",
                "\"mode\":\"auxiliary\"",
                "\"mode\":\"auxiliary\",\"operations\":[\"updateEntity\"]",
                "\"operations\":[\"nothing\"]",
                "\"operations\":7",
                "\"refreshRate\":\"5 minutes\"",
                "\"refreshRate\":7",
                "\"management\":\"yes\"",
                "\"management\":{\"cacheDuration\":\"bogus\"}",
                "\"management\":{\"cooldown\":0}",
                "\"management\":{\"timeout\":-5}",
                "\"management\":{\"localOnly\":\"yes\"}",
                "\"datasetId\":[\"x\"]",
                "\"a b\":1")) {
            bodies.add(with("urn:r:1", members));
        }
        bodies.add(BODY.replace("\"endpoint\"", "\"quality\":\"\\ud800\",\"endpoint\""));
        for (String body : bodies) {
            Reply reply = doors.post(PATH, body);
            assertThat(reply.status()).as(body + reply.body()).isEqualTo(400);
            assertThat(reply.json().get("type").stringValue()).startsWith(NgsiLdFault.TYPES);
            assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
        }
        assertThat(hub.count("registration")).isZero();
    }

    @Test
    void aSourceInsideTheNetworkIsRefused() {
        for (String inside : List.of("http://10.0.0.1/", "http://127.0.0.1:8080/", "http://169.254.169.254/")) {
            assertThat(doors.post(PATH, with("urn:r:1", "\"endpoint\":\"" + inside + "\""))
                            .status())
                    .as(inside)
                    .isEqualTo(403);
        }
    }
}
