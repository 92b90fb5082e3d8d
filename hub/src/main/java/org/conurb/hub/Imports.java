package org.conurb.hub;

import java.io.InputStream;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tables and features that become entities: the file comes first and is looked through whole, a preview shows what a
 * mapping makes of it, then a run does it ({@link ImportWork}), which may be undone. Safe for many threads.
 */
final class Imports {
    static final String KIND = "Import";
    static final String PATH = "/api/hub/imports";

    private static final int MOST_OPEN = 20;
    private static final int GUESSED_BY = 500;
    private static final long GUESSED_BY_BYTES = 8 << 20;
    private static final int SAMPLES = 3;

    private final Transactions transactions;
    private final ImportStore store;
    private final ImportTraces traces;
    private final ImportFiles files;
    private final ImportWork work;
    private final Entities entities;
    private final Model model;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final ZoneId zone;

    /** @param zone of the city, which a guess assumes of moments */
    Imports(
            Transactions transactions,
            ImportFiles files,
            ImportWork work,
            Entities entities,
            Model model,
            Access access,
            Audit audit,
            Ids ids,
            ZoneId zone) {
        this.transactions = transactions;
        this.store = new ImportStore(transactions);
        this.traces = new ImportTraces(transactions);
        this.files = files;
        this.work = work;
        this.entities = entities;
        this.model = model;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.zone = zone;
    }

    /** Columns and number of rows, of a file that can be read to its end. */
    private record Content(Set<String> columns, long rows) {}

    /** A row as it would be; {@code entity} is null where it has faults. */
    record Shown(
            long row,
            long line,
            @Nullable String what,
            @Nullable ObjectNode entity,
            List<ImportRow.Fault> faults) {
        /** Told whether it makes an entity or changes one; {@code there} learns of the former. */
        Shown given(Set<String> there) {
            return entity == null
                    ? this
                    : new Shown(
                            row,
                            line,
                            there.add(entity.path("id").stringValue()) ? "create" : "update",
                            entity,
                            faults);
        }
    }

    record Column(String name, List<JsonNode> samples) {}

    /** @param fault why a mapping that was guessed cannot be taken as it is */
    record Preview(
            ImportMapping mapping,
            ImportDialect dialect,
            List<Column> columns,
            List<Shown> rows,
            @Nullable String fault) {}

