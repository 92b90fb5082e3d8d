package org.conurb.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.kernel.CaseStatus;
import org.conurb.kernel.OrganisationId;

/** Cases are closed until a test opens them. */
public final class FakeCaseStatus implements CaseStatus {
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Map<String, OrganisationId> owners = new ConcurrentHashMap<>();

    public void open(String caseId) {
        open.add(caseId);
    }

    public void close(String caseId) {
        open.remove(caseId);
    }

    @Override
    public boolean isOpen(String caseId) {
        return open.contains(caseId);
    }

    /** From now on, that organisation runs the case. */
    public void belongs(String caseId, OrganisationId owner) {
        owners.put(caseId, owner);
    }

    @Override
    public Optional<OrganisationId> owner(String caseId) {
        return Optional.ofNullable(owners.get(caseId));
    }
}
