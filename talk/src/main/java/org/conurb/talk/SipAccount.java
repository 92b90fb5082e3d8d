package org.conurb.talk;

import java.time.Instant;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * One SIP device of a participant, with a secret of its own.
 *
 * @param participant MCPTT ID of the seat or unit that takes part by it
 * @param device what people call it
 * @param username what it signs in with: digits, as a desk phone has keys for these
 */
record SipAccount(
        UUID id, OrganisationId organisation, String participant, String device, String username, Instant at) {
    static final String KIND = "SipAccount";

    String urn() {
        return Ids.urn(KIND, id);
    }
}
