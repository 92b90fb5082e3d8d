package org.conurb.kernel;

/** Whether a case (an incident) is open; implemented by {@code incidents}, asked by {@code agreements}. */
public interface CaseStatus {
    /**
     * @param caseId URN of the incident
     * @return false for a closed case and for one that does not exist
     */
    boolean isOpen(String caseId);
}
