package org.conurb.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.Audit;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Health;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes entities and attributes that have expired, within a second (GS CIM 009 clause 4.22): readers do not see them
 * since the moment itself, others learn of it as of any change. One batch a transaction, of the system role.
 */
final class Expirations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Expirations.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int BATCH = 200;

    private final Transactions transactions;
    private final EntityRows rows;
    private final Entities entities;
    private final Audit audit;
    private final Clock clock;
    private final Worker worker = new Worker("hub-expirations", this::run);
    private volatile @Nullable Instant failingSince;

    Expirations(Transactions transactions, Entities entities, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.rows = new EntityRows(transactions);
        this.entities = entities;
        this.audit = audit;
        this.clock = clock;
    }

    void start() {
        worker.start();
    }

    private void run() {
        while (!worker.closed()) {
            try {
                int gone = BATCH;
                while (gone == BATCH && !worker.closed()) {
                    gone = step();
                }
                failingSince = null;
            } catch (RuntimeException e) {
                if (failingSince == null) {
                    failingSince = clock.instant();
                    LOG.atWarn().setCause(e).log("hub.expirations-failed");
                }
            }
            worker.await(EVERY);
        }
    }

    /** Takes away one batch of what has expired; returns how many entities it changed. */
    int step() {
        return transactions.asSystem(() -> {
            Instant now = entities.now();
            List<EntityStep> steps = new ArrayList<>();
            EntityAudit deeds = new EntityAudit();
            for (Stored row : rows.lockExpired(now, BATCH)) {
                ObjectNode before = row.whole();
                String id = before.path("id").stringValue();
                EntityStep step = EntityStep.of(id, row, row.owner(), before, row.lives() ? row.writable() : null, now);
                steps.add(step);
                String kind = step.types().getFirst();
                deeds.add(id, "expired", kind, row.owner(), row.lives() ? step.changed() : Set.of());
            }
            rows.change(steps);
            deeds.record(audit, Expirations::part);
            entities.written();
            return steps.size();
        });
    }

    private static Caller part(OrganisationId owner) {
        return Caller.system("hub", owner);
    }

    Health.Reading read() {
        Instant since = failingSince;
        return since == null
                ? new Health.Reading(
                        "hub.expirations", Health.State.OK, clock.instant(), "Nothing expired is kept.", "")
                : new Health.Reading(
                        "hub.expirations",
                        Health.State.DEGRADED,
                        since,
                        "What has expired is not shown, and not deleted yet.",
                        "See whether the database answers; deleting goes on by itself.");
    }

    @Override
    public void close() {
        worker.close();
    }
}
