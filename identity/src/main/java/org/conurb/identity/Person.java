package org.conurb.identity;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * Someone who may come in.
 *
 * @param epoch raised by a new password
 * @param roles by organisation, in the order of the city folder
 */
record Person(UUID id, String username, String name, int epoch, Map<OrganisationId, Set<Role>> roles, int passkeys) {
    static final String SUBJECT = "person:";

    String subject() {
        return SUBJECT + id;
    }

    Party party() {
        return new Party(subject(), name, roles, Optional.empty());
    }
}
