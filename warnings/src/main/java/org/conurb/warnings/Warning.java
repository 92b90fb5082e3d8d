package org.conurb.warnings;

import java.time.Instant;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * A CAP message that was taken in.
 *
 * @param organisation who took it in
 * @param expires when it ends by itself
 * @param expiresAssumed the message names no end: it holds for the time that settings say, from receipt
 */
record Warning(
        UUID id,
        OrganisationId organisation,
        Instant receivedAt,
        WarningState state,
        Instant expires,
        boolean expiresAssumed,
        CapAlert alert) {
    static final String KIND = "Alert";

    String urn() {
        return Ids.urn(KIND, id);
    }

    Warning in(WarningState other) {
        return new Warning(id, organisation, receivedAt, other, expires, expiresAssumed, alert);
    }
}
