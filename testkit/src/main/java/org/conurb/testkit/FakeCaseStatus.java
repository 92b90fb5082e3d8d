package org.conurb.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.kernel.CaseStatus;

/** Cases are closed until a test opens them. */
public final class FakeCaseStatus implements CaseStatus {
    private final Set<String> open = ConcurrentHashMap.newKeySet();

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
}
