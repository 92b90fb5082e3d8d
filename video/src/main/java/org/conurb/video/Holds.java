package org.conurb.video;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Holds that people place on recordings and lift again: what is on hold is not deleted, however old it is and however full
 * the disk. They are their organisation's; whoever's camera it is sees in its audit log who holds what. Each call is in the
 * caller's transaction.
 */
final class Holds {
    private static final int MOST_STANDING = 1_000;
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_CASE = 200;
    private static final Duration LONGEST = Duration.ofDays(366);

    private final HoldStore store;
    private final Cameras cameras;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    Holds(Transactions transactions, Cameras cameras, Access access, Audit audit, Ids ids, Clock clock) {
        this.store = new HoldStore(transactions.jdbc());
        this.cameras = cameras;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    Hold place(Caller caller, CameraId id, Instant from, Instant to, @Nullable String caseId, @Nullable String reason) {
        access.demand(caller, Action.CREATE, Hold.KIND, caller.organisation(), "new");
        Camera camera = cameras.find(caller, id);
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new BadRequest(
                    "hold-span",
                    "The span is empty or longer than %d days.".formatted(LONGEST.toDays()),
                    "Hold a shorter one, from before to.");
        }
        if (store.standing(caller.organisation()) >= MOST_STANDING) {
            throw new Conflict(
                    "holds-many",
                    "%d holds of %s stand already.".formatted(MOST_STANDING, caller.organisation()),
                    "Lift some that are needed no longer: DELETE /api/video/holds/{id}.");
        }
        Hold hold = new Hold(
                ids.next(),
                caller.organisation(),
                camera.id(),
                from,
                to,
                text(reason, LONGEST_TEXT),
                text(caseId, LONGEST_CASE),
                caller.subject(),
                caller.name(),
                clock.instant());
        store.insert(hold);
        record(caller, "video-hold.placed", hold, camera.organisation());
        return hold;
    }

    private static String text(@Nullable String text, int longest) {
        if (text == null || text.isBlank() || text.length() > longest) {
            throw new BadRequest(
                    "hold-reason",
                    "A hold names its case, and a reason of at most %d characters.".formatted(LONGEST_TEXT),
                    "Send case and reason: both go into the audit log.");
        }
        return text.strip();
    }

    Hold find(Caller caller, UUID id) {
        Hold hold = store.find(id).orElseThrow(() -> new NotFound("hold", id.toString()));
        access.demand(caller, Action.READ, Hold.KIND, hold.organisation(), id.toString());
        return hold;
    }

    /** Newest first. */
    List<Hold> list(Caller caller, Optional<CameraId> camera, UUID below, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Hold.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, camera, below, limit);
    }

    /** From now on what it held may be deleted again. */
    void lift(Caller caller, UUID id) {
        if (store.isOfExport(id)) {
            throw new Conflict(
                    "hold-of-export",
                    "It belongs to an export that is being made.",
                    "It ends with the export: wait, or DELETE /api/video/exports/{id}.");
        }
        Hold hold = find(caller, id);
        access.demand(caller, Action.DELETE, Hold.KIND, hold.organisation(), id.toString());
        if (store.release(id, clock.instant())) {
            OrganisationId owner =
                    cameras.known(hold.camera()).map(Camera::organisation).orElse(hold.organisation());
            record(caller, "video-hold.lifted", hold, owner);
        }
    }

    /** In the log of whose hold it is, and of whose camera. */
    private void record(Caller caller, String action, Hold hold, OrganisationId owner) {
        Set<OrganisationId> logs = new LinkedHashSet<>(List.of(owner, hold.organisation()));
        for (OrganisationId log : logs) {
            audit.record(AuditEntry.of(caller, action, Hold.KIND, hold.id().toString(), log)
                    .with(Map.of(
                            "camera", hold.camera().urn(),
                            "from", hold.from().toString(),
                            "to", hold.to().toString(),
                            "case", hold.caseId()))
                    .concerning(Map.of("reason", hold.reason())));
        }
    }
}
