package org.conurb.kernel;

import java.util.UUID;

/** The tamper-evident log; implemented by {@code audit}. */
public interface Audit {
    /**
     * Writes an entry in the current transaction: it is there if, and only if, what it tells of is. The answer to the
     * caller carries its id as {@code Conurb-Audit}.
     *
     * @return id of the entry, for a proof of inclusion once it is sequenced
     * @throws IllegalStateException outside a transaction
     */
    UUID record(AuditEntry entry);
}
