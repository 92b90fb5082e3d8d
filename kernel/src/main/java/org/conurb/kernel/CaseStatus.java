package org.conurb.kernel;

import java.util.Optional;

/** Whether a case (an incident) is open, and whose it is; implemented by {@code incidents}, asked by {@code agreements}. */
public interface CaseStatus {
    /**
     * @param caseId URN of the incident
     * @return false for a closed case and for one that does not exist
     */
    boolean isOpen(String caseId);

    /** Whose case it is; empty where there is none. */
    Optional<OrganisationId> owner(String caseId);
}
