package org.conurb.testkit;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;

/** Remembers entries, also those of transactions that failed later. */
public final class FakeAudit implements Audit {
    private final List<AuditEntry> entries = new CopyOnWriteArrayList<>();

    @Override
    public UUID record(AuditEntry entry) {
        entries.add(entry);
        return UUID.randomUUID();
    }

    /** All entries so far, oldest first. */
    public List<AuditEntry> entries() {
        return List.copyOf(entries);
    }

    /** Names of all entries' events, oldest first. */
    public List<String> actions() {
        return entries.stream().map(AuditEntry::action).toList();
    }

    public void clear() {
        entries.clear();
    }
}
