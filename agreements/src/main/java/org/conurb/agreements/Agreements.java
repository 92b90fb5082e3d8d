package org.conurb.agreements;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/**
 * The one decision point, as {@link Access} tells it. Who may do what at home is a table of roles and kinds ({@code
 * RoleTable}); what others' things one may use is in the city folder's grants; what concerns persons stands under a
 * purpose ({@code Purposes}). All but {@link #purpose} is answered from memory without waiting. Safe for many threads.
 */
public final class Agreements implements Access {
    private final Rules rules;
    private final Purposes purposes;

    Agreements(Rules rules, Purposes purposes) {
        this.rules = rules;
        this.purposes = purposes;
    }

    @Override
    public boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return rules.decide(caller, action, kind, owner);
    }

    @Override
    public Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        return rules.predicate(caller, action, kind);
    }

    @Override
    public Set<OrganisationId> owners(Caller caller) {
        return rules.owners(caller);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A case that was open counts as open for a second more, and a grant that another process ended for five; one
     * that this process ended is over at once.
     */
    @Override
    public Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return purposes.of(caller, kind, caseId);
    }
}
