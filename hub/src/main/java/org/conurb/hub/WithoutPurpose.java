package org.conurb.hub;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/** Nobody sits there to have a purpose: a subscriber is not told what concerns persons. */
record WithoutPurpose(Access access) implements Access {
    @Override
    public boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return access.decide(caller, action, kind, owner);
    }

    @Override
    public Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        return access.predicate(caller, action, kind);
    }

    @Override
    public Set<OrganisationId> owners(Caller caller) {
        return access.owners(caller);
    }

    @Override
    public Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return Optional.empty();
    }
}
