package org.conurb.agreements;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;

/**
 * That somebody may see what concerns persons: why, for which case, until when.
 *
 * @param subject who holds it
 * @param purpose code of the city folder
 * @param caseId the incident; empty for what belongs to none
 * @param derived made by the server from seat and case, not asked for
 */
record PurposeGrant(
        UUID id,
        OrganisationId organisation,
        String subject,
        Optional<String> seat,
        String purpose,
        Optional<String> caseId,
        boolean derived,
        Instant from,
        Instant until,
        Optional<Instant> endedAt) {

    boolean inForce(Instant now) {
        return endedAt.isEmpty() && !now.isBefore(from) && now.isBefore(until);
    }

    PurposeGrant ended(Instant at) {
        return new PurposeGrant(
                id, organisation, subject, seat, purpose, caseId, derived, from, until, Optional.of(at));
    }
}
