package org.conurb.kernel;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The one decision point: who may do what with whose data, for which purpose. Deny by default. Every door asks it once:
 * {@link #demand} for one thing, {@link #predicate} for lists. Implemented by {@code agreements}; answers from memory
 * (but for {@link #purpose}, which may open a grant), so it may be asked per event.
 */
public interface Access {
    /** Kinds of things behind doors of their own, which are no entities: accounts, traces and the like. */
    Set<String> ADMINISTRATIVE = Set.of(
            "Subscription",
            "ContextSourceRegistration",
            "VideoExport",
            "VideoHold",
            "TalkExport",
            "CameraFeed",
            "Grant",
            "AuditEntry",
            "System",
            "Person",
            "Client",
            "Organisation",
            "Seat",
            "Tenant",
            "LdContext",
            "Import",
            "TalkMessage",
            "SipAccount");

    /**
     * The kind by which the hub asks for entities of a type, in all methods here: anybody may call a type of their own
     * {@code Person}, and it is no account then. Such a type is named by its IRI.
     *
     * @param type short name in the default vocabulary, or an IRI
     */
    static String entities(String type) {
        return ADMINISTRATIVE.contains(type) ? "https://uri.etsi.org/ngsi-ld/default-context/" + type : type;
    }

    /** Whether the caller may do this with a thing of that kind and owner. */
    boolean decide(Caller caller, Action action, String kind, OrganisationId owner);

    /** Owners whose things of that kind the caller may do this with; empty means none. */
    Set<OrganisationId> predicate(Caller caller, Action action, String kind);

    /**
     * The second wall: own organisation and all providers with an agreement in force, for {@code
     * Transactions.as(owners, …)}. Wider than {@link #predicate}: it knows no kinds.
     */
    Set<OrganisationId> owners(Caller caller);

    /**
     * The grant under which the caller now sees what concerns persons in things of that kind: the one named, else one
     * derived from the seat and the open case, else the client's default purpose. The first use of a grant on a thing
     * writes the audit entry, in the current transaction, or in one of its own where there is none.
     *
     * @param caseId the incident (URN) that the thing belongs to; empty for what belongs to none, as a unit's position
     * @return empty where no purpose allows
     */
    Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId);

    /**
     * Asks and refuses: returns only if allowed.
     *
     * @throws NotFound where the caller may not even read it, worded as for a thing that is not there
     * @throws Denied where the caller may read it and not do this
     */
    default void demand(Caller caller, Action action, String kind, OrganisationId owner, String id) {
        if (decide(caller, action, kind, owner)) {
            return;
        }
        if (action == Action.CREATE || decide(caller, Action.READ, kind, owner)) {
            throw new Denied(
                    "%s may not %s %s of %s.".formatted(caller.name(), action.code(), kind, owner),
                    "Ask an administrator of %s for a role that may, or act for another organisation."
                            .formatted(owner));
        }
        throw new NotFound(kind.toLowerCase(Locale.ROOT), id);
    }
}
