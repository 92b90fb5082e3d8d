package org.conurb.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** All crews of the city, and what they tell: by the site's public API, and by voice. Changed only by the thread that lets the city live. */
final class Fleet implements Crew.Terminal {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final int MOST_PAGES = 20;

    private final Site site;
    private final BiConsumer<String, Phrase> radio;
    private final long seed;
    /** Others only read it, for the control door. */
    private final Map<String, Crew> crews = new java.util.concurrent.ConcurrentSkipListMap<>();

    private final Map<String, String> codes = new HashMap<>();
    private final Map<String, double[]> told = new HashMap<>();
    private final Map<String, Radios.Duty> duties = new LinkedHashMap<>();

    /** @param radio takes the URN of a unit, and what its crew says */
    Fleet(Site site, long seed, BiConsumer<String, Phrase> radio) {
        this.site = site;
        this.radio = radio;
        this.seed = seed;
    }

    List<Crew> crews() {
        return List.copyOf(crews.values());
    }

    @Nullable
    Crew named(String callSign) {
        return crews.values().stream()
                .filter(crew -> crew.callSign().equals(callSign))
                .findFirst()
                .orElse(null);
    }

    /** Reads the units and where each is sent; may be done again at any time. */
    void read(Instant now) throws Site.Refused {
        if (codes.isEmpty()) {
            readCodes();
        }
        List<JsonNode> units = new ArrayList<>();
        String next = "";
        for (int page = 0; page < MOST_PAGES && next != null; page++) {
            JsonNode answer = site.get("/api/units?limit=100" + (next.isEmpty() ? "" : "&after=" + encoded(next)));
            answer.path("items").forEach(units::add);
            next = answer.path("next").asString(null);
        }
        List<double[]> beat = units.stream()
                .map(Fleet::place)
                .filter(place -> place.length == 2)
                .toList();
        for (JsonNode unit : units) {
            String id = unit.path("id").asString();
            double[] place = place(unit);
            if (!crews.containsKey(id) && place.length == 2) {
                crews.put(
                        id,
                        new Crew(
                                id,
                                unit.path("callSign").asString(),
                                unit.path("kind").asString(),
                                unit.path("organisation").asString(""),
                                place,
                                beat,
                                seed));
            }
            sent(id, unit.path("incident").asString(null), now);
        }
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static double[] place(JsonNode unit) {
        JsonNode place = unit.path("position").path("coordinates");
        return place.size() == 2
                ? new double[] {place.get(0).asDouble(), place.get(1).asDouble()}
                : new double[0];
    }

    private void readCodes() throws Site.Refused {
        for (JsonNode status : site.get("/api/city").path("unitStatuses")) {
            String state =
                    status.path("state").asString().toUpperCase(Locale.ROOT).replace('-', '_');
            String code = status.path("code").asString();
            if (codes.putIfAbsent(state, code) != null && state.equals("AVAILABLE")) {
                codes.putIfAbsent("AT_STATION", code);
            }
        }
        codes.putIfAbsent("AT_STATION", codes.getOrDefault("AVAILABLE", ""));
    }

    /** A change of a unit, as the event stream tells it. */
    void changed(JsonNode change, Instant now) {
        if (change.path("type").asString().equals("Unit")) {
            sent(
                    change.path("id").asString(),
                    change.path("entity").path("incident").asString(null),
                    now);
        }
    }

    private void sent(String id, @Nullable String incident, Instant now) {
        Crew crew = crews.get(id);
        if (crew == null || java.util.Objects.equals(incident, crew.incident()) || !crew.linked()) {
            return;
        }
        try {
            JsonNode where = incident == null ? null : site.get("/api/incidents/" + incident);
            if (where == null) {
                crew.sent(null, "", new double[] {0, 0}, now);
                return;
            }
            JsonNode place = where.path("place").path("coordinates");
            crew.sent(
                    incident,
                    where.path("type").asString(),
                    new double[] {place.path(0).asDouble(), place.path(1).asDouble()},
                    now);
        } catch (Site.Refused e) {
            LOG.atWarn()
                    .addKeyValue("unit", crew.callSign())
                    .addKeyValue("why", e.getMessage())
                    .log("demo.not-told");
        }
    }

    void tick(Instant now) {
        crews.values().forEach(crew -> crew.tick(now, this));
    }

    /** Sends where crews are that have moved; all of them where {@code all}. */
    void report(boolean all) {
        List<Map<String, Object>> reports = new ArrayList<>();
        for (Crew crew : crews.values()) {
            double[] place = crew.place();
            double[] before = told.get(crew.id());
            boolean moved = before == null || Drive.metres(before, place) > 3;
            if (crew.linked() && (all || moved)) {
                told.put(crew.id(), place);
                reports.add(Map.of(
                        "unit",
                        crew.id(),
                        "place",
                        Map.of("type", "Point", "coordinates", List.of(place[0], place[1]))));
            }
        }
        if (!reports.isEmpty()) {
            attempt("positions", () -> site.post("/api/units/positions", reports));
        }
    }

    @Override
    public void status(Crew crew, String state) {
        String code = codes.get(state);
        if (crew.linked() && code != null && !code.isEmpty()) {
            attempt(crew.callSign(), () -> site.post("/api/units/" + crew.id() + "/status", Map.of("code", code)));
        }
    }

    @Override
    public void says(Crew crew, Phrase phrase) {
        if (crew.linked()) {
            radio.accept(crew.id(), phrase);
        }
    }

    /**
     * Who is at an incident and can be reached there, in the order in which they were sent; those of visitors come first.
     *
     * @param everyday whether nobody but the demo cares for an incident
     */
    List<Radios.Duty> duties(Predicate<String> everyday) {
        for (Crew crew : crews.values()) {
            String incident = crew.incident();
            if (incident == null || !crew.linked()) {
                duties.remove(crew.id());
                continue;
            }
            Radios.Duty duty = new Radios.Duty(crew.id(), crew.callSign(), crew.organisation(), incident);
            if (!duty.equals(duties.get(crew.id()))) {
                duties.remove(crew.id()); // sent elsewhere: it comes last
                duties.put(crew.id(), duty);
            }
        }
        return duties.values().stream()
                .sorted(Comparator.comparing(duty -> everyday.test(duty.incident())))
                .toList();
    }

    @Override
    public Drive way(Crew crew, double[] from, double[] to) {
        try {
            JsonNode route = site.get("/api/roads/route?from=%s,%s&to=%s,%s".formatted(from[0], from[1], to[0], to[1]));
            List<double[]> line = new ArrayList<>();
            route.path("line")
                    .path("coordinates")
                    .forEach(point -> line.add(new double[] {
                        point.path(0).asDouble(), point.path(1).asDouble()
                    }));
            if (line.size() > 1) {
                line.addFirst(from);
                return new Drive(line, route.path("seconds").asDouble());
            }
        } catch (Site.Refused e) {
            LOG.atDebug()
                    .addKeyValue("unit", crew.callSign())
                    .addKeyValue("why", e.getMessage())
                    .log("demo.no-road");
        }
        return new Drive(List.of(from, to), 0);
    }

    @Override
    public void clear(Crew crew, String incident) {
        if (crew.linked()) {
            attempt(
                    crew.callSign(),
                    () -> site.send(
                            "DELETE", "/api/incidents/" + incident + "/units/" + crew.id(), Map.of(), Map.of()));
        }
    }

    private interface Attempt {
        void run() throws Site.Refused;
    }

    private static void attempt(String who, Attempt what) {
        try {
            what.run();
        } catch (Site.Refused e) {
            LOG.atWarn()
                    .addKeyValue("who", who)
                    .addKeyValue("why", e.getMessage())
                    .log("demo.refused");
        }
    }
}
