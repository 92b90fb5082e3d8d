package org.conurb.agreements;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;

/** Grants that people and clients ask for by themselves. Each call runs in the caller's transaction. */
final class Grants {
    private static final int MOST_ASKED = 100;
    private static final int MOST_LISTED = 500;
    private static final int LONGEST_CASE = 200;

    private final City city;
    private final Rules rules;
    private final Purposes purposes;
    private final Remembered remembered;
    private final GrantRows rows;
    private final Audit audit;
    private final Clock clock;
    private final Ids ids;

    Grants(
            City city,
            Rules rules,
            Purposes purposes,
            Remembered remembered,
            Transactions transactions,
            Audit audit,
            Clock clock,
            Ids ids) {
        this.city = city;
        this.rules = rules;
        this.purposes = purposes;
        this.remembered = remembered;
        this.rows = new GrantRows(transactions.jdbc());
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
    }

    PurposeGrant take(Caller caller, String purposeCode, Optional<String> caseId) {
        Instant now = clock.instant();
        City.Purpose purpose = purpose(caller, purposeCode);
        checkCase(caller, purpose, caseId, now);
        if (rows.asked(caller.organisation(), caller.subject(), now) >= MOST_ASKED) {
            throw new Conflict(
                    "grants-many",
                    "%s holds %d grants already.".formatted(caller.name(), MOST_ASKED),
                    "End those that are no longer needed: GET /api/grants, DELETE /api/grants/{id}.");
        }
        PurposeGrant grant = new PurposeGrant(
                ids.next(),
                caller.organisation(),
                caller.subject(),
                caller.seat(),
                purpose.code(),
                caseId,
                false,
                now,
                now.plus(purpose.lasts()),
                Optional.empty());
        rows.insert(grant);
        audit.record(
                AuditEntry.of(caller, "purpose.taken", Purposes.KIND, grant.id().toString(), caller.organisation())
                        .under(Optional.of(grant.id()))
                        .with(Purposes.facts(grant)));
        remembered.grant(grant, now);
        return grant;
    }

    /** Ends one's own, or as administrator any of the organisation; one that has ended already stays as it is. */
    void end(Caller caller, UUID id) {
        Instant now = clock.instant();
        PurposeGrant grant = rows.find(id)
                .filter(found -> mayEnd(caller, found))
                .orElseThrow(() -> new NotFound("grant", id.toString()));
        if (grant.endedAt().isPresent()) {
            return;
        }
        rows.end(id, now);
        audit.record(AuditEntry.of(caller, "purpose.ended", Purposes.KIND, id.toString(), grant.organisation())
                .under(Optional.of(id))
                .with(Purposes.facts(grant)));
        remembered.grant(grant.ended(now), now);
    }

    /** The caller's own that are in force. */
    List<PurposeGrant> own(Caller caller) {
        return rows.inForce(caller.organisation(), caller.subject(), clock.instant(), MOST_LISTED);
    }

    private boolean mayEnd(Caller caller, PurposeGrant grant) {
        boolean own =
                grant.subject().equals(caller.subject()) && grant.organisation().equals(caller.organisation());
        return own || rules.decide(caller, Action.DELETE, Purposes.KIND, grant.organisation());
    }

    private City.Purpose purpose(Caller caller, String code) {
        String mine = city.purposes().stream()
                .filter(purpose -> Purposes.mayTake(caller, purpose))
                .map(City.Purpose::code)
                .collect(Collectors.joining(", "));
        City.Purpose purpose = city.purpose(code)
                .orElseThrow(() -> new BadRequest(
                        "purpose-unknown",
                        "This city has no purpose %s.".formatted(code),
                        "Use one of yours: %s.".formatted(mine.isEmpty() ? "none" : mine)));
        if (!Purposes.mayTake(caller, purpose)) {
            throw new Denied(
                    "None of your roles may take the purpose %s.".formatted(code),
                    "Use one of yours (%s), or ask an administrator for a role that may."
                            .formatted(mine.isEmpty() ? "none" : mine));
        }
        return purpose;
    }

    private void checkCase(Caller caller, City.Purpose purpose, Optional<String> caseId, Instant now) {
        if (caseId.isEmpty()) {
            if (purpose.needsCase()) {
                throw new BadRequest(
                        "case-missing",
                        "The purpose %s stands only for a case.".formatted(purpose.code()),
                        "Send the id of an open incident as case.");
            }
            return;
        }
        if (caseId.get().length() > LONGEST_CASE || !purposes.isOpen(caller, caseId.get(), now)) {
            throw new Conflict(
                    "case-not-open",
                    "There is no open incident of this id.",
                    "Send the id of an open incident as case, or take a purpose that needs none.");
        }
    }
}
