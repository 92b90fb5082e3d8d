package org.conurb.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who did what with which thing, for which purpose.
 *
 * @param caller who, and for whom
 * @param action stable name of the event, as {@code incident.opened}; reads end in {@code .read}
 * @param kind type of the thing, as {@code Incident}
 * @param id the thing's id
 * @param owner whose thing it is
 * @param grant purpose grant it stood under
 * @param facts what an auditor needs and concerns no person: codes, counts, other ids; at most 2 KB in all
 * @param personal what concerns persons; only salted commitments of it enter the log, so erasing the salt erases it
 */
public record AuditEntry(
        Caller caller,
        String action,
        String kind,
        String id,
        OrganisationId owner,
        Optional<UUID> grant,
        Map<String, String> facts,
        Map<String, String> personal) {

    public static AuditEntry of(Caller caller, String action, String kind, String id, OrganisationId owner) {
        return new AuditEntry(caller, action, kind, id, owner, caller.grant(), Map.of(), Map.of());
    }

    public AuditEntry with(Map<String, String> facts) {
        return new AuditEntry(caller, action, kind, id, owner, grant, Map.copyOf(facts), personal);
    }

    public AuditEntry under(Optional<UUID> grant) {
        return new AuditEntry(caller, action, kind, id, owner, grant, facts, personal);
    }

    public AuditEntry concerning(Map<String, String> personal) {
        return new AuditEntry(caller, action, kind, id, owner, grant, facts, Map.copyOf(personal));
    }
}
