package org.conurb.talk;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * A group as it is kept; who is in it follows from this and {@link GroupRules}.
 *
 * @param priority of its incident, 1 (most urgent) to 4; 0 without one
 * @param policy key of the city folder's {@code talk-groups}
 */
record GroupRow(
        UUID id,
        OrganisationId owner,
        GroupFacts.Origin origin,
        Instant at,
        String name,
        Optional<UUID> incident,
        int priority,
        boolean recorded,
        Optional<String> policy,
        Optional<Instant> closedAt) {
    String urn() {
        return Ids.urn(GroupRules.KIND, id);
    }

    Optional<String> incidentUrn() {
        return incident.map(it -> Ids.urn("Incident", it));
    }

    boolean isOpen() {
        return closedAt.isEmpty();
    }

    GroupRow closed(Instant when) {
        return new GroupRow(id, owner, origin, at, name, incident, priority, recorded, policy, Optional.of(when));
    }

    /** Open, and as its incident is now. */
    GroupRow with(OrganisationId runs, String called, int urgent, boolean kept, Optional<String> by) {
        return new GroupRow(id, runs, origin, at, called, incident, urgent, kept, by, Optional.empty());
    }
}
