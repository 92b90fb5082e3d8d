package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
import org.conurb.store.Transactions;

/**
 * Who may see a picture now, and the trace that it leaves: live, play and export stand under a purpose grant, and each
 * grant, camera and span is written to the audit log once. Looking at the same again writes nothing; more of it, the rest.
 * Safe for many threads. Two first looks at the same moment may each be written.
 */
final class Views {
    /** How far a look at the live picture reaches; who looks on after that is written again. */
    static final Duration LIVE_SPAN = Duration.ofHours(1);

    private static final int MOST_REMEMBERED = 20_000;
    private static final int MOST_SPANS = 256;

    private final Access access;
    private final Audit audit;
    private final Transactions transactions;
    private final Clock clock;

    private final Map<Key, TreeMap<Instant, Instant>> seen = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TreeMap<Instant, Instant>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    enum Use {
        LIVE("camera.live.read"),
        PLAY("camera.play.read"),
        STILLS("camera.stills.read"),
        EXPORT("camera.export.read");

        private final String action;

        Use(String action) {
            this.action = action;
        }
    }

    private record Key(UUID grant, CameraId camera, Use use) {}

    Views(Access access, Audit audit, Transactions transactions, Clock clock) {
        this.access = access;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * The grant under which the caller sees this camera: the one named, else one derived from seat and case.
     *
     * @param caseId the open incident one works on, where no grant is named
     * @throws Denied where no purpose allows
     */
    UUID demand(Caller caller, Camera camera, Optional<String> caseId) {
        Optional<String> asked = caller.grant().isPresent() ? Optional.empty() : caseId;
        return access.purpose(caller, Camera.KIND, asked)
                .orElseThrow(() -> Denied.withoutPurpose("The picture of %s".formatted(camera.name())));
    }

    /** Whether the grant still stands; from memory but for once in a while. */
    boolean stands(Caller caller, UUID grant) {
        return access.purpose(under(caller, grant), Camera.KIND, Optional.empty())
                .isPresent();
    }

    static Caller under(Caller caller, UUID grant) {
        return new Caller(
                caller.subject(),
                caller.name(),
                caller.organisation(),
                caller.seat(),
                caller.roles(),
                Optional.of(grant),
                caller.defaultPurpose());
    }

    /** In the current transaction. */
    UUID live(Caller caller, Camera camera, Optional<String> caseId) {
        UUID grant = demand(caller, camera, caseId);
        Instant now = clock.instant();
        if (!covered(new Key(grant, camera.id(), Use.LIVE), now, now.plusMillis(1))) {
            record(caller, camera, grant, Use.LIVE, now, now.plus(LIVE_SPAN));
        }
        return grant;
    }

    /**
     * In the current transaction.
     *
     * @param readable what may be read on, as files are cut elsewhere; at least from..to
     */
    UUID play(Caller caller, Camera camera, Optional<String> caseId, Use use, Instant from, Instant to) {
        UUID grant = demand(caller, camera, caseId);
        if (!covered(new Key(grant, camera.id(), use), from, to)) {
            record(caller, camera, grant, use, from, to);
        }
        return grant;
    }

    /**
     * Single pictures out of a recording, in the current transaction: written by whole hours, as a pointer that moves over
     * a timeline looks at many.
     */
    UUID stills(Caller caller, Camera camera, Optional<String> caseId, Instant from, Instant to) {
        Instant end = to.minusMillis(1).truncatedTo(ChronoUnit.HOURS).plus(RecordedHour.HOUR);
        return play(caller, camera, caseId, Use.STILLS, from.truncatedTo(ChronoUnit.HOURS), end);
    }

    /** What belongs to a span that was written, though it lies a little outside: the rest of its first and last file. */
    void widen(UUID grant, Camera camera, Instant from, Instant to) {
        transactions.afterCommit(() -> remember(new Key(grant, camera.id(), Use.PLAY), from, to));
    }

    private void record(Caller caller, Camera camera, UUID grant, Use use, Instant from, Instant to) {
        audit.record(AuditEntry.of(caller, use.action, Camera.KIND, camera.urn(), camera.organisation())
                .under(Optional.of(grant))
                .with(Map.of("from", from.toString(), "to", to.toString())));
        transactions.afterCommit(() -> remember(new Key(grant, camera.id(), use), from, to));
    }

    private synchronized boolean covered(Key key, Instant from, Instant to) {
        TreeMap<Instant, Instant> spans = seen.get(key);
        Map.Entry<Instant, Instant> before = spans == null ? null : spans.floorEntry(from);
        return before != null && !before.getValue().isBefore(to);
    }

    private synchronized void remember(Key key, Instant from, Instant to) {
        TreeMap<Instant, Instant> spans = seen.computeIfAbsent(key, k -> new TreeMap<>());
        Instant start = from;
        Instant end = to;
        for (Map.Entry<Instant, Instant> near = spans.floorEntry(end);
                near != null && !near.getValue().isBefore(start);
                near = spans.floorEntry(end)) {
            start = near.getKey().isBefore(start) ? near.getKey() : start;
            end = near.getValue().isAfter(end) ? near.getValue() : end;
            spans.remove(near.getKey());
        }
        spans.put(start, end);
        if (spans.size() > MOST_SPANS) {
            spans.pollFirstEntry();
        }
    }
}
