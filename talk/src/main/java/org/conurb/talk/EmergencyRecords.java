package org.conurb.talk;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entities;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emergencies on disk and as {@code TalkEmergency} entities, by which every console sees them. The floor's thread only puts
 * into a bounded queue; one thread of this class writes, in order, and tries again while the database is away.
 */
final class EmergencyRecords implements EmergencyBook, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmergencyRecords.class);
    private static final int MOST_WAITING = 10_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final EmergencyStore store;
    private final SiteParticipants participants;
    private final GroupDirectory directory;
    private final Entities entities;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean closed;
    private @Nullable Thread thread;

    EmergencyRecords(
            Transactions transactions,
            SiteParticipants participants,
            GroupDirectory directory,
            Entities entities,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new EmergencyStore(transactions.jdbc());
        this.participants = participants;
        this.directory = directory;
        this.entities = entities;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("talk-emergencies").start(this::run);
    }

    @Override
    public void raised(
            GroupFacts group, Participant who, Urgency urgency, boolean alert, Optional<Map<String, Object>> place) {
        later(() -> raise(group, who, urgency, alert, place.flatMap(EmergencyRecords::point)));
    }

    @Override
    public void ended(GroupFacts group, Participant who) {
        later(() -> store.find(group.group().id(), who.mcpttId()).ifPresent(this::end));
    }

    /** The group is no more, and with it whatever was urgent in it. */
    void closed(String group) {
        later(() ->
                store.open().stream().filter(open -> open.group().equals(group)).forEach(this::end));
    }

    private void later(Runnable work) {
        if (!waiting.offer(work)) {
            LOG.atError().addKeyValue("waiting", waiting.size()).log("talk.emergency-not-written");
        }
    }

    private static Optional<Epsg4326Point> point(Map<String, Object> geoJson) {
        try {
            return Optional.of(Epsg4326Point.fromGeoJson(geoJson));
        } catch (ConurbException | IllegalArgumentException notAPoint) {
            return Optional.empty(); // an emergency counts without it
        }
    }

    private void raise(
            GroupFacts facts, Participant who, Urgency urgency, boolean alert, Optional<Epsg4326Point> place) {
        TalkGroup group = facts.group();
        Optional<EmergencyRow> before = store.find(group.id(), who.mcpttId());
        EmergencyRow now = new EmergencyRow(
                before.map(EmergencyRow::id).orElseGet(ids::next),
                group.owner(),
                group.id(),
                who.mcpttId(),
                participants.name(who),
                urgency,
                alert || before.map(EmergencyRow::alert).orElse(false),
                before.map(EmergencyRow::at).orElseGet(clock::instant),
                place.or(() -> before.flatMap(EmergencyRow::place)),
                facts.incident(),
                Optional.empty());
        write(now, before.isPresent() ? "talk-emergency.changed" : "talk-emergency.raised");
    }

    private void end(EmergencyRow open) {
        write(open.ended(clock.instant()), "talk-emergency.ended");
    }

    private void write(EmergencyRow emergency, String action) {
        OrganisationId owner = emergency.owner();
        Caller system = Caller.system("talk", owner);
        store.put(emergency);
        entities.put(system, emergency.toEntity());
        entities.find(emergency.group())
                .map(entity ->
                        entity.with("urgency", Attribute.property(GroupEntity.code(store.urgency(emergency.group())))))
                .ifPresent(entity -> entities.put(system, entity));
        Map<String, String> facts = new HashMap<>();
        facts.put("group", emergency.group());
        facts.put("participant", emergency.participant());
        facts.put("urgency", GroupEntity.code(emergency.urgency()));
        emergency.incident().ifPresent(incident -> facts.put("incident", incident));
        audit.record(AuditEntry.of(system, action, EmergencyRow.KIND, emergency.urn(), owner)
                .with(facts));
    }

    private void run() {
        while (!closed || !waiting.isEmpty()) {
            try {
                Runnable next = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (next != null) {
                    write(next);
                }
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void write(Runnable work) throws InterruptedException {
        while (true) {
            try {
                transactions.doAsSystem(work);
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("talk.emergency-write-failed");
                if (closed || !isPassing(e)) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    /** Whether it may go by itself: the database is away. What is wrong with one emergency must not hold up the next. */
    private static boolean isPassing(RuntimeException e) {
        return e instanceof ConurbException fault && fault.code().startsWith("database-");
    }

    /** After a restart: what was urgent still is, unless its group is gone. */
    void resume(Optional<ControllingFunction> site) {
        List<EmergencyRow> open = transactions.asSystem(store::open);
        for (EmergencyRow row : open) {
            Optional<Participant> who = participants.find(row.participant());
            if (directory.find(row.group()).isEmpty() || who.isEmpty()) {
                later(() -> store.find(row.group(), row.participant()).ifPresent(this::end));
            } else {
                site.ifPresent(calls -> calls.resume(
                        row.group(),
                        who.get(),
                        row.urgency(),
                        row.alert(),
                        row.place().map(Epsg4326Point::toGeoJson)));
            }
        }
    }

    /** Those that wait to be written. */
    int waiting() {
        return waiting.size();
    }

    Retained retained() {
        return Retained.by("talk", "talk emergencies", before -> {
            List<EmergencyRow> gone = store.forget(before);
            gone.forEach(row -> entities.forget(row.urn()));
            return Retained.Forgotten.of(gone.stream().map(EmergencyRow::owner).toList());
        });
    }

    @Override
    public void close() {
        closed = true;
        Thread writer = thread;
        if (writer != null) {
            try {
                if (!writer.join(Duration.ofSeconds(10))) {
                    writer.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
