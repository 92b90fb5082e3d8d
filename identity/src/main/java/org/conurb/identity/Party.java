package org.conurb.identity;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * Who is at the door, before it is said for which organisation.
 *
 * @param subject as {@code Caller.subject}
 * @param roles by organisation; the first is acted for unless another is named
 */
record Party(String subject, String name, Map<OrganisationId, Set<Role>> roles, Optional<String> defaultPurpose) {}
