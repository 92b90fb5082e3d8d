package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ContextsApiTest {
    private static final String TERMS =
            "{\"@context\":{\"Sensor\":\"https://example.org/Sensor\",\"heat\":\"https://example.org/heat\"}}";

    private final Elsewhere elsewhere = new Elsewhere();
    private final TestClock clock = TestClock.at("2026-03-01T08:00:00Z");
    private final Hub hub = new Hub(clock);
    private final FakeAccess access = FakeAccess.to("fire", "police");
    private final FakeAudit audit = new FakeAudit();
    private Caller caller = Hub.DISPATCHER;
    private final Doors doors = doors();

    private Doors doors() {
        ContextDoor door = new ContextDoor(
                hub.transactions,
                hub.library,
                hub.uses,
                hub.contexts,
                access,
                audit,
                clock,
                new Ids(Clock.systemUTC(), new Random(1)));
        return new Doors(hub, () -> caller, hub.withEntities(access, audit, new ContextController(door, hub.library)));
    }

    @AfterEach
    void close() throws Exception {
        elsewhere.close();
        hub.close();
    }

    private static String link(String url) {
        return "<" + url + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }

    private Reply get(String path, String contextUrl) {
        return doors.call("GET", path, null, "Link", link(contextUrl));
    }

    private Reply create(String context) {
        return doors.call(
                "POST",
                "entities",
                "{\"@context\":%s,\"id\":\"urn:x:1\",\"type\":\"Sensor\",\"heat\":3}".formatted(context),
                "Content-Type",
                "application/ld+json");
    }

    private Reply add(String body) {
        return doors.call("POST", "jsonldContexts", body, "Content-Type", "application/ld+json");
    }

    private static String segment(String url) {
        return URLEncoder.encode(url, StandardCharsets.UTF_8);
    }

    private void refused(Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.json().get("type").stringValue()).isEqualTo(NgsiLdFault.TYPES + type);
        assertThat(reply.json().get("remedy").stringValue()).isNotBlank();
    }

    @Test
    void aContextElsewhereIsFetchedOnceAndAnswersCarryIt() {
        String url = elsewhere.has("terms", TERMS);
        assertThat(create("\"" + url + "\"").status()).isEqualTo(201);

        Reply plain = get("entities/urn:x:1", url);
        assertThat(plain.json().get("type").stringValue()).isEqualTo("Sensor");
        assertThat(plain.json().at("/heat/value").asInt()).isEqualTo(3);
        assertThat(plain.header("Link")).isEqualTo(link(url));
        Reply linked = doors.call(
                "GET", "entities?type=Sensor&q=heat==3", null, "Link", link(url), "Accept", "application/ld+json");
        assertThat(linked.json().at("/0/@context/0").stringValue()).isEqualTo(url);
        assertThat(linked.json().at("/0/@context/1").stringValue()).isEqualTo(Names.CORE_CONTEXT);
        assertThat(linked.header("Link")).isNull();
        assertThat(doors.get("entities/urn:x:1").json().get("type").stringValue())
                .isEqualTo("https://example.org/Sensor");
        assertThat(elsewhere.asked("terms")).isEqualTo(1);
    }

    @Test
    void aContextIsAtHandAfterARestartThoughItsServerIsGone() {
        String url = elsewhere.has("terms", TERMS);
        assertThat(create("\"" + url + "\"").status()).isEqualTo(201);
        elsewhere.lost("terms");
        hub.library.forget();

        assertThat(get("entities?type=Sensor", url).json().size()).isEqualTo(1);
        assertThat(elsewhere.asked("terms")).isEqualTo(1);
    }

    @Test
    void contextsThatNameOthersAreReadInTheirOrder() {
        elsewhere.has("base", "{\"@context\":{\"ex\":\"https://example.org/\",\"heat\":\"ex:cold\"}}");
        String url =
                elsewhere.has("terms", "{\"@context\":[\"base\",{\"heat\":\"ex:heat\",\"Sensor\":\"ex:Sensor\"}]}");
        assertThat(create("[\"%s\",\"%s\"]".formatted(url, Names.CORE_CONTEXT)).status())
                .isEqualTo(201);
        assertThat(doors.get("entities/urn:x:1").json().has("https://example.org/heat"))
                .isTrue();
    }

    @Test
    void whatCannotBeHadIs504AndAskedAgainOnlyAfterAWhile() {
        List<String> dead = List.of(
                elsewhere.at("nothing"),
                elsewhere.has("failing", 500, "oh", ""),
                elsewhere.has("busy", 503, "", ""),
                elsewhere.has("huge", "{\"@context\":{\"a\":\"" + "x".repeat(ContextFetch.MAX_BYTES) + "\"}}"),
                elsewhere.hangs("slow"),
                "http://127.0.0.1:1/x",
                "http://10.0.0.1/x",
                "http://169.254.169.254/latest/meta-data",
                "http://localhost.invalid/x",
                "http://hub.test/ngsi-ld/v1/jsonldContexts/urn:ngsi-ld:LdContext:none",
                "/ngsi-ld/v1/jsonldContexts/%zz");
        for (String url : dead) {
            refused(create("\"" + url + "\""), 504, "LdContextNotAvailable");
            refused(get("entities?type=Sensor", url), 504, "LdContextNotAvailable");
        }
        assertThat(elsewhere.asked("failing")).isEqualTo(1);
        assertThat(elsewhere.asked("slow")).isEqualTo(1);
        elsewhere.has("failing", TERMS);
        clock.advance(Duration.ofSeconds(16));
        assertThat(create("\"" + elsewhere.at("failing") + "\"").status()).isEqualTo(201);
        assertThat(hub.count("context")).isEqualTo(1);
    }

    @Test
    void whatIsNoContextIsTheRequestsFault() {
        elsewhere.has("round", "{\"@context\":[\"circle\"]}");
        List<String> wrong = List.of(
                elsewhere.has("text", "not json"),
                elsewhere.has("list", "[]"),
                elsewhere.has("without", "{\"a\":1}"),
                elsewhere.has("number", "{\"@context\":7}"),
                elsewhere.has("scoped", "{\"@context\":{\"a\":{\"@id\":\"https://example.org/a\",\"@context\":{}}}}"),
                elsewhere.has("circle", "{\"@context\":[\"round\"]}"),
                elsewhere.has("self", "{\"@context\":\"self\"}"),
                elsewhere.has("lists", "{\"@context\":[[[]]]}"),
                "ftp://example.org/x",
                "no url",
                "/elsewhere");
        for (String url : wrong) {
            refused(create("\"" + url + "\""), 400, "BadRequestData");
        }
        assertThat(hub.count("entity")).isZero();
    }

    @Test
    void manyNestedContextsEndAtABound() {
        for (int n = 0; n < 40; n++) {
            elsewhere.has(
                    "deep" + n, "{\"@context\":[\"deep%d\",{\"t%d\":\"https://example.org/t\"}]}".formatted(n + 1, n));
            elsewhere.has("leaf" + n, "{\"@context\":{}}");
        }
        StringBuilder wide = new StringBuilder();
        for (int n = 0; n < 40; n++) {
            wide.append(n == 0 ? "" : ",").append("\"leaf").append(n).append('"');
        }
        elsewhere.has("wide", "{\"@context\":[" + wide + "]}");

        refused(create("\"" + elsewhere.at("deep0") + "\""), 400, "BadRequestData");
        refused(create("\"" + elsewhere.at("wide") + "\""), 400, "BadRequestData");
        assertThat(elsewhere.asked("deep30") + elsewhere.asked("leaf30")).isZero();
    }

    @Test
    void linkAndBodyAreNotMixed() {
        refused(
                doors.call("POST", "entities", "{\"id\":\"urn:x:1\",\"type\":\"T\",\"@context\":{}}"),
                400,
                "BadRequestData");
        refused(
                doors.call(
                        "POST",
                        "entities",
                        "{\"id\":\"urn:x:1\",\"type\":\"T\"}",
                        "Content-Type",
                        "application/ld+json"),
                400,
                "BadRequestData");
        refused(
                doors.call(
                        "POST",
                        "entities",
                        "{\"id\":\"urn:x:1\",\"type\":\"T\",\"@context\":{}}",
                        "Content-Type",
                        "application/ld+json",
                        "Link",
                        link(Names.CORE_CONTEXT)),
                400,
                "BadRequestData");
        refused(
                doors.call(
                        "GET",
                        "entities?type=T",
                        null,
                        "Link",
                        link(Names.CORE_CONTEXT) + ", " + link("http://127.0.0.1:1/x")),
                400,
                "BadRequestData");
        refused(
                doors.call("GET", "entities?type=T", null, "Link", "http://www.w3.org/ns/json-ld#context"),
                400,
                "InvalidRequest");
        assertThat(doors.call("GET", "entities?type=T", null, "Link", "</a>; rel=\"next\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aHostedContextIsAddedListedServedUsedAndDeleted() {
        Reply added = add(TERMS.replace("}}", "},\"more\":\"is dropped\"}"));
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        String location = added.header("Location");
        String id = location.substring(location.lastIndexOf('/') + 1);

        assertThat(doors.get(location).json()).isEqualTo(Json.mapper().readTree(TERMS));
        assertThat(doors.get("jsonldContexts").json().at("/0").stringValue()).isEqualTo("http://hub.test" + location);
        assertThat(create("\"http://hub.test" + location + "\"").status()).isEqualTo(201);
        Reply read = get("entities/urn:x:1", location);
        assertThat(read.json().get("type").stringValue()).isEqualTo("Sensor");
        assertThat(read.header("Link")).isEqualTo(link("http://hub.test" + location));
        JsonNode details =
                doors.get("jsonldContexts/%s?details=true".formatted(id)).json();
        assertThat(details.get("kind").stringValue()).isEqualTo("Hosted");
        assertThat(details.get("localId").stringValue()).isEqualTo(id);
        assertThat(details.get("createdAt").stringValue()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(details.get("numberOfHits").asInt()).isGreaterThanOrEqualTo(2);

        assertThat(doors.delete("jsonldContexts/" + id).status()).isEqualTo(204);
        refused(doors.delete("jsonldContexts/" + id), 404, "ResourceNotFound");
        refused(doors.get(location), 404, "ResourceNotFound");
        refused(get("entities/urn:x:1", location), 504, "LdContextNotAvailable");
        assertThat(audit.actions()).contains("context.added", "context.deleted");
    }

    @Test
    void aContextThatCameInABodyGetsAnAddressOnceAnAnswerMustNameIt() {
        Reply found = doors.call(
                "POST",
                "entityOperations/query",
                "{\"@context\":{\"heat\":\"https://example.org/heat\"},\"type\":\"Query\",\"q\":\"heat>2\",\"entities\":[{\"type\":\"Sensor\"}]}",
                "Content-Type",
                "application/ld+json");
        assertThat(found.status()).as(found.body()).isEqualTo(200);
        String url = found.header("Link").replaceAll("<([^>]*)>.*", "$1");
        assertThat(url).startsWith("http://hub.test" + ContextLibrary.PATH);
        assertThat(doors.get(url.substring("http://hub.test".length())).json())
                .isEqualTo(Json.mapper().readTree("{\"@context\":{\"heat\":\"https://example.org/heat\"}}"));
        assertThat(doors.get("jsonldContexts?details=true").json().at("/0/kind").stringValue())
                .isEqualTo("ImplicitlyCreated");
    }

    @Test
    void onlyItsOrganisationDeletesAHostedContext() {
        String location = add(TERMS).header("Location");
        caller = Hub.OFFICER;
        access.readable("police", "fire").writable("police");
        assertThat(doors.get(location).status()).isEqualTo(200);
        assertThat(doors.delete(location).status()).isEqualTo(403);
        access.readable("police");
        assertThat(doors.delete(location).status()).isEqualTo(404);
        assertThat(hub.count("context")).isEqualTo(1);
    }

    @Test
    void aCachedContextIsToldNotServedAndFetchedAnewOnRequest() {
        String url = elsewhere.has("terms", 200, TERMS, "max-age=3600");
        assertThat(create("\"" + url + "\"").status()).isEqualTo(201);

        assertThat(doors.get("jsonldContexts?kind=Cached").json())
                .isEqualTo(Json.mapper().readTree("[\"%s\"]".formatted(url)));
        assertThat(doors.get("jsonldContexts?kind=Hosted").json().size()).isZero();
        JsonNode details =
                doors.get("jsonldContexts?details=true&kind=Cached").json().get(0);
        assertThat(details.get("URL").stringValue()).isEqualTo(url);
        assertThat(details.get("expiresAt").stringValue()).isEqualTo("2026-03-01T09:00:00Z");
        refused(doors.get("jsonldContexts/" + segment(url)), 422, "OperationNotSupported");
        assertThat(doors.get("jsonldContexts/%s?details=true".formatted(segment(url)))
                        .status())
                .isEqualTo(200);

        elsewhere.has("terms", TERMS.replace("/heat", "/warmth"));
        assertThat(doors.delete("jsonldContexts/%s?reload=true"
                                .formatted(details.get("localId").stringValue()))
                        .status())
                .isEqualTo(204);
        assertThat(get("entities?q=heat", url).json().size()).isZero();
        elsewhere.lost("terms");
        refused(doors.delete("jsonldContexts/%s?reload=true".formatted(segment(url))), 504, "LdContextNotAvailable");
        elsewhere.has("terms", "{\"@context\":{\"a\":7}}");
        refused(doors.delete("jsonldContexts/%s?reload=true".formatted(segment(url))), 504, "LdContextNotAvailable");
        assertThat(get("entities?type=Sensor", url).status()).isEqualTo(200);
        assertThat(doors.delete("jsonldContexts/" + segment(url)).status()).isEqualTo(204);
        assertThat(hub.count("context")).isZero();
        String location = add(TERMS).header("Location");
        refused(doors.delete(location + "?reload=true"), 400, "BadRequestData");
    }

    @Test
    void anOldContextIsUsedAsItIsAndRenewedBesideTheRequests() {
        String url = elsewhere.has("terms", 200, TERMS, "max-age=3600");
        assertThat(create("\"" + url + "\"").status()).isEqualTo(201);
        elsewhere.has("terms", TERMS.replace("/heat", "/warmth"));
        clock.advance(Duration.ofMinutes(61));

        assertThat(get("entities?q=heat", url).json().size()).isEqualTo(1);
        Hub.await("the new context", () -> get("entities?q=heat", url).json().size() == 0);
        assertThat(elsewhere.asked("terms")).isEqualTo(2);
    }

    @Test
    void whatIsNotUsedForLongestGoesFirst() {
        for (int n = 0; n < 12; n++) {
            String url = elsewhere.has("terms" + n, TERMS);
            assertThat(get("entities?type=Sensor", url).status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(hub.count("context")).isEqualTo(10);
        assertThat(doors.get("jsonldContexts").body())
                .contains(elsewhere.at("terms11"))
                .doesNotContain("\"" + elsewhere.at("terms0") + "\"", "\"" + elsewhere.at("terms1") + "\"");
    }

    @Test
    void addingAndListingRefuseWhatIsWrong() {
        for (String body : List.of(
                "{}",
                "[]",
                "7",
                "{\"@context\":7}",
                "{\"@context\":{\"a\":7}}",
                "{\"@context\":{\"a\":\"b\"}}",
                "{\"@context\":{\"a\":{\"@id\":7}}}",
                "{\"@context\":{\"a\":{\"@container\":\"@heap\",\"@id\":\"https://example.org/a\"}}}")) {
            Reply reply = add(body);
            assertThat(reply.status()).as(body).isEqualTo(400);
        }
        refused(add("{"), 400, "InvalidRequest");
        for (String query : List.of("kind=Other", "details=maybe", "limit=-1", "unknown=1")) {
            assertThat(doors.get("jsonldContexts?" + query).status()).as(query).isEqualTo(400);
        }
        assertThat(doors.call("PATCH", "jsonldContexts", "{}").status()).isEqualTo(405);
        assertThat(doors.call("POST", "jsonldContexts", TERMS, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(hub.count("context")).isZero();
    }
}
