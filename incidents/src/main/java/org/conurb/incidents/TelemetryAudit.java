package org.conurb.incidents;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;

/** Positions enter the audit log once per source, unit and hour, not once per fix. */
final class TelemetryAudit {
    private static final int REMEMBERED = 20_000;

    private final Transactions transactions;
    private final Audit audit;
    private final Clock clock;
    private final Set<String> told = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    TelemetryAudit(Transactions transactions, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    void took(Caller caller, Unit unit) {
        String span = clock.instant().truncatedTo(ChronoUnit.HOURS).toString();
        String key = caller.subject() + ' ' + unit.id() + ' ' + span;
        if (told.contains(key)) {
            return;
        }
        audit.record(AuditEntry.of(caller, "unit.positions", Unit.KIND, unit.urn(), unit.organisation())
                .with(Map.of("hour", span)));
        transactions.afterCommit(() -> told.add(key));
    }
}
