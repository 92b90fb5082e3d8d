package org.conurb.hub;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.conurb.store.Transactions;

/** How often @contexts are used: counted in memory, written down now and then, never on a request's way. */
final class ContextUses {
    private final Transactions transactions;
    private final ContextStore store;
    private final Clock clock;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    ContextUses(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.store = new ContextStore(transactions);
        this.clock = clock;
    }

    void count(String id) {
        counts.computeIfAbsent(id, first -> new LongAdder()).increment();
    }

    /** Writes down what was used since last time; outside transactions. */
    void note() {
        List<String> ids = new ArrayList<>();
        List<Long> hits = new ArrayList<>();
        for (String id : counts.keySet()) {
            LongAdder counted = counts.remove(id);
            if (counted != null) {
                ids.add(id);
                hits.add(counted.sum());
            }
        }
        if (!ids.isEmpty()) {
            transactions.doAsSystem(() -> store.used(ids, hits, clock.instant()));
        }
    }
}
