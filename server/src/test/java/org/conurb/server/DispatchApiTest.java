package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.conurb.server.TestSite.Call;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DispatchApiTest {
    private static Map<String, Object> at(double longitude, double latitude) {
        return Map.of("type", "Point", "coordinates", List.of(longitude, latitude));
    }

    private static Map<String, Object> call(String type, double longitude, double latitude) {
        return Map.of("type", type, "place", at(longitude, latitude), "description", "");
    }

    @Test
    void aMapBecomesTravelTimesProposalsAndAddressesWhileTheCityRuns() {
        Path extract = TestSite.sharedData("osm/monaco.osm.pbf");
        assumeTrue(BrowserRoom.basemapIsBuilt(), "skipped: basemap/target is not built here");
        try (TestSite city = TestSite.up(TestSite.temporaryFolder("dispatch"), "--map", extract.toString())) {
            Call call = city.asInstaller();
            TestSite.await("the map", () -> call.get("/api/places?q=grimaldi").status() == 200);

            routesAreDriven(call);
            addressesAreFound(call);
            unitsAreProposed(call);
        }
    }

    private static void routesAreDriven(Call call) {
        JsonNode there = call.get("/api/roads/route?from=7.4216,43.7347&to=7.4286,43.7392")
                .expect(200)
                .json();
        assertThat(there.path("estimated").asBoolean()).isFalse();
        assertThat(there.path("seconds").asDouble()).isBetween(60.0, 600.0);
        assertThat(there.path("line").path("type").asString()).isEqualTo("LineString");
        assertThat(there.path("line").path("coordinates").size()).isGreaterThan(5);
        JsonNode back = call.get("/api/roads/route?to=7.4216,43.7347&from=7.4286,43.7392")
                .expect(200)
                .json();
        assertThat(back.path("metres").asDouble())
                .as("one-way streets")
                .isNotEqualTo(there.path("metres").asDouble());
        JsonNode atSea =
                call.get("/api/roads/route?from=7.4216,43.7347&to=7.5,43.6").json();
        assertThat(atSea.path("estimated").asBoolean()).isTrue();
    }

    private static void addressesAreFound(Call call) {
        JsonNode found = call.get("/api/places?q=rue+grimaldi+5&near=7.42,43.73")
                .expect(200)
                .json();
        assertThat(found.get(0).path("label").asString()).startsWith("Rue Grimaldi");
        assertThat(found.get(0).path("place").path("coordinates").get(0).asDouble())
                .isBetween(7.41, 7.43);
        assertThat(call.get("/api/places?q=" + "x".repeat(201)).status()).isEqualTo(400);
        assertThat(call.get("/api/places?q=casino&near=here").status()).isEqualTo(400);
    }

    private static void unitsAreProposed(Call call) {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            Map<String, Object> place = at(7.412 + random.nextDouble() * 0.025, 43.728 + random.nextDouble() * 0.018);
            call.post("/api/units", Map.of("callSign", "P" + i, "kind", "engine", "place", place))
                    .expect(201);
        }
        String incident = call.post("/api/incidents", call("fire.smoke", 7.4246, 43.7311))
                .expect(201)
                .json()
                .path("id")
                .asString();
        List<Long> took = new ArrayList<>();
        JsonNode items = call.get("/api/incidents/" + incident + "/proposals").json();
        for (int round = 0; round < 20; round++) {
            long began = System.nanoTime();
            items = call.get("/api/incidents/" + incident + "/proposals")
                    .expect(200)
                    .json()
                    .path("items");
            took.add((System.nanoTime() - began) / 1_000_000);
        }
        took.sort(null);
        System.out.printf("proposals of 500 units: median %d ms, p95 %d ms%n", took.get(10), took.get(19));
        assertThat(took.get(10)).isLessThan(300);

        assertThat(items.size()).isEqualTo(50);
        double last = 0;
        double lastByAir = 0;
        boolean otherThanByAir = false;
        for (JsonNode one : items) {
            assertThat(one.path("suits").asBoolean()).isTrue();
            assertThat(one.path("estimated").asBoolean()).isFalse();
            assertThat(one.path("seconds").asDouble()).isGreaterThanOrEqualTo(last);
            last = one.path("seconds").asDouble();
            JsonNode unit =
                    call.get("/api/units/" + one.path("unit").asString()).json();
            JsonNode point = unit.path("position").path("coordinates");
            double byAir = Math.hypot(
                    (point.get(0).asDouble() - 7.4246) * 0.72, point.get(1).asDouble() - 43.7311);
            otherThanByAir |= byAir < lastByAir;
            lastByAir = byAir;
        }
        assertThat(otherThanByAir).as("ranked by road, not by air").isTrue();
    }

    @Test
    void withoutAMapTravelIsEstimatedAndTheSearchSaysWhatToDo() {
        try (TestSite bare = TestSite.up(TestSite.temporaryFolder("conurb without a map "))) {
            Call call = bare.asInstaller();

            JsonNode route = call.get("/api/roads/route?from=7.42,43.73&to=7.43,43.74")
                    .expect(200)
                    .json();
            assertThat(route.path("estimated").asBoolean()).isTrue();
            JsonNode refused = call.get("/api/places?q=rue").expect(409).json();
            assertThat(refused.path("type").asString()).endsWith("no-map");
            assertThat(refused.path("remedy").asString()).contains("--map");
            bare.asNobody().get("/api/places?q=rue").expect(401);
            bare.asNobody().get("/api/roads/route?from=7,43&to=7,43").expect(401);
        }
    }

    @Test
    void aSecondCallAboutTheSameThingIsTold() {
        Call call = TestSite.shared().asInstaller();
        double longitude = 10 + new Random().nextDouble();
        JsonNode first = call.post("/api/incidents", call("fire.smoke", longitude, 50.0))
                .expect(201)
                .json();

        JsonNode asked = call.get("/api/incidents/duplicates?type=fire.smoke&near=" + longitude + ",50.0005")
                .expect(200)
                .json();
        JsonNode second = call.post("/api/incidents", call("fire.smoke", longitude, 50.0005))
                .expect(201)
                .json();

        assertThat(asked.path("items").findValuesAsString("incident"))
                .containsExactly(first.path("id").asString());
        assertThat(second.path("duplicates").findValuesAsString("incident"))
                .containsExactly(first.path("id").asString());
        assertThat(call.get("/api/incidents/" + second.path("id").asString() + "/duplicates")
                        .json()
                        .path("items")
                        .get(0)
                        .path("metres")
                        .asInt())
                .isBetween(54, 57);
    }

    @Test
    void theTimesOfAUnitAreInTheIncident() {
        Call call = TestSite.shared().asInstaller();
        String incident = call.post("/api/incidents", call("fire.smoke", 7.4246, 43.7311))
                .json()
                .path("id")
                .asString();
        String unit = call.post("/api/units", Map.of("callSign", "S-" + UUID.randomUUID(), "kind", "engine"))
                .json()
                .path("id")
                .asString();
        call.post("/api/incidents/" + incident + "/units", Map.of("unit", unit)).expect(200);
        JsonNode statuses = call.get("/api/city").json().path("unitStatuses");
        call.post("/api/units/" + unit + "/status", Map.of("code", code(statuses, "EN_ROUTE")))
                .expect(200);
        call.post("/api/units/" + unit + "/status", Map.of("code", code(statuses, "ON_SCENE")))
                .expect(200);

        JsonNode now = call.get("/api/incidents/" + incident).json();
        assertThat(now.path("units").get(0).path("onSceneAt").isNull()).isFalse();
        call.post("/api/units/" + unit + "/status", Map.of("code", code(statuses, "AVAILABLE")))
                .expect(200);

        JsonNode after = call.get("/api/incidents/" + incident).json();
        assertThat(after.path("units").size()).isZero();
        for (String time : List.of("assignedAt", "enRouteAt", "onSceneAt", "clearedAt")) {
            assertThat(after.path("sent").get(0).path(time).isNull()).as(time).isFalse();
        }
        JsonNode odd = call.post("/api/units/" + unit + "/status", Map.of("code", code(statuses, "ON_SCENE")))
                .expect(200)
                .json();
        assertThat(odd.path("odd").get(0).asString()).isEqualTo("not-assigned");
    }

    private static String code(JsonNode statuses, String state) {
        for (JsonNode status : statuses) {
            if (status.path("state").asString().equals(state)) {
                return status.path("code").asString();
            }
        }
        throw new AssertionError("no code for " + state);
    }
}
