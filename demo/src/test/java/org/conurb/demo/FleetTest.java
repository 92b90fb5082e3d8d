package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FleetTest {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final List<String> said = new ArrayList<>();
    private final FakeSite site = new FakeSite();
    private final Fleet fleet = new Fleet(site, 3, (unit, phrase) -> said.add(unit + " " + phrase));

    @Test
    void aUnitThatTheSiteSendsDrivesTheSitesRoadAndReportsByTheCitysCodes() throws Exception {
        fleet.read(START);
        site.assigned = true;
        fleet.changed(site.event(), START);
        run(START, 120);
        assertThat(site.asked).contains("POST /api/units/urn:ngsi-ld:Unit:1/status {\"code\":\"3\"}");
        assertThat(site.asked).contains("POST /api/units/urn:ngsi-ld:Unit:1/status {\"code\":\"4\"}");
        assertThat(site.asked).anyMatch(line -> line.startsWith("GET /api/roads/route?from=7.41,43.73&to=7.42,43.74"));
        assertThat(fleet.crews().getFirst().place()).containsExactly(7.42, 43.74);
        run(START.plusSeconds(120), 400);
        assertThat(site.asked).contains("DELETE /api/incidents/urn:i/units/urn:ngsi-ld:Unit:1 {}");
        assertThat(site.asked).contains("POST /api/units/urn:ngsi-ld:Unit:1/status {\"code\":\"2\"}");
    }

    @Test
    void whoIsAtAnIncidentHasARadioThereWhileItsLinkWorks() throws Exception {
        fleet.read(START);
        assertThat(fleet.duties(incident -> true)).isEmpty();
        site.assigned = true;
        fleet.changed(site.event(), START);
        assertThat(fleet.duties(incident -> true))
                .containsExactly(new Radios.Duty("urn:ngsi-ld:Unit:1", "E11", "fire", "urn:i"));
        run(START, 120);
        assertThat(said).containsExactly("urn:ngsi-ld:Unit:1 ON_THE_WAY", "urn:ngsi-ld:Unit:1 ON_SCENE");
        fleet.crews().getFirst().link(false);
        assertThat(fleet.duties(incident -> true)).isEmpty();
    }

    @Test
    void positionsGoInOneRequestAndOnlyWhenTheyChanged() throws Exception {
        fleet.read(START);
        fleet.report(false);
        fleet.report(false);
        assertThat(site.asked.stream().filter(line -> line.contains("/positions")))
                .hasSize(1);
        fleet.report(true);
        assertThat(site.asked.stream().filter(line -> line.contains("/positions")))
                .hasSize(2);
        fleet.crews().getFirst().link(false);
        fleet.report(true);
        assertThat(site.asked.stream().filter(line -> line.contains("/positions")))
                .hasSize(2);
    }

    @Test
    void crewsGoOnWhereTheSiteKnowsNoRoads() throws Exception {
        fleet.read(START);
        site.roads = false;
        site.assigned = true;
        fleet.changed(site.event(), START);
        run(START, 300);
        assertThat(site.asked).contains("POST /api/units/urn:ngsi-ld:Unit:1/status {\"code\":\"4\"}");
    }

    @Test
    void everydayCallsAreAnsweredByAColleagueAndScenesAreNot() throws Exception {
        fleet.read(START);
        Script script = new Script(site, fleet, 5);
        script.play(Play.SMOKE, START);
        for (int i = 0; i < 400; i++) {
            script.tick(START.plusSeconds(i));
        }
        assertThat(site.asked.stream()
                        .filter(line -> line.startsWith("POST /api/incidents {") && line.contains("555 010")))
                .hasSize(6);
        assertThat(script.calls()).isGreaterThan(8);
        script.pause(true);
        int calls = script.calls();
        for (int i = 400; i < 900; i++) {
            script.tick(START.plusSeconds(i));
        }
        assertThat(script.calls()).isEqualTo(calls);
    }

    private void run(Instant from, int seconds) {
        for (int i = 0; i < seconds; i++) {
            fleet.tick(from.plusSeconds(i));
        }
    }

    /** A site with one engine, which remembers what it was asked. */
    private static final class FakeSite implements Site {
        private final List<String> asked = new ArrayList<>();
        private boolean assigned;
        private boolean roads = true;

        JsonNode event() {
            return json("""
                    {"type":"Unit","id":"urn:ngsi-ld:Unit:1","entity":{"incident":"urn:i","unitState":"ASSIGNED"}}""");
        }

        private static JsonNode json(String text) {
            return HttpSite.JSON.readTree(text);
        }

        @Override
        public JsonNode get(String path) throws Refused {
            asked.add("GET " + path);
            if (path.startsWith("/api/roads")) {
                if (!roads) {
                    throw new Refused(404, "no map");
                }
                return json("""
                        {"seconds":60,"metres":900,"line":{"type":"LineString","coordinates":[[7.41,43.731],[7.42,43.74]]}}""");
            }
            if (path.startsWith("/api/units")) {
                return json("""
                        {"items":[{"id":"urn:ngsi-ld:Unit:1","callSign":"E11","kind":"engine","organisation":"fire",
                         "position":{"type":"Point","coordinates":[7.41,43.73]},"incident":%s}]}""".formatted(assigned ? "\"urn:i\"" : "null"));
            }
            if (path.startsWith("/api/city")) {
                return json("""
                        {"unitStatuses":[{"code":"1","state":"available"},{"code":"2","state":"available"},
                         {"code":"3","state":"en-route"},{"code":"4","state":"on-scene"}]}""");
            }
            return json("""
                    {"type":"fire.smoke","state":"open","units":[],"place":{"type":"Point","coordinates":[7.42,43.74]}}""");
        }

        @Override
        public JsonNode send(String method, String path, Object body, Map<String, String> headers) {
            asked.add(method + " " + path + " " + HttpSite.JSON.writeValueAsString(body));
            return json("{\"id\":\"urn:made:%d\"}".formatted(asked.size()));
        }
    }
}
