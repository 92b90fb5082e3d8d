package org.conurb.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * A program that may come in.
 *
 * @param organisation whose it is
 * @param roles by organisation; the first is acted for unless another is named
 * @param secretHash hexadecimal SHA-256; empty for a public client
 * @param redirectUris where codes may be sent; empty for a program that acts only by itself
 * @param installation the one in bootstrap.json
 */
record Client(
        String id,
        String name,
        OrganisationId organisation,
        Map<OrganisationId, Set<Role>> roles,
        Optional<String> secretHash,
        List<String> redirectUris,
        Optional<String> defaultPurpose,
        boolean installation,
        Instant createdAt) {
    static final String SUBJECT = "client:";

    Party party() {
        return new Party(SUBJECT + id, name, roles, defaultPurpose);
    }
}
