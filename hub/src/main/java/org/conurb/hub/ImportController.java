package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/hub/imports}: a file comes in, is previewed, started and undone. */
@RestController
@RequestMapping(Imports.PATH)
class ImportController {
    private static final int PAGE = 100;
    private static final int MOST_SHOWN = 100;
    private static final int MOST_FAULTS_A_PAGE = 1_000;

    private final Imports imports;

    ImportController(Imports imports) {
        this.imports = imports;
    }

    /** @param mapping null for the one that is guessed */
    record Asked(@Nullable ImportMapping mapping) {}

    /** The body is the file itself. */
    @PostMapping
    Answer take(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestParam String name,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable String encoding,
            @RequestParam(required = false) @Nullable String delimiter,
            @RequestParam(required = false) @Nullable String quote)
            throws IOException {
        ImportDialect.Format told = format == null ? null : ImportDialect.Format.of(format);
        ImportDialect given = new ImportDialect(ImportDialect.Format.CSV, encoding, delimiter, quote, null);
        return imports.take(
                caller,
                change,
                name,
                guess -> (told == null || told == guess.format() ? guess : guess.as(told)).with(given),
                request.getInputStream());
    }

    @GetMapping
    Answer list(Caller caller, @RequestParam(required = false) @Nullable String after) {
        List<ImportRun> runs = imports.list(caller, after == null ? null : id(after), PAGE + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", runs.stream().limit(PAGE).map(Imports::view).toList());
        body.put("next", runs.size() > PAGE ? runs.get(PAGE - 1).id() : null);
        return Answer.ok(body);
    }

    private static UUID id(String text) {
        return Ids.parse(Imports.KIND, text).orElseThrow(() -> new NotFound("import", text));
    }

    @GetMapping("/{id}")
    Answer get(Caller caller, @PathVariable String id) {
        return Answer.ok(Imports.view(imports.get(caller, id(id))));
    }

    @PostMapping("/{id}/preview")
    Answer preview(
            Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "20") int rows,
            @RequestBody(required = false) @Nullable Asked asked) {
        if (rows < 1 || rows > MOST_SHOWN) {
            throw new BadRequest("parameter", "So many rows are not shown.", "Ask for 1 to %d.".formatted(MOST_SHOWN));
        }
        return Answer.ok(imports.preview(caller, id(id), asked == null ? null : asked.mapping(), rows));
    }

    @PostMapping("/{id}/start")
    Answer start(Caller caller, Change change, @PathVariable String id, @RequestBody Asked asked) {
        if (asked.mapping() == null) {
            throw ImportMapping.refused("There is no mapping.", "Send {\"mapping\":{…}}; preview proposes one.");
        }
        return imports.start(caller, change, id(id), asked.mapping());
    }

    @PostMapping("/{id}/undo")
    Answer undo(Caller caller, Change change, @PathVariable String id) {
        return imports.undo(caller, change, id(id));
    }

    @DeleteMapping("/{id}")
    Answer discard(Caller caller, Change change, @PathVariable String id) {
        return imports.discard(caller, change, id(id));
    }

    /** The report; with {@code format=csv} all of it as a table to be kept, else by the page. */
    @GetMapping("/{id}/errors")
    Answer faults(
            Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "json") String format,
            @RequestParam(defaultValue = "0") long after) {
        if (format.equals("csv")) {
            List<ImportTraces.Fault> all = imports.faults(caller, id(id), 0, ImportTraces.MOST_FAULTS);
            byte[] csv = ImportReport.csv(all).getBytes(StandardCharsets.UTF_8);
            return new Answer(200, Map.of("Content-Type", "text/csv;charset=utf-8"), csv)
                    .with("Content-Disposition", "attachment; filename=\"import-%s-errors.csv\"".formatted(id(id)));
        }
        if (!format.equals("json")) {
            throw new BadRequest("parameter", "The report has no such format.", "Use csv or json.");
        }
        List<ImportTraces.Fault> page = imports.faults(caller, id(id), after, MOST_FAULTS_A_PAGE + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", page.stream().limit(MOST_FAULTS_A_PAGE).toList());
        body.put(
                "next",
                page.size() > MOST_FAULTS_A_PAGE
                        ? page.get(MOST_FAULTS_A_PAGE - 1).n()
                        : null);
        return Answer.ok(body);
    }
}
