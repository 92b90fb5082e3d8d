package org.conurb.demo;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Lets the city live: one thread on which crews and script move, fed by the site's events and by orders of the control door
 * through one bounded queue. Its time runs {@code speed} times as fast as the clock.
 */
final class Living {
    private static final Logger LOG = LoggerFactory.getLogger(Living.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration REPORT = Duration.ofSeconds(2);
    private static final Duration REREAD = Duration.ofSeconds(15);
    private static final Duration REPORT_ALL = Duration.ofMinutes(2);

    private final HttpSite site;
    private final Optional<Radios> radios;
    private final Fleet fleet;
    private final Script script;
    private final List<SimCamera> cameras;
    private final int rtspPort;
    private final Clock clock;
    private final BlockingQueue<Runnable> orders = new ArrayBlockingQueue<>(10_000);
    private final AtomicBoolean reread = new AtomicBoolean(true);
    private volatile double speed;
    private Instant now;
    private Instant real;
    private Instant nextReport = Instant.MIN;
    private Instant nextRead = Instant.MIN;
    private Instant nextAll;
    private boolean registered;

    /** @param radios of the crews; none where they are to be silent */
    Living(
            HttpSite site,
            List<SimCamera> cameras,
            int rtspPort,
            Clock clock,
            long seed,
            double speed,
            Optional<Radios> radios) {
        this.site = site;
        this.radios = radios;
        this.fleet = new Fleet(site, seed, (unit, phrase) -> radios.ifPresent(all -> all.report(unit, phrase)));
        this.script = new Script(site, fleet, seed);
        this.cameras = List.copyOf(cameras);
        this.rtspPort = rtspPort;
        this.clock = clock;
        this.speed = speed;
        this.now = clock.instant();
        this.real = now;
        this.nextAll = now;
    }

    void run() throws InterruptedException {
        Thread.ofVirtual().name("events").start(this::listen);
        while (!Thread.currentThread().isInterrupted()) {
            Runnable order = orders.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            while (order != null) {
                order.run();
                order = orders.poll();
            }
            step();
        }
    }

    /** One round: time passes, crews and script move, positions are told. */
    private void step() {
        Instant at = clock.instant();
        Duration passed = Duration.between(real, at);
        if (!passed.isNegative()) {
            now = now.plusNanos((long) (Math.min(passed.toNanos(), 2e9) * speed));
        }
        real = at;
        if (reread.getAndSet(false) || !at.isBefore(nextRead)) {
            nextRead = at.plus(REREAD);
            read();
        }
        fleet.tick(now);
        radios.ifPresent(all -> all.wanted(fleet.duties(script::isEveryday)));
        script.tick(now);
        if (!at.isBefore(nextReport)) {
            nextReport = at.plus(REPORT);
            boolean all = !at.isBefore(nextAll);
            if (all) {
                nextAll = at.plus(REPORT_ALL);
            }
            fleet.report(all);
        }
    }

    private void read() {
        try {
            fleet.read(now);
            if (!registered) {
                CityCameras.register(site, rtspPort);
                registered = true;
                LOG.atInfo().addKeyValue("units", fleet.crews().size()).log("demo.living");
            }
        } catch (Site.Refused e) {
            LOG.atWarn().addKeyValue("why", e.getMessage()).log("demo.site-refused");
        }
    }

    private void listen() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                site.follow("Unit", () -> reread.set(true), this::changed);
            } catch (Site.Refused | IOException | RuntimeException e) {
                LOG.atDebug().addKeyValue("why", String.valueOf(e.getMessage())).log("demo.events-ended");
            }
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void changed(JsonNode change) {
        if (!orders.offer(() -> fleet.changed(change, now))) {
            reread.set(true);
        }
    }

    // --- what the control door asks; any thread ---

    private boolean order(Runnable what) {
        return orders.offer(what);
    }

    boolean play(Play play) {
        return order(() -> script.play(play, now));
    }

    boolean link(String callSign, boolean works) {
        return order(() -> {
            Crew crew = fleet.named(callSign);
            if (crew != null) {
                crew.link(works);
                reread.set(works || reread.get());
            }
        });
    }

    boolean pauseCalls(boolean paused) {
        return order(() -> script.pause(paused));
    }

    void speed(double factor) {
        speed = factor;
    }

    boolean suffer(String camera, Fault fault, boolean cut) {
        for (SimCamera one : cameras) {
            if (one.id().equals(camera)) {
                one.suffer(fault);
                if (cut) {
                    one.cut();
                }
                return true;
            }
        }
        return false;
    }

    boolean restore() {
        cameras.forEach(camera -> camera.suffer(Fault.NONE));
        speed = 1;
        return order(() -> {
            fleet.crews().forEach(crew -> crew.link(true));
            script.pause(false);
            reread.set(true);
        });
    }

    Map<String, Object> state() {
        List<Object> units = new ArrayList<>();
        for (Crew crew : fleet.crews()) {
            units.add(Map.of(
                    "id", crew.id(),
                    "callSign", crew.callSign(),
                    "kind", crew.kind(),
                    "doing", code(crew.state()),
                    "linked", crew.linked()));
        }
        List<Object> shown = new ArrayList<>();
        for (SimCamera camera : cameras) {
            shown.add(Map.of("id", camera.id(), "name", camera.name(), "fault", code(camera.fault())));
        }
        List<Object> scenes = new ArrayList<>();
        for (Play play : Play.values()) {
            scenes.add(Map.of("id", code(play), "title", play.title()));
        }
        return Map.of(
                "speed", speed,
                "callsPaused", script.paused(),
                "calls", script.calls(),
                "units", units,
                "cameras", shown,
                "scenes", scenes);
    }

    static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
