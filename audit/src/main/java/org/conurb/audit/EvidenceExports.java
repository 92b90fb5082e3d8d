package org.conurb.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence of one room: asked for under a grant, made one after another by one thread, kept for a while, fetched under a grant. The
 * originals are on hold from the asking until the bundle is made. An export that was running when the program ended is
 * made anew.
 */
public final class EvidenceExports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceExports.class);
    private static final int MOST_PARTS = 32;
    private static final int MOST_OPEN = 20;
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_CASE = 200;
    private static final Duration LONGEST_SPAN = Duration.ofHours(24);
    private static final Duration ROUND = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final ExportStore store;
    private final EvidenceRoom room;
    private final EvidenceRoom.Seal seal;
    private final Settings settings;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;
    private final Semaphore work = new Semaphore(0);
    private @Nullable Thread thread;

    /**
     * How bundles are kept.
     *
     * @param folder where they lie until they are fetched
     * @param kept how long after they were made
     * @param largest most bytes of one
     */
    public record Settings(Path folder, Duration kept, long largest) {}

    public EvidenceExports(
            Transactions transactions,
            EvidenceRoom room,
            EvidenceRoom.Seal seal,
            Settings settings,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new ExportStore(transactions.jdbc(), room.schema());
        this.room = room;
        this.seal = seal;
        this.settings = settings;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /** In the caller's transaction; the bundle is begun once it has committed. */
    public EvidenceExport ask(
            Caller caller, List<EvidenceRoom.Wanted> wanted, @Nullable String caseId, @Nullable String reason) {
        access.demand(caller, Action.CREATE, room.kind(), caller.organisation(), "new");
        check(wanted, caseId, reason);
        if (store.open(caller.organisation()) >= MOST_OPEN) {
            throw new Conflict(
                    "exports-many",
                    "%d exports of %s wait already.".formatted(MOST_OPEN, caller.organisation()),
                    "Wait until they are made, or end some: DELETE %s/{id}.".formatted(room.door()));
        }
        UUID id = ids.next();
        String forCase = String.valueOf(caseId).strip();
        UUID grant = new UUID(0, 0);
        List<EvidenceExport.Part> parts = new ArrayList<>();
        for (EvidenceRoom.Wanted part : wanted) {
            EvidenceRoom.Held held = room.hold(caller, part, id, forCase);
            parts.add(held.part());
            grant = held.grant();
        }
        EvidenceExport export = new EvidenceExport(
                id,
                caller.organisation(),
                caller.subject(),
                caller.name(),
                grant,
                forCase,
                String.valueOf(reason).strip(),
                clock.instant(),
                parts,
                EvidenceExport.State.QUEUED,
                0,
                "",
                0,
                "",
                Optional.empty());
        store.insert(export);
        record(caller, "asked", export, grant);
        transactions.afterCommit(work::release);
        return export;
    }

    private static void check(List<EvidenceRoom.Wanted> wanted, @Nullable String caseId, @Nullable String reason) {
        if (wanted.isEmpty() || wanted.size() > MOST_PARTS) {
            throw new BadRequest(
                    "export-parts", "An export has 1 to %d parts.".formatted(MOST_PARTS), "Ask for several exports.");
        }
        for (EvidenceRoom.Wanted part : wanted) {
            Duration span = Duration.between(part.from(), part.to());
            if (span.isNegative() || span.isZero() || span.compareTo(LONGEST_SPAN) > 0) {
                throw new BadRequest(
                        "export-span",
                        "A part is empty or longer than %d hours.".formatted(LONGEST_SPAN.toHours()),
                        "Ask for a shorter one, from before to.");
            }
        }
        boolean said = reason != null && !reason.isBlank() && reason.length() <= LONGEST_TEXT;
        if (!said || caseId == null || caseId.isBlank() || caseId.length() > LONGEST_CASE) {
            throw new BadRequest(
                    "export-reason",
                    "An export names its case, and a reason of at most %d characters.".formatted(LONGEST_TEXT),
                    "Send case and reason: both go into the bundle's manifest and into the audit log.");
        }
    }

    public EvidenceExport find(Caller caller, UUID id) {
        EvidenceExport export = store.find(id).orElseThrow(() -> new NotFound("export", id.toString()));
        access.demand(caller, Action.READ, room.kind(), export.organisation(), id.toString());
        return export;
    }

    public List<EvidenceExport> list(Caller caller, UUID below, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, room.kind());
        return owners.isEmpty() ? List.of() : store.list(owners, below, limit);
    }

    /** What is fetched, and the grant that lets it. */
    public record Fetched(Path file, EvidenceExport export, UUID grant) {}

    /** Once more under a grant, and written to the audit log each time. */
    public Fetched fetch(Caller caller, UUID id) {
        EvidenceExport export = find(caller, id);
        access.demand(caller, Action.CREATE, room.kind(), export.organisation(), id.toString());
        Optional<String> forCase = caller.grant().isPresent() ? Optional.empty() : Optional.of(export.caseId());
        UUID grant = room.purpose(caller, forCase).orElseThrow(() -> Denied.withoutPurpose("Evidence"));
        if (export.state() != EvidenceExport.State.READY) {
            throw new Conflict(
                    "export-not-ready",
                    "The export is %s.".formatted(export.state().code()),
                    "Read it again until its state is ready; one that expired is asked for anew.");
        }
        record(caller, "fetched", export, grant);
        return new Fetched(bundle(id), export, grant);
    }

    /** Ends it or removes its bundle; that it was asked for stays. */
    public void remove(Caller caller, UUID id) {
        EvidenceExport export = find(caller, id);
        access.demand(caller, Action.CREATE, room.kind(), export.organisation(), id.toString());
        if (export.state() == EvidenceExport.State.FAILED || export.state() == EvidenceExport.State.EXPIRED) {
            return;
        }
        store.end(
                id,
                export.over() ? EvidenceExport.State.EXPIRED : EvidenceExport.State.FAILED,
                export.over() ? "" : "%s ended it.".formatted(caller.name()),
                clock.instant());
        release(export);
        record(caller, "removed", export, export.grant());
        transactions.afterCommit(() -> delete(id));
    }

    private void record(Caller caller, String action, EvidenceExport export, UUID grant) {
        audit.record(AuditEntry.of(
                        caller,
                        room.schema() + "-export." + action,
                        room.kind(),
                        export.id().toString(),
                        export.organisation())
                .under(Optional.of(grant))
                .with(Map.of(
                        "case",
                        export.caseId(),
                        "parts",
                        String.valueOf(export.parts().size())))
                .concerning(Map.of("reason", export.reason())));
    }

    public void start() {
        Thread worker =
                Thread.ofPlatform().daemon().name(room.schema() + "-exports").unstarted(this::run);
        thread = worker;
        worker.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                boolean busy = step();
                if (!busy && work.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log(room.schema() + ".exports.failed");
                if (pause()) {
                    return;
                }
            }
        }
    }

    private boolean pause() {
        try {
            return work.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS) && Thread.interrupted();
        } catch (InterruptedException stopped) {
            return true;
        }
    }

    /** Makes one bundle, if one waits, and removes those whose time is over. */
    public boolean step() {
        expire();
        Optional<EvidenceExport> next = transactions.asSystem(store::next);
        next.ifPresent(this::make);
        return next.isPresent();
    }

    private void make(EvidenceExport export) {
        UUID id = export.id();
        if (!transactions.asSystem(() -> store.running(id, 0))) {
            return;
        }
        ExportJob job = new ExportJob(
                export,
                room,
                seal,
                clock.instant(),
                settings.largest(),
                percent -> transactions.asSystem(() -> store.running(id, percent)));
        try {
            ExportJob.Made made = job.run(bundle(id));
            transactions.doAsSystem(() -> {
                store.ready(id, made.bytes(), made.sha256(), clock.instant());
                release(export);
            });
            LOG.atInfo()
                    .addKeyValue("export", id)
                    .addKeyValue("bytes", made.bytes())
                    .log(room.schema() + ".export.made");
        } catch (ExportJob.Ended ended) {
            LOG.atInfo().addKeyValue("export", id).log(room.schema() + ".export.ended");
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().addKeyValue("export", id).setCause(e).log(room.schema() + ".export.failed");
            transactions.doAsSystem(() -> {
                store.end(id, EvidenceExport.State.FAILED, String.valueOf(e.getMessage()), clock.instant());
                release(export);
            });
        }
    }

    private void release(EvidenceExport export) {
        export.parts().forEach(room::release);
    }

    private void expire() {
        List<EvidenceExport> old =
                transactions.asSystem(() -> store.old(clock.instant().minus(settings.kept())));
        for (EvidenceExport export : old) {
            delete(export.id());
            transactions.doAsSystem(() -> store.end(
                    export.id(),
                    EvidenceExport.State.EXPIRED,
                    "",
                    export.finishedAt().orElse(clock.instant())));
        }
    }

    private void delete(UUID id) {
        try {
            Files.deleteIfExists(bundle(id));
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("export", id).setCause(e).log(room.schema() + ".export.not-deleted");
        }
    }

    private Path bundle(UUID id) {
        return settings.folder().resolve(id + ".zip");
    }

    @Override
    public void close() {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
            try {
                worker.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
