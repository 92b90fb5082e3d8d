package org.conurb.talk;

import java.nio.charset.StandardCharsets;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in calls: a seat, whoever sits on it. Groups, priorities and records of talk hang on the seat, so that
 * they stay when the shift changes.
 *
 * @param mcpttId MCPTT ID of the seat, a URI of 1 to 255 octets in UTF-8
 * @param functionalAlias what others know it by, as {@code sip:incident-commander@fire.alder} (TS 23.280 8.1.5), of 1 to
 *     255 octets; absent for one that has none
 */
record Participant(String mcpttId, @Nullable String functionalAlias, OrganisationId organisation) {
    private static final int LONGEST = 255;

    /** @throws IllegalArgumentException where a name does not fit its field on the wire (TS 24.380 8.2.3) */
    Participant {
        check("MCPTT ID", mcpttId);
        if (functionalAlias != null) {
            check("functional alias", functionalAlias);
        }
    }

    private static void check(String what, String value) {
        int octets = value.getBytes(StandardCharsets.UTF_8).length;
        if (octets == 0 || octets > LONGEST) {
            throw new IllegalArgumentException("A %s of %d octets: it takes 1 to %d.".formatted(what, octets, LONGEST));
        }
    }

    GrantedParty party() {
        return new GrantedParty(mcpttId, functionalAlias);
    }

    @Override
    public String toString() {
        return mcpttId;
    }
}
