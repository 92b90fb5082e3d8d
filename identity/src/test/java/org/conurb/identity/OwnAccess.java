package org.conurb.identity;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/** Administrators may everything with what belongs to the organisation they act for; nobody else may anything. */
final class OwnAccess implements Access {
    @Override
    public boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return predicate(caller, action, kind).contains(owner);
    }

    @Override
    public Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        return caller.has(Role.ADMINISTRATOR) ? owners(caller) : Set.of();
    }

    @Override
    public Set<OrganisationId> owners(Caller caller) {
        return Set.of(caller.organisation());
    }

    @Override
    public Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return Optional.empty();
    }
}
