package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.conurb.audit.ReadSpans;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
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

    private final Access access;
    private final ReadSpans reads;
    private final Clock clock;

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

    Views(Access access, Audit audit, Transactions transactions, Clock clock) {
        this.access = access;
        this.reads = new ReadSpans(audit, transactions);
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
        if (!reads.isWritten(grant, thing(camera, Use.LIVE), now, now.plusMillis(1))) {
            reads.read(caller, grant, thing(camera, Use.LIVE), now, now.plus(LIVE_SPAN));
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
        reads.read(caller, grant, thing(camera, use), from, to);
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
        reads.widen(grant, thing(camera, Use.PLAY), from, to);
    }

    private static ReadSpans.Thing thing(Camera camera, Use use) {
        return new ReadSpans.Thing(use.action, Camera.KIND, camera.urn(), camera.organisation());
    }
}
