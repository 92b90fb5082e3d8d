package org.conurb.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What happens in the city: everyday calls now and then, and the scenes that are asked for. A colleague of the dispatcher
 * answers most everyday calls, so that the city lives by itself; scenes wait for a person. Confined to one thread.
 */
final class Script {
    private static final Logger LOG = LoggerFactory.getLogger(Script.class);
    private static final int MOST_OPEN = 9;

    private record Everyday(String type, List<String> kinds, String words) {}

    private record Due(Instant at, Call call) {}

    private static final class Case {
        private final Everyday everyday;
        private final double[] place;
        private final Instant answeredAt;
        private boolean answered;
        private Instant last;

        Case(Everyday everyday, double[] place, Instant answeredAt) {
            this.everyday = everyday;
            this.place = place;
            this.answeredAt = answeredAt;
            this.last = answeredAt;
        }
    }

    private static final List<Everyday> DAY = List.of(
            new Everyday(
                    "medical.person-injured",
                    List.of("ambulance"),
                    "An old man has fallen on the stairs and cannot get up."),
            new Everyday(
                    "police.disturbance", List.of("patrol"), "Loud quarrel in the flat above us for half an hour."),
            new Everyday(
                    "fire.alarm", List.of("engine"), "Automatic alarm from an office building, no caller on site."),
            new Everyday(
                    "medical.breathing", List.of("ambulance", "doctor"), "My mother has asthma and hardly gets air."),
            new Everyday(
                    "traffic.collision",
                    List.of("patrol", "ambulance"),
                    "A cyclist was hit at the corner, he is awake."),
            new Everyday(
                    "police.burglary",
                    List.of("patrol", "motorcycle"),
                    "Somebody is breaking the door of the shop opposite."),
            new Everyday("city.flooding", List.of("works"), "Water comes out of the street, the cellar is filling."),
            new Everyday(
                    "medical.transport", List.of("ambulance"), "Patient to be brought from home to the day clinic."),
            new Everyday("fire.vehicle", List.of("engine"), "A van is smoking under the bonnet, the driver is out."),
            new Everyday("police.missing-person", List.of("patrol"), "A child of six is missing from the playground."),
            new Everyday(
                    "medical.cardiac-arrest",
                    List.of("ambulance", "doctor"),
                    "He fell down and does not breathe, we are pressing."),
            new Everyday("rescue.height", List.of("ladder"), "A cleaner's platform is stuck at the fourth floor."));
    private static final List<String> NAMES = List.of(
            "Ana Silva",
            "Tom Becker",
            "Fatou Sy",
            "Li Wen",
            "Karim Nasser",
            "Julia Roth",
            "Marc Petit",
            "Ewa Zielinska");

    private final Site site;
    private final Fleet fleet;
    private final Random random;
    private final List<Due> due = new ArrayList<>();
    private final Map<String, Case> cases = new HashMap<>();
    private List<double[]> places = List.of();
    private @Nullable Instant nextEveryday;
    private volatile boolean paused;
    private volatile int calls;

    Script(Site site, Fleet fleet, long seed) {
        this.site = site;
        this.fleet = fleet;
        this.random = new Random(seed);
    }

    boolean paused() {
        return paused;
    }

    void pause(boolean wanted) {
        paused = wanted;
    }

    int calls() {
        return calls;
    }

    /** Whether an incident began with one of its own everyday calls, which a colleague answers. */
    boolean isEveryday(String incident) {
        return cases.containsKey(incident);
    }

    void play(Play play, Instant now) {
        for (Call call : play.calls()) {
            due.add(new Due(now.plusMillis((long) (call.after() * 1000)), call));
        }
    }

    void tick(Instant now) {
        if (places.isEmpty()) {
            places = fleet.crews().stream().map(Crew::place).toList();
        }
        for (Iterator<Due> all = due.iterator(); all.hasNext(); ) {
            Due next = all.next();
            if (!next.at().isAfter(now)) {
                all.remove();
                call(next.call());
            }
        }
        everyday(now);
        colleague(now);
    }

    private void everyday(Instant now) {
        Instant planned = nextEveryday;
        if (planned == null) {
            nextEveryday = now.plusSeconds(4);
        } else if (!now.isBefore(planned)) {
            nextEveryday = now.plusSeconds(35 + random.nextInt(50));
            if (!paused && cases.size() < MOST_OPEN && !places.isEmpty()) {
                Everyday what = DAY.get(random.nextInt(DAY.size()));
                double[] near = places.get(random.nextInt(places.size()));
                double[] place = {near[0] + random.nextGaussian() * 0.0015, near[1] + random.nextGaussian() * 0.0008};
                String caller = NAMES.get(random.nextInt(NAMES.size()));
                String id = call(new Call(
                        0,
                        what.type(),
                        place[0],
                        place[1],
                        what.words(),
                        caller,
                        "555 0" + (200 + random.nextInt(700))));
                if (id != null) {
                    cases.put(id, new Case(what, place, now.plusSeconds(20 + random.nextInt(60))));
                }
            }
        }
    }

    private @Nullable String call(Call call) {
        try {
            calls = calls + 1;
            return site.post("/api/incidents", call.incident()).path("id").asString(null);
        } catch (Site.Refused e) {
            LOG.atWarn()
                    .addKeyValue("type", call.type())
                    .addKeyValue("why", e.getMessage())
                    .log("demo.call-refused");
            return null;
        }
    }

    /** Sends the nearest free units to everyday calls that nobody answered, and closes them when all have left. */
    private void colleague(Instant now) {
        for (Iterator<Map.Entry<String, Case>> all = cases.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Case> entry = all.next();
            Case work = entry.getValue();
            if (now.isBefore(work.last)) {
                continue;
            }
            work.last = now.plus(Duration.ofSeconds(10));
            try {
                JsonNode incident = site.get("/api/incidents/" + entry.getKey());
                boolean open = incident.path("state").asString().equals("open");
                boolean sent = !incident.path("units").isEmpty();
                if (open && !sent && work.answered) {
                    site.send("PATCH", "/api/incidents/" + entry.getKey(), Map.of("state", "closed"), Map.of());
                    open = false;
                } else if (open && !sent && !now.isBefore(work.answeredAt)) {
                    answer(entry.getKey(), work);
                }
                work.answered = work.answered || sent;
                if (!open) {
                    all.remove();
                }
            } catch (Site.Refused e) {
                LOG.atWarn().addKeyValue("why", e.getMessage()).log("demo.colleague-refused");
            }
        }
    }

    private void answer(String incident, Case work) throws Site.Refused {
        for (String kind : work.everyday.kinds()) {
            Crew nearest = null;
            for (Crew crew : fleet.crews()) {
                boolean free =
                        crew.incident() == null && crew.linked() && crew.kind().equals(kind);
                if (free
                        && (nearest == null
                                || Drive.metres(crew.place(), work.place)
                                        < Drive.metres(nearest.place(), work.place))) {
                    nearest = crew;
                }
            }
            if (nearest != null) {
                site.post("/api/incidents/" + incident + "/units", Map.of("unit", nearest.id()));
            }
        }
    }
}
