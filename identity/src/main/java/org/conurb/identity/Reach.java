package org.conurb.identity;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/**
 * How far a caller sees, over all organisations that he or she acts for.
 *
 * @param seen owners whose things may be read
 * @param owners the second wall
 */
record Reach(Set<OrganisationId> seen, Set<OrganisationId> owners) {
    static Reach of(Access access, List<Caller> hats, String kind) {
        Set<OrganisationId> seen = new LinkedHashSet<>();
        Set<OrganisationId> owners = new LinkedHashSet<>();
        hats.forEach(hat -> {
            seen.addAll(access.predicate(hat, Action.READ, kind));
            owners.addAll(access.owners(hat));
        });
        return new Reach(seen, owners);
    }
}
