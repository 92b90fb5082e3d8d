package org.conurb.hub;

import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Health;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does runs and undoes them, one after the other, a chunk a transaction: entities, what undoing needs, faults and the
 * count of rows done with commit together, so a run that was cut goes on behind its last chunk, and no row is done twice.
 */
final class ImportWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportWork.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int CHUNK = 200;
    private static final long CHUNK_BYTES = 4 << 20;
    private static final int TRIES = 5;

    private final Transactions transactions;
    private final ImportStore store;
    private final ImportTraces traces;
    private final ImportFiles files;
    private final EntityDoor door;
    private final EntityBatch batch;
    private final Access access;
    private final Audit audit;
    private final Standing standing;
    private final Clock clock;
    private final Worker worker = new Worker("hub-imports", this::run);
    private final Map<UUID, Integer> tries = new HashMap<>();
    private volatile @Nullable Instant failingSince;

    ImportWork(
            Transactions transactions,
            ImportFiles files,
            EntityDoor door,
            Access access,
            Audit audit,
            Standing standing,
            Clock clock) {
        this.transactions = transactions;
        this.store = new ImportStore(transactions);
        this.traces = new ImportTraces(transactions);
        this.files = files;
        this.door = door;
        this.batch = new EntityBatch(door, audit);
        this.access = access;
        this.audit = audit;
        this.standing = standing;
        this.clock = clock;
    }

    /** Before the first file comes: those that nobody waits for go. */
    void start() {
        files.keepOnly(transactions.asSystem(store::withFile));
        worker.start();
    }

    void wake() {
        worker.wake();
    }

    private void run() {
        while (!worker.closed()) {
            try {
                if (!step()) {
                    worker.await(LOOK);
                }
                failingSince = null;
            } catch (RuntimeException e) {
                if (failingSince == null) {
                    failingSince = clock.instant();
                }
                LOG.atWarn().setCause(e).log("hub.import-failed");
                worker.pause(LOOK);
            }
        }
    }

    /** Goes on with one run to its end, or until it is told to close; false where there is none. */
    boolean step() {
        Optional<ImportRun> next = transactions.asSystem(store::work);
        next.ifPresent(run -> Transactions.<Boolean, RuntimeException>within(run.tenant(), () -> {
            step(run);
            return true;
        }));
        return next.isPresent();
    }

    private void step(ImportRun run) {
        try {
            if (run.state() == ImportRun.State.UNDOING) {
                undo(run);
            } else {
                read(run);
            }
            tries.remove(run.id());
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e;
            }
            stop(run, "Its file is gone, as after a restore. Undo what was done of it, and send the file again.");
        } catch (BadRequest unreadable) {
            stop(run, unreadable.detail());
        } catch (ConurbException later) {
            throw later;
        } catch (RuntimeException defect) {
            if (tries.merge(run.id(), 1, Integer::sum) >= TRIES) {
                stop(run, "The server failed %d times at this place. Tell who runs this site.".formatted(TRIES));
                tries.remove(run.id());
            }
            throw defect;
        }
    }

    private void read(ImportRun run) {
        try (ImportRows rows = ImportRows.open(files.path(run.id()), run.dialect())) {
            for (long n = 0; n < run.counts().read(); n++) {
                rows.next();
            }
            ImportReader reader = new ImportReader(
                    Objects.requireNonNull(run.mapping()),
                    new LinkedHashSet<>(run.columns()),
                    run.dialect().decimalComma());
            long done = run.counts().read();
            while (!worker.closed()) {
                List<ImportRow> chunk = chunk(rows);
                long from = done;
                if (!batch.again(collided -> inRun(run, from, () -> chunk(run, reader, chunk, collided)))
                        || chunk.isEmpty()) {
                    return;
                }
                done += chunk.size();
            }
        }
    }

    private static List<ImportRow> chunk(ImportRows rows) {
        List<ImportRow> chunk = new ArrayList<>();
        long bytes = 0;
        while (chunk.size() < CHUNK && bytes < CHUNK_BYTES) {
            ImportRow row = rows.next();
            if (row == null) {
                break;
            }
            bytes += rows.bytes();
            chunk.add(row);
        }
        return chunk;
    }

    /** In a transaction that holds the run; false, and nothing done, where it is no more to go on from there. */
    private boolean inRun(ImportRun run, long from, Runnable work) {
        Caller caller = run.caller();
        boolean holds = standing.holds(caller); // looked up as the system, so not within the transaction
        return transactions.as(access.owners(caller), () -> {
            ImportRun now = store.lock(run.id(), caller.organisation()).orElse(null);
            if (now == null || now.state() != run.state() || now.counts().read() != from) {
                return false;
            }
            if (!holds) {
                end(run, ImportRun.State.STOPPED, "%s may not go on with it any more.".formatted(caller.name()));
                return false;
            }
            work.run();
            return true;
        });
    }

    private void end(ImportRun run, ImportRun.State state, @Nullable String fault) {
        store.end(run.id(), state, fault, clock.instant());
        audit.record(AuditEntry.of(
                run.caller(),
                "import." + state.code(),
                Imports.KIND,
                run.id().toString(),
                run.caller().organisation()));
        transactions.afterCommit(() -> files.drop(run.id()));
    }

    private void stop(ImportRun run, String fault) {
        OrganisationId owner = run.caller().organisation();
        transactions.doAs(
                Set.of(owner),
                () -> store.lock(run.id(), owner)
                        .filter(now -> now.state() == run.state())
                        .ifPresent(now -> end(run, ImportRun.State.STOPPED, fault)));
    }

    /** What became of one entity within a chunk. */
    private record Was(@Nullable ObjectNode document, long version) {}

    private void chunk(ImportRun run, ImportReader reader, List<ImportRow> rows, Set<String> collided) {
        if (rows.isEmpty()) {
            end(run, ImportRun.State.DONE, null);
            return;
        }
        List<BatchItem> items = new ArrayList<>();
        List<ImportRow> rowOf = new ArrayList<>();
        List<ImportTraces.Fault> faults = new ArrayList<>();
        for (ImportRow row : rows) {
            List<ImportRow.Fault> wrong = new ArrayList<>();
            ObjectNode document = reader.read(row, wrong);
            if (document != null) {
                items.add(new BatchItem(document.path("id").stringValue(), document, null));
                rowOf.add(row);
            }
            wrong.forEach(fault -> faults.add(
                    new ImportTraces.Fault(0, row.number(), row.line(), fault.column(), null, fault.reason())));
        }
        Map<String, Was> before = new LinkedHashMap<>();
        OrganisationId owner = reader.owner(run.caller().organisation());
        EntityBatch.Outcome outcome = batch.once(
                run.caller(),
                items,
                (transaction, item) -> {
                    Was was = new Was(transaction.find(item.id()).orElse(null), transaction.version(item.id()));
                    boolean made = EntityBatch.upsert(transaction, item, owner, reader.updates());
                    before.putIfAbsent(item.id(), was);
                    return made;
                },
                collided);
        for (EntityBatch.Refusal refusal : outcome.refused()) {
            ImportRow row = rowOf.get(refusal.place());
            faults.add(new ImportTraces.Fault(
                    0,
                    row.number(),
                    row.line(),
                    null,
                    refusal.item().id(),
                    refusal.why().detail()));
        }
        Set<String> changed = noteTouched(run, before);
        long done = items.size() - outcome.refused().size();
        long created = outcome.made().size();
        Set<Integer> refused = new LinkedHashSet<>();
        outcome.refused().forEach(refusal -> refused.add(refusal.place()));
        long unchanged = 0;
        for (int i = 0; i < items.size(); i++) {
            unchanged += !refused.contains(i) && !changed.contains(items.get(i).id()) ? 1 : 0;
        }
        faults.sort(Comparator.comparingLong(fault -> Objects.requireNonNullElse(fault.row(), 0L)));
        traces.faults(run, faults);
        store.count(
                run.id(),
                new ImportRun.Counts(
                        rows.size(), created, done - created - unchanged, unchanged, rows.size() - done, 0, 0));
    }

    /** Keeps what undoing needs; returns the ids of what differs from before. */
    private Set<String> noteTouched(ImportRun run, Map<String, Was> before) {
        Map<String, Long> after = traces.versions(before.keySet());
        List<ImportTraces.Touched> touched = new ArrayList<>();
        Set<String> changed = new LinkedHashSet<>();
        before.forEach((id, was) -> {
            long version = after.getOrDefault(id, was.version());
            if (version != was.version()) {
                changed.add(id);
                touched.add(new ImportTraces.Touched(
                        id,
                        was.version(),
                        version,
                        was.document() == null ? null : was.document().toString()));
            }
        });
        traces.touched(run, touched);
        return changed;
    }

    private void undo(ImportRun run) {
        List<Boolean> over = new ArrayList<>();
        while (over.isEmpty() && !worker.closed()) {
            if (!inRun(run, run.counts().read(), () -> {
                if (undoChunk(run)) {
                    over.add(true);
                }
            })) {
                return;
            }
        }
    }

    /** Whether nothing is left to be undone. */
    private boolean undoChunk(ImportRun run) {
        List<ImportTraces.Touched> touched = traces.takeTouched(run.id(), CHUNK);
        if (touched.isEmpty()) {
            end(run, ImportRun.State.UNDONE, null);
            return true;
        }
        EntityTransaction transaction = door.begin(run.caller());
        transaction.lock(touched.stream().map(ImportTraces.Touched::id).toList());
        List<ImportTraces.Fault> left = new ArrayList<>();
        for (ImportTraces.Touched one : touched) {
            String why = giveBack(transaction, one);
            if (why != null) {
                left.add(new ImportTraces.Fault(0, null, null, null, one.id(), why));
            }
        }
        transaction.write(audit);
        traces.faults(run, left);
        store.count(run.id(), new ImportRun.Counts(0, 0, 0, 0, 0, touched.size() - left.size(), left.size()));
        return false;
    }

    /** Why it is left as it is; null where it is not. */
    private static @Nullable String giveBack(EntityTransaction transaction, ImportTraces.Touched one) {
        if (!transaction.lives(one.id())) {
            return "It was deleted since, or belongs to somebody else by now.";
        }
        if (transaction.version(one.id()) != one.version()) {
            return "It was changed since, and is left as it is.";
        }
        try {
            if (one.before() == null) {
                transaction.delete(one.id(), TypeSelection.EVERY);
            } else {
                ObjectNode before = (ObjectNode) Json.mapper().readTree(one.before());
                transaction.change(one.id(), TypeSelection.EVERY, kept -> before);
            }
            return null;
        } catch (ConurbException refused) {
            return refused.detail();
        }
    }

    Health.Reading read() {
        Instant since = failingSince;
        return since == null
                ? new Health.Reading("hub.imports", Health.State.OK, clock.instant(), "No import is stuck.", "")
                : new Health.Reading(
                        "hub.imports",
                        Health.State.DEGRADED,
                        since,
                        "Imports do not go on.",
                        "See whether the database answers and the disk has room; they go on by themselves.");
    }

    @Override
    public void close() {
        worker.close();
    }
}
