package org.conurb.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * Reads of recordings in the audit log: one entry for each grant, thing and span. Reading the same again writes nothing;
 * more of it, the rest. Remembers so much in memory; what is forgotten is written again. Safe for many threads. Two first
 * reads at the same moment may each be written.
 */
public final class ReadSpans {
    private static final int MOST_REMEMBERED = 20_000;
    private static final int MOST_SPANS = 256;

    private final Audit audit;
    private final Transactions transactions;

    private final Map<Key, TreeMap<Instant, Instant>> seen = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TreeMap<Instant, Instant>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Key(UUID grant, String id, String action) {}

    public ReadSpans(Audit audit, Transactions transactions) {
        this.audit = audit;
        this.transactions = transactions;
    }

    /**
     * What is read, and as what the log tells it.
     *
     * @param action ends in {@code .read}
     */
    public record Thing(String action, String kind, String id, OrganisationId owner) {}

    /** Whether all of this was written before. */
    public boolean isWritten(UUID grant, Thing thing, Instant from, Instant to) {
        return covered(new Key(grant, thing.id(), thing.action()), from, to);
    }

    /** Writes it in the current transaction, unless it was before. */
    public void read(Caller caller, UUID grant, Thing thing, Instant from, Instant to) {
        if (isWritten(grant, thing, from, to)) {
            return;
        }
        audit.record(AuditEntry.of(caller, thing.action(), thing.kind(), thing.id(), thing.owner())
                .under(Optional.of(grant))
                .with(Map.of("from", from.toString(), "to", to.toString())));
        widen(grant, thing, from, to);
    }

    /** What belongs to a span that was written, though it lies a little outside; once the transaction has committed. */
    public void widen(UUID grant, Thing thing, Instant from, Instant to) {
        Key key = new Key(grant, thing.id(), thing.action());
        transactions.afterCommit(() -> remember(key, from, to));
    }

    private synchronized boolean covered(Key key, Instant from, Instant to) {
        TreeMap<Instant, Instant> spans = seen.get(key);
        Map.Entry<Instant, Instant> before = spans == null ? null : spans.floorEntry(from);
        return before != null && !before.getValue().isBefore(to);
    }

    private synchronized void remember(Key key, Instant from, Instant to) {
        TreeMap<Instant, Instant> spans = seen.computeIfAbsent(key, k -> new TreeMap<>());
        Instant start = from;
        Instant end = to;
        for (Map.Entry<Instant, Instant> near = spans.floorEntry(end);
                near != null && !near.getValue().isBefore(start);
                near = spans.floorEntry(end)) {
            start = near.getKey().isBefore(start) ? near.getKey() : start;
            end = near.getValue().isAfter(end) ? near.getValue() : end;
            spans.remove(near.getKey());
        }
        spans.put(start, end);
        if (spans.size() > MOST_SPANS) {
            spans.pollFirstEntry();
        }
    }
}
