package org.conurb.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import org.conurb.kernel.SiteKey;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence: asked for under a grant, made one after another by one thread, kept for a while, fetched under a grant. The
 * originals are on hold from the asking until the bundle is made. An export that was running when the program ended is
 * made anew.
 */
final class Exports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
    private static final int MOST_PARTS = 32;
    private static final int MOST_OPEN = 20;
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_CASE = 200;
    private static final Duration ROUND = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final ExportStore store;
    private final Cameras cameras;
    private final Recordings recordings;
    private final Views views;
    private final Access access;
    private final Audit audit;
    private final SiteKey key;
    private final String site;
    private final ExportSettings settings;
    private final Ids ids;
    private final Clock clock;
    private final Semaphore work = new Semaphore(0);
    private @Nullable Thread thread;

    Exports(
            Transactions transactions,
            Cameras cameras,
            Recordings recordings,
            Views views,
            Access access,
            Audit audit,
            SiteKey key,
            String site,
            ExportSettings settings,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new ExportStore(transactions.jdbc());
        this.cameras = cameras;
        this.recordings = recordings;
        this.views = views;
        this.access = access;
        this.audit = audit;
        this.key = key;
        this.site = site;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    record WantedPart(CameraId camera, Instant from, Instant to) {}

    /** In the caller's transaction; the bundle is begun once it has committed. */
    Export ask(Caller caller, List<WantedPart> wanted, @Nullable String caseId, @Nullable String reason) {
        access.demand(caller, Action.CREATE, Export.KIND, caller.organisation(), "new");
        check(wanted, caseId, reason);
        if (store.open(caller.organisation()) >= MOST_OPEN) {
            throw new Conflict(
                    "exports-many",
                    "%d exports of %s wait already.".formatted(MOST_OPEN, caller.organisation()),
                    "Wait until they are made, or end some: DELETE /api/video/exports/{id}.");
        }
        UUID id = ids.next();
        String forCase = String.valueOf(caseId).strip();
        UUID grant = new UUID(0, 0);
        List<Export.Part> parts = new ArrayList<>();
        for (WantedPart part : wanted) {
            Camera camera = cameras.find(caller, part.camera());
            grant = views.play(caller, camera, Optional.of(forCase), Views.Use.EXPORT, part.from(), part.to());
            UUID hold = recordings.hold(camera.organisation(), camera.id(), part.from(), part.to(), "export " + id);
            parts.add(new Export.Part(
                    camera.id().value(), camera.name(), camera.organisation().value(), part.from(), part.to(), hold));
        }
        Export export = new Export(
                id,
                caller.organisation(),
                caller.subject(),
                caller.name(),
                grant,
                forCase,
                String.valueOf(reason).strip(),
                clock.instant(),
                parts,
                Export.State.QUEUED,
                0,
                "",
                0,
                "",
                Optional.empty());
        store.insert(export);
        record(caller, "video-export.asked", export, grant);
        transactions.afterCommit(work::release);
        return export;
    }

    private static void check(List<WantedPart> wanted, @Nullable String caseId, @Nullable String reason) {
        if (wanted.isEmpty() || wanted.size() > MOST_PARTS) {
            throw new BadRequest(
                    "export-parts", "An export has 1 to %d parts.".formatted(MOST_PARTS), "Ask for several exports.");
        }
        for (WantedPart part : wanted) {
            Duration span = Duration.between(part.from(), part.to());
            if (span.isNegative() || span.isZero() || span.compareTo(Recordings.LONGEST_SPAN) > 0) {
                throw new BadRequest(
                        "export-span",
                        "A part is empty or longer than %d hours.".formatted(Recordings.LONGEST_SPAN.toHours()),
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

    Export find(Caller caller, UUID id) {
        Export export = store.find(id).orElseThrow(() -> new NotFound("export", id.toString()));
        access.demand(caller, Action.READ, Export.KIND, export.organisation(), id.toString());
        return export;
    }

    List<Export> list(Caller caller, UUID below, int limit) {
        Set<OrganisationId> owners = access.predicate(caller, Action.READ, Export.KIND);
        return owners.isEmpty() ? List.of() : store.list(owners, below, limit);
    }

    /** What is fetched, and the grant that lets it. */
    record Fetched(Path file, Export export, UUID grant) {}

    /** Once more under a grant, and written to the audit log each time. */
    Fetched fetch(Caller caller, UUID id) {
        Export export = find(caller, id);
        access.demand(caller, Action.CREATE, Export.KIND, export.organisation(), id.toString());
        Optional<String> forCase = caller.grant().isPresent() ? Optional.empty() : Optional.of(export.caseId());
        UUID grant = access.purpose(caller, Camera.KIND, forCase).orElseThrow(() -> Denied.withoutPurpose("Evidence"));
        if (export.state() != Export.State.READY) {
            throw new Conflict(
                    "export-not-ready",
                    "The export is %s.".formatted(export.state().code()),
                    "Read it again until its state is ready; one that expired is asked for anew.");
        }
        record(caller, "video-export.fetched", export, grant);
        return new Fetched(bundle(id), export, grant);
    }

    /** Ends it or removes its bundle; that it was asked for stays. */
    void remove(Caller caller, UUID id) {
        Export export = find(caller, id);
        access.demand(caller, Action.CREATE, Export.KIND, export.organisation(), id.toString());
        if (export.state() == Export.State.FAILED || export.state() == Export.State.EXPIRED) {
            return;
        }
        store.end(
                id,
                export.over() ? Export.State.EXPIRED : Export.State.FAILED,
                export.over() ? "" : "%s ended it.".formatted(caller.name()),
                clock.instant());
        release(export);
        record(caller, "video-export.removed", export, export.grant());
        transactions.afterCommit(() -> delete(id));
    }

    private void record(Caller caller, String action, Export export, UUID grant) {
        audit.record(AuditEntry.of(caller, action, Export.KIND, export.id().toString(), export.organisation())
                .under(Optional.of(grant))
                .with(Map.of(
                        "case",
                        export.caseId(),
                        "parts",
                        String.valueOf(export.parts().size())))
                .concerning(Map.of("reason", export.reason())));
    }

    void start() {
        Thread worker = Thread.ofPlatform().daemon().name("video-exports").unstarted(this::run);
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
                LOG.atError().setCause(e).log("video.exports.failed");
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
    boolean step() {
        expire();
        Optional<Export> next = transactions.asSystem(store::next);
        next.ifPresent(this::make);
        return next.isPresent();
    }

    private void make(Export export) {
        UUID id = export.id();
        if (!transactions.asSystem(() -> store.running(id, 0))) {
            return;
        }
        ExportJob job = new ExportJob(
                export,
                recordings,
                key,
                site,
                clock.instant(),
                settings.largest().toBytes(),
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
                    .log("video.export.made");
        } catch (ExportJob.Ended ended) {
            LOG.atInfo().addKeyValue("export", id).log("video.export.ended");
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().addKeyValue("export", id).setCause(e).log("video.export.failed");
            transactions.doAsSystem(() -> {
                store.end(id, Export.State.FAILED, String.valueOf(e.getMessage()), clock.instant());
                release(export);
            });
        }
    }

    private void release(Export export) {
        export.parts().forEach(part -> recordings.release(part.hold()));
    }

    private void expire() {
        List<Export> old = transactions.asSystem(() -> store.old(clock.instant().minus(settings.kept())));
        for (Export export : old) {
            delete(export.id());
            transactions.doAsSystem(() -> store.end(
                    export.id(), Export.State.EXPIRED, "", export.finishedAt().orElse(clock.instant())));
        }
    }

    private void delete(UUID id) {
        try {
            Files.deleteIfExists(bundle(id));
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("export", id).setCause(e).log("video.export.not-deleted");
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
