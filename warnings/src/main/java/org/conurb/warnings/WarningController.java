package org.conurb.warnings;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.conurb.warnings.WarningStore.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/warnings}. */
@RestController
@RequestMapping("/api/warnings")
class WarningController {
    static final String CAP = "application/cap+xml";

    private static final int MOST = 500;

    private final Warnings warnings;
    private final Access access;
    private final Transactions transactions;

    WarningController(Warnings warnings, Access access, Transactions transactions) {
        this.warnings = warnings;
        this.access = access;
        this.transactions = transactions;
    }

    record PageView(List<WarningView> items, @Nullable String next) {}

    @PostMapping(consumes = {CAP, "application/xml", "text/xml"})
    Answer post(
            @RequestBody byte[] document, @RequestParam @Nullable String organisation, Caller caller, Change change) {
        OrganisationId owner = organisation == null ? caller.organisation() : new OrganisationId(organisation);
        CapAlert alert = CapReader.read(document);
        return change.commit(() -> {
            Warnings.Taken taken = warnings.post(caller, owner, alert, new Document(CAP, document));
            String urn = taken.warning().urn();
            Answer answer = Answer.created(
                    URI.create("/api/warnings/" + urn),
                    Map.of("id", urn, "state", taken.warning().state()));
            return taken.fresh() ? answer : answer.status(200);
        });
    }

    @GetMapping
    PageView list(
            Caller caller,
            @RequestParam(defaultValue = "active") String state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String after) {
        Optional<Boolean> active = switch (state) {
            case "active" -> Optional.of(true);
            case "ended" -> Optional.of(false);
            case "all" -> Optional.empty();
            default ->
                throw new BadRequest(
                        "warning-state", "There is no state %s.".formatted(state), "Use active, ended or all.");
        };
        int most = limit == null ? 100 : limit;
        if (most < 1 || most > MOST) {
            throw new BadRequest("limit", "limit %d is not 1 to %d.".formatted(most, MOST), "Page with after.");
        }
        Optional<UUID> last = after == null ? Optional.empty() : Optional.of(cursor(after));
        return transactions.as(access.owners(caller), () -> {
            WarningStore.Found found = warnings.list(caller, active, last, most);
            return new PageView(
                    found.warnings().stream().map(WarningView::of).toList(),
                    found.more() ? found.warnings().getLast().id().toString() : null);
        });
    }

    @GetMapping("/{id}")
    WarningView find(@PathVariable String id, Caller caller) {
        UUID warning = id(id);
        return transactions.as(access.owners(caller), () -> WarningView.of(warnings.find(caller, warning)));
    }

    /** To be saved and never shown by the browser: a document may name a style sheet, and that is a program. */
    @GetMapping("/{id}/cap")
    ResponseEntity<byte[]> document(@PathVariable String id, Caller caller) {
        UUID warning = id(id);
        Document document = transactions.as(access.owners(caller), () -> warnings.document(caller, warning));
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, document.mediaType())
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.xml\"".formatted(warning))
                .body(document.bytes());
    }

    private static UUID id(String text) {
        return Ids.parse(Warning.KIND, text).orElseThrow(() -> new NotFound(Warning.KIND, text));
    }

    private static UUID cursor(String after) {
        return Ids.parse(Warning.KIND, after)
                .orElseThrow(
                        () -> new BadRequest("after", "after is not one of ours.", "Send next of the page before."));
    }
}