    /**
     * Keeps the file and looks whether all of it can be read.
     *
     * @param sent the file
     * @param given what the sender says about it; the rest is guessed
     */
    Answer take(Caller caller, Change change, String name, UnaryOperator<ImportDialect> given, InputStream sent) {
        access.demand(caller, Action.CREATE, KIND, caller.organisation(), "");
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
            throw ImportRows.refused("The file has no name.", "Send ?name= with at most 200 printable characters.");
        }
        UUID id = ids.next();
        String location = PATH + "/" + id;
        ImportFiles.Taken taken = files.take(id, sent);
        boolean kept = false;
        try {
            ImportDialect dialect = given.apply(ImportDialect.guess(files.path(id)));
            Content content = scan(id, dialect);
            ImportRun run = new ImportRun(
                    id,
                    Transactions.tenant(),
                    caller,
                    name,
                    dialect,
                    List.copyOf(content.columns()),
                    taken.bytes(),
                    content.rows(),
                    null,
                    ImportRun.State.READY,
                    entities.now(),
                    null,
                    null,
                    ImportRun.Counts.NONE,
                    null);
            Answer answer = change.streamed(taken.sha256()).commit(() -> {
                if (store.open(caller.organisation()) >= MOST_OPEN) {
                    throw new Conflict(
                            "imports-full",
                            "%d imports are not finished.".formatted(MOST_OPEN),
                            "Start or discard those that wait, or come back when some are done.");
                }
                store.insert(run);
                audit.record(entry(caller, "import.file-received", id)
                        .with(Map.of("bytes", String.valueOf(run.bytes()), "rows", String.valueOf(run.rows()))));
                return Answer.created(URI.create(location), view(run));
            });
            kept = location.equals(answer.headers().get("Location"));
            return answer;
        } finally {
            if (!kept) {
                files.drop(id);
            }
        }
    }

    private Content scan(UUID id, ImportDialect dialect) {
        try (ImportRows rows = ImportRows.open(files.path(id), dialect)) {
            long count = 0;
            while (rows.next() != null) {
                count++;
            }
            if (count == 0) {
                throw ImportRows.refused("The file has no rows.", "Choose one that has.");
            }
            return new Content(new LinkedHashSet<>(rows.columns()), count);
        }
    }

    private static AuditEntry entry(Caller caller, String action, UUID id) {
        return AuditEntry.of(caller, action, KIND, id.toString(), caller.organisation());
    }

    ImportRun get(Caller caller, UUID id) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), id.toString());
        return transactions
                .as(access.owners(caller), () -> store.find(id, caller.organisation()))
                .orElseThrow(() -> absent(id));
    }

    private static NotFound absent(UUID id) {
        return new NotFound("import", id.toString());
    }

    List<ImportRun> list(Caller caller, @Nullable UUID before, int limit) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), "");
        return transactions.as(access.owners(caller), () -> store.list(caller.organisation(), before, limit));
    }

    List<ImportTraces.Fault> faults(Caller caller, UUID id, long after, int limit) {
        get(caller, id);
        return transactions.as(access.owners(caller), () -> traces.faults(id, after, limit));
    }

    /**
     * What a mapping makes of the first rows; nothing is changed.
     *
     * @param wanted null for the one that is guessed
     * @param most rows to show
     */
    Preview preview(Caller caller, UUID id, @Nullable ImportMapping wanted, int most) {
        ImportRun run = get(caller, id);
        demandReady(run);
        ImportDialect dialect = run.dialect().with(wanted == null ? null : wanted.dialect());
        List<ImportRow> rows = new ArrayList<>();
        Set<String> columns;
        try (ImportRows all = ImportRows.open(files.path(id), dialect)) {
            long bytes = 0;
            for (ImportRow row = all.next();
                    row != null && rows.size() < GUESSED_BY && bytes < GUESSED_BY_BYTES;
                    row = all.next()) {
                rows.add(row);
                bytes += all.bytes();
            }
            columns = dialect.readsAs(run.dialect()) ? new LinkedHashSet<>(run.columns()) : all.columns();
        }
        ImportMapping mapping = wanted == null ? new ImportGuess(rows, zone).of(run.name(), columns) : wanted;
        List<Shown> shown = List.of();
        String fault = null;
        try {
            shown = shown(
                    caller, reader(caller, mapping, columns, dialect), rows.subList(0, Math.min(most, rows.size())));
        } catch (ConurbException refused) {
            if (wanted != null) {
                throw refused;
            }
            fault = refused.detail();
        }
        List<Column> told = columns.stream()
                .map(name -> new Column(name, samples(rows, name)))
                .toList();
        return new Preview(mapping, dialect, told, shown, fault);
    }

    private static List<JsonNode> samples(List<ImportRow> rows, String column) {
        Set<JsonNode> samples = new LinkedHashSet<>();
        for (ImportRow row : rows) {
            JsonNode cell = row.cells().get(column);
            if (cell != null && samples.size() < SAMPLES) {
                String text = cell.isContainer() ? cell.toString() : cell.asString();
                samples.add(text.length() > 200 ? Documents.text(text.substring(0, 200) + "…") : cell);
            }
        }
        return List.copyOf(samples);
    }

    /** Refuses a mapping that is wrong, and one that makes what the caller may not. */
    private ImportReader reader(Caller caller, ImportMapping mapping, Set<String> columns, ImportDialect dialect) {
        ImportReader reader = new ImportReader(mapping, columns, dialect.decimalComma());
        OrganisationId owner = reader.owner(caller.organisation());
        model.demandFree(List.of(reader.kind()));
        access.demand(caller, Action.CREATE, Access.entities(reader.kind()), owner, "");
        return reader;
    }

    private List<Shown> shown(Caller caller, ImportReader reader, List<ImportRow> rows) {
        List<Shown> read = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ImportRow row : rows) {
            List<ImportRow.Fault> faults = new ArrayList<>();
            ObjectNode document = reader.read(row, faults);
            read.add(new Shown(row.number(), row.line(), null, document, faults));
            if (document != null) {
                names.add(document.path("id").stringValue());
            }
        }
        Set<String> there = there(caller, names);
        return read.stream().map(row -> row.given(there)).toList();
    }

    /** Which of these are there, as far as the wall lets see. */
    private Set<String> there(Caller caller, Collection<String> names) {
        return transactions.as(access.owners(caller), () -> {
            Set<String> there = new LinkedHashSet<>();
            EntityRows.named(transactions, names, entities.now()).forEach(row -> there.add(row.id()));
            return there;
        });
    }

    private static void demandReady(ImportRun run) {
        if (run.state() != ImportRun.State.READY) {
            throw new Conflict(
                    "import-started",
                    "This import was started; its state is %s."
                            .formatted(run.state().code()),
                    "Send the file anew to import it again.");
        }
    }

    /** Lets the run begin; it goes on by itself, also behind a restart. */
    Answer start(Caller caller, Change change, UUID id, ImportMapping mapping) {
        return change.answered().orElseGet(() -> {
            ImportRun run = get(caller, id);
            demandReady(run);
            ImportDialect dialect = run.dialect().with(mapping.dialect());
            Content content = dialect.readsAs(run.dialect())
                    ? new Content(new LinkedHashSet<>(run.columns()), run.rows())
                    : scan(id, dialect);
            ImportReader reader = reader(caller, mapping, content.columns(), dialect);
            return change.commit(() -> {
                access.demand(caller, Action.CHANGE, KIND, caller.organisation(), id.toString());
                demandReady(lock(caller, id));
                store.start(id, caller, mapping, dialect, content.columns(), content.rows(), entities.now());
                audit.record(entry(caller, "import.started", id)
                        .with(Map.of(
                                "type", reader.kind(),
                                "owner", reader.owner(caller.organisation()).value(),
                                "rows", String.valueOf(content.rows()))));
                transactions.afterCommit(work::wake);
                return accepted(caller, id);
            });
        });
    }

    private ImportRun lock(Caller caller, UUID id) {
        return store.lock(id, caller.organisation()).orElseThrow(() -> absent(id));
    }

    private Answer accepted(Caller caller, UUID id) {
        ImportRun run = store.find(id, caller.organisation()).orElseThrow(() -> absent(id));
        return Answer.ok(view(run)).status(202).with("Location", PATH + "/" + id);
    }

    /** Gives back what the run changed, and ends it where it is under way. */
    Answer undo(Caller caller, Change change, UUID id) {
        return change.commit(() -> {
            access.demand(caller, Action.CHANGE, KIND, caller.organisation(), id.toString());
            ImportRun run = lock(caller, id);
            switch (run.state()) {
                case RUNNING, DONE, STOPPED -> store.undo(id, caller);
                case READY, UNDOING, UNDONE ->
                    throw new Conflict(
                            "import-not-undone",
                            "There is nothing to undo; its state is %s."
                                    .formatted(run.state().code()),
                            run.state() == ImportRun.State.READY
                                    ? "Discard the file by DELETE."
                                    : "Look at its report for what was left.");
            }
            audit.record(entry(caller, "import.undoing", id));
            transactions.afterCommit(work::wake);
            return accepted(caller, id);
        });
    }

    /** Discards a file that was not started. */
    Answer discard(Caller caller, Change change, UUID id) {
        return change.commit(() -> {
            access.demand(caller, Action.DELETE, KIND, caller.organisation(), id.toString());
            demandReady(lock(caller, id));
            store.delete(id);
            audit.record(entry(caller, "import.discarded", id));
            transactions.afterCommit(() -> files.drop(id));
            return Answer.noContent();
        });
    }

    /** A run as clients read it. */
    static Map<String, Object> view(ImportRun run) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", run.id());
        view.put("name", run.name());
        view.put("state", run.state());
        view.put("dialect", run.dialect());
        view.put("columns", run.columns());
        view.put("bytes", run.bytes());
        view.put("rows", run.rows());
        view.put("counts", run.counts());
        view.put("by", run.caller().name());
        view.put("at", run.at());
        view.put("startedAt", run.startedAt());
        view.put("endedAt", run.endedAt());
        view.put("mapping", run.mapping());
        view.put("fault", run.fault());
        return view;
    }
}
