package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class OgcApiTest {
    private static final String ROOT = "/ogc/features/v1";

    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final FakeAccess access = FakeAccess.to("fire");
    private Caller caller = Hub.DISPATCHER;
    private final Doors doors = new Doors(
            hub,
            () -> caller,
            hub.withEntities(
                    access,
                    new FakeAudit(),
                    new OgcController(
                            new EntityRetrieval(
                                    hub.transactions,
                                    hub.entities,
                                    new EntityFinder(hub.transactions),
                                    Model.load(),
                                    access),
                            new Discovery(hub.transactions, access),
                            new OgcExtents(hub.transactions, access, Model.load()),
                            clock)));

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private Reply get(String path) {
        return doors.call("GET", ROOT + path, null);
    }

    private void created(String body) {
        Reply reply = doors.post("entities", body.replace('\'', '"'));
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    }

    private void tree(String name, double longitude, double latitude, String more) {
        created("{'id':'urn:tree:%s','type':'Tree','location':{'type':'Point','coordinates':[%s,%s]}%s}"
                .formatted(name, longitude, latitude, more));
    }

    private JsonNode items(String query) {
        Reply reply = get("/collections/Tree/items" + query);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private List<String> found(String query) {
        List<String> ids = new ArrayList<>();
        items(query)
                .get("features")
                .forEach(feature -> ids.add(feature.get("id").stringValue().substring("urn:tree:".length())));
        return ids.stream().sorted().toList();
    }

    private static String link(JsonNode body, String relation) {
        for (JsonNode link : body.get("links")) {
            if (link.get("rel").stringValue().equals(relation)) {
                return link.get("href").stringValue();
            }
        }
        return "";
    }

    private Reply follow(String href) {
        assertThat(href).startsWith("http://localhost" + ROOT);
        return doors.call("GET", href.substring("http://localhost".length()), null);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void fromTheLandingPageEverythingIsFound() {
        tree("1", 7.42, 43.73, "");
        JsonNode landing = get("").json();
        for (String relation : List.of("self", "service-desc", "conformance", "data")) {
            assertThat(follow(link(landing, relation)).status()).as(relation).isEqualTo(200);
        }
        assertThat(follow(link(landing, "conformance")).json().get("conformsTo").toString())
                .contains("/conf/core", "/conf/oas30", "/conf/geojson");
        JsonNode collection = follow(link(landing, "data")).json().at("/collections/0");
        assertThat(collection.get("id").stringValue()).isEqualTo("Tree");
        assertThat(follow(link(collection, "self")).json().get("id").stringValue())
                .isEqualTo("Tree");
        JsonNode items = follow(link(collection, "items")).json();
        assertThat(items.at("/features/0/id").stringValue()).isEqualTo("urn:tree:1");
        assertThat(follow(link(items, "self")).status()).isEqualTo(200);
        assertThat(follow(link(items, "collection")).status()).isEqualTo(200);
    }

    @Test
    void theDescriptionIsOfThisVeryDoor() {
        tree("1", 7.42, 43.73, "");
        Reply reply = get("/api");
        assertThat(reply.raw().getContentType()).isEqualTo("application/vnd.oai.openapi+json;version=3.0");
        JsonNode api = reply.json();
        assertThat(api.get("openapi").stringValue()).startsWith("3.0");
        String server = api.at("/servers/0/url").stringValue();
        for (String path : api.get("paths").propertyNames()) {
            String filled = path.replace("{collectionId}", "Tree").replace("{featureId}", "urn:tree:1");
            assertThat(follow(server + (filled.equals("/") ? "" : filled)).status())
                    .as(path)
                    .isEqualTo(200);
        }
        JsonNode limit = api.at("/components/parameters/limit/schema");
        assertThat(limit.get("maximum").intValue()).isEqualTo(EntityQuery.MAX_LIMIT);
        assertThat(limit.get("default").intValue()).isEqualTo(OgcQuery.DEFAULT_LIMIT);
    }

    @Test
    void aFeatureIsTheEntityWithItsPlaceAndItsValues() {
        tree(
                "1",
                7.42,
                43.73,
                ",'height':12.5,'kind':{'value':'oak','observedAt':'2026-03-01T07:00:00Z'},"
                        + "'in':{'object':'urn:park:1'}");
        JsonNode expected = json("""
                {'id':'urn:tree:1','type':'Feature','geometry':{'type':'Point','coordinates':[7.42,43.73]},
                 'properties':{'type':'Tree','height':12.5,'kind':'oak','in':'urn:park:1',
                  'createdAt':'2026-03-01T08:00:00Z','modifiedAt':'2026-03-01T08:00:00Z'}}""");
        JsonNode page = items("");
        assertThat(page.get("type").stringValue()).isEqualTo("FeatureCollection");
        assertThat(page.get("numberReturned").intValue()).isEqualTo(1);
        assertThat(page.get("timeStamp").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(page.at("/features/0")).isEqualTo(expected);

        Reply one = get("/collections/Tree/items/urn:tree:1");
        assertThat(one.raw().getContentType()).isEqualTo("application/geo+json");
        JsonNode feature = one.json();
        assertThat(follow(link(feature, "self")).json()).isEqualTo(feature);
        assertThat(follow(link(feature, "collection")).status()).isEqualTo(200);
        ((tools.jackson.databind.node.ObjectNode) feature).remove("links");
        assertThat(feature).isEqualTo(expected);
        Reply plain = doors.call("GET", ROOT + "/collections/Tree/items", null, "Accept", "application/json");
        assertThat(plain.raw().getContentType()).isEqualTo("application/json");
    }

    @Test
    void whatHasNoPlaceIsAFeatureWithoutGeometry() {
        created("{'id':'urn:tree:1','type':'Tree','height':3}");
        assertThat(items("").at("/features/0/geometry").isNull()).isTrue();
        assertThat(found("?bbox=-180,-90,180,90")).isEmpty();
        assertThat(get("/collections/Tree").json().has("extent")).isFalse();
    }

    @Test
    void aTypeOfAnyVocabularyIsACollection() {
        created("{'id':'urn:x:1','type':'https://example.org/a/Meter','https://example.org/a/power':7}");
        JsonNode collection = get("/collections").json().at("/collections/0");
        assertThat(collection.get("id").stringValue()).isEqualTo("https://example.org/a/Meter");
        assertThat(collection.get("title").stringValue()).isEqualTo("Meter");
        String items = link(collection, "items");
        assertThat(follow(items).json().get("features").size()).isEqualTo(1);
        assertThat(follow(items + "?https%3A%2F%2Fexample.org%2Fa%2Fpower=7")
                        .json()
                        .get("features")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void aBoxFindsWhatTouchesIt() {
        tree("inside", 7.42, 43.73, "");
        tree("edge", 7.44, 43.74, "");
        tree("outside", 7.45, 43.74, "");
        tree("fiji", 179.9, -17, "");
        tree("samoa", -172, -13.8, "");
        created(
                "{'id':'urn:tree:row','type':'Tree','location':{'type':'LineString','coordinates':[[7.3,43.7],[7.5,43.76]]}}");
        assertThat(found("?bbox=7.40,43.72,7.44,43.75")).containsExactly("edge", "inside", "row");
        assertThat(found("?bbox=7.40,43.72,-10,7.44,43.75,900")).containsExactly("edge", "inside", "row");
        assertThat(found("?bbox=7.42,43.73,7.42,43.73")).containsExactly("inside");
        assertThat(found("?bbox=175,-20,-170,-10")).containsExactly("fiji", "samoa");
        assertThat(found("?bbox=-180,-90,180,90")).hasSize(6);
        assertThat(found("?bbox=0,0,1,1")).isEmpty();
    }

    @Test
    void timeFindsWhatWasModifiedThen() {
        tree("1", 7, 43, "");
        clock.advance(Duration.ofHours(1));
        tree("2", 7, 43, "");
        clock.advance(Duration.ofHours(1));
        doors.patch("entities/urn:tree:1/attrs/location", "{\"value\":{\"type\":\"Point\",\"coordinates\":[7,44]}}");
        assertThat(found("?datetime=2026-03-01T09:00:00Z")).containsExactly("2");
        assertThat(found("?datetime=2026-03-01T08:00:00Z/2026-03-01T09:30:00Z")).containsExactly("2");
        assertThat(found("?datetime=2026-03-01T09:30:00Z/..")).containsExactly("1");
        assertThat(found("?datetime=2026-03-01T09:00:00Z/")).containsExactly("1", "2");
        assertThat(found("?datetime=../2026-03-01T09:00:00Z")).containsExactly("2");
        assertThat(found("?datetime=2026-03-01T11:00:00%2B01:00")).containsExactly("1");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepetition() {
        for (int n = 0; n < 25; n++) {
            tree(String.valueOf(n), 7, 43, ",'even':%s".formatted(n % 2 == 0));
        }
        List<String> all = new ArrayList<>();
        JsonNode page = items("?limit=4&even=true&bbox=6,42,8,44");
        int pages = 1;
        while (true) {
            page.get("features").forEach(feature -> all.add(feature.get("id").stringValue()));
            if (link(page, "next").isEmpty()) {
                break;
            }
            assertThat(page.get("numberReturned").intValue()).isEqualTo(4);
            page = follow(link(page, "next")).json();
            pages++;
        }
        assertThat(pages).isEqualTo(4);
        assertThat(all).hasSize(13).doesNotHaveDuplicates();
        assertThat(follow(link(page, "prev")).json().get("features").size()).isEqualTo(4);
        assertThat(found("?limit=100000")).hasSize(25);
        assertThat(found("?limit=1")).hasSize(1);
    }

    @Test
    void attributesAreAskedByTheirValue() {
        tree(
                "1",
                7,
                43,
                ",'kind':'oak','height':12,'old':true,'in':{'object':'urn:park:1'},'planted':'1950-03-01T00:00:00Z'");
        tree("2", 7, 43, ",'kind':'12','height':3,'old':false,'in':{'object':'urn:park:2'},'tags':['tall','red']");
        assertThat(found("?kind=oak")).containsExactly("1");
        assertThat(found("?kind=12")).containsExactly("2");
        assertThat(found("?height=12")).containsExactly("1");
        assertThat(found("?height=12.0")).containsExactly("1");
        assertThat(found("?old=false")).containsExactly("2");
        assertThat(found("?in=urn:park:2")).containsExactly("2");
        assertThat(found("?planted=1950-03-01T00:00:00Z")).containsExactly("1");
        assertThat(found("?tags=red")).containsExactly("2");
        assertThat(found("?kind=oak&height=12")).containsExactly("1");
        assertThat(found("?kind=oak&height=3")).isEmpty();
        assertThat(found("?kind=" + URLEncoder.encode("a|b;c==\"d\"(", StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void whatItCanBeAskedByIsTold() {
        tree("1", 7, 43, ",'kind':'oak'");
        Reply reply = get("/collections/Tree/queryables");
        assertThat(reply.raw().getContentType()).isEqualTo("application/schema+json");
        JsonNode schema = reply.json();
        assertThat(schema.get("$id").stringValue()).endsWith(ROOT + "/collections/Tree/queryables");
        assertThat(new TreeSet<>(schema.get("properties").propertyNames())).containsExactly("kind", "location");
    }

    @Test
    void onlyWhatTheCallerMayReadIsThere() {
        tree("1", 7, 43, "");
        hub.put(Entity.of("urn:ngsi-ld:Incident:1", "Incident", Hub.POLICE).with("n", Attribute.property(1)));
        hub.put(Entity.of("urn:tree:2", "Tree", Hub.POLICE).with("n", Attribute.property(1)));
        assertThat(get("/collections").json().get("collections").size()).isEqualTo(1);
        assertThat(found("")).containsExactly("1");
        for (String path : List.of(
                "/collections/Incident",
                "/collections/Incident/items",
                "/collections/Incident/queryables",
                "/collections/Incident/items/urn:ngsi-ld:Incident:1",
                "/collections/Tree/items/urn:tree:2",
                "/collections/Lamp/items/urn:tree:1",
                "/collections/Tree/items/none",
                "/collections/None/items?limit=1",
                "/collections/None/items?n=1",
                "/nothing")) {
            Reply reply = get(path);
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(reply.json().get("code").stringValue()).as(path).isEqualTo("ResourceNotFound");
        }
        assertThat(get("/collections/Tree/items?n=1").status()).isEqualTo(400);
        access.readable("fire", "police");
        assertThat(found("?n=1")).containsExactly("2");
    }

    @Test
    void whatConcernsPersonsIsWithheldWithoutAPurposeAndCannotBeAskedFor() {
        hub.put(Entity.of("urn:ngsi-ld:Unit:1", "Unit", Hub.FIRE)
                .with("callSign", Attribute.property("E1"))
                .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(7.42, 43.73)))));
        assertThat(get("/collections/Unit/items?bbox=7,43,8,44")
                        .json()
                        .at("/features/0/geometry/type")
                        .stringValue())
                .isEqualTo("Point");
        assertThat(get("/collections/Unit").json().has("extent")).isFalse();
        access.withoutPurpose();
        JsonNode feature = get("/collections/Unit/items").json().at("/features/0");
        assertThat(feature.get("geometry").isNull()).isTrue();
        assertThat(feature.at("/properties/callSign").stringValue()).isEqualTo("E1");
        assertThat(feature.toString()).doesNotContain("7.42");
        assertThat(get("/collections/Unit/items?bbox=7,43,8,44")
                        .json()
                        .get("features")
                        .size())
                .isZero();
        assertThat(get("/collections/Unit/items/urn:ngsi-ld:Unit:1").body()).doesNotContain("7.42");
    }

    @Test
    void aWrongQuestionIsRefusedWithWhatIsRight() {
        tree("1", 7, 43, "");
        for (String query : List.of(
                "bbox=1,2,3",
                "bbox=1,2,3,4,5",
                "bbox=1,2,3,4,5,6,7",
                "bbox=a,2,3,4",
                "bbox=NaN,2,3,4",
                "bbox=1,5,3,4",
                "bbox=-181,2,3,4",
                "bbox=1,2,3,91",
                "bbox=736000,4845000,737000,4846000",
                "bbox=",
                "bbox=1,2,3,4&bbox=1,2,3,4",
                "datetime=yesterday",
                "datetime=",
                "datetime=/",
                "datetime=../..",
                "datetime=2026-03-01",
                "datetime=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z",
                "datetime=2026-03-01T00:00:00Z/2026-03-02T00:00:00Z/..",
                "datetime=2026-13-01T00:00:00Z",
                "limit=0",
                "limit=-1",
                "limit=ten",
                "limit=1.5",
                "limit=",
                "cursor=abc",
                "crs=http://www.opengis.net/def/crs/EPSG/0/3857",
                "unknown=1",
                "height=1&height=2")) {
            Reply reply = get("/collections/Tree/items?" + query);
            assertThat(reply.status()).as(query).isEqualTo(400);
            assertThat(reply.raw().getContentType()).as(query).isEqualTo("application/problem+json");
            for (String member : List.of("code", "description", "detail", "remedy")) {
                assertThat(reply.json().get(member).stringValue()).as(query).isNotBlank();
            }
        }
        for (String path : List.of("", "/conformance", "/api", "/collections", "/collections/Tree")) {
            assertThat(get(path + "?unknown=1").status()).as(path).isEqualTo(400);
        }
        assertThat(get("/collections/a%20b/items").status()).isEqualTo(400);
        assertThat(doors.call("GET", ROOT + "/collections/Tree/items", null, "Accept", "text/html")
                        .status())
                .isEqualTo(406);
        assertThat(doors.call("POST", ROOT + "/collections/Tree/items", "{}").status())
                .isEqualTo(405);
    }

    @Test
    void theExtentHoldsAllOfItsFeaturesAndLittleMore() {
        tree("1", 7.4201, 43.7301, "");
        tree("2", 7.4399, 43.7511, "");
        tree("3", 7.4300, 43.7400, "");
        created(
                "{'id':'urn:tree:row','type':'Tree','location':{'type':'LineString','coordinates':[[7.41,43.74],[7.415,43.741]]}}");
        JsonNode box = get("/collections/Tree").json().at("/extent/spatial/bbox/0");
        double near = 0.01;
        assertThat(box.get(0).doubleValue()).isBetween(7.41 - near, 7.41);
        assertThat(box.get(1).doubleValue()).isBetween(43.7301 - near, 43.7301);
        assertThat(box.get(2).doubleValue()).isBetween(7.4399, 7.4399 + near);
        assertThat(box.get(3).doubleValue()).isBetween(43.7511, 43.7511 + near);
        created("{'id':'urn:tree:far','type':'Tree','location':{'type':'Point','coordinates':[-179.99,-89.9]}}");
        JsonNode wide = get("/collections/Tree").json().at("/extent/spatial/bbox/0");
        assertThat(wide.get(0).doubleValue()).isBetween(-180.0, -179.99);
        assertThat(wide.get(1).doubleValue()).isBetween(-90.0, -89.9);
        assertThat(wide.get(2).doubleValue()).isBetween(7.4399, 7.4399 + near);
    }
}
