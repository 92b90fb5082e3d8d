package org.conurb.talk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.audit.EvidenceExport;
import org.conurb.audit.EvidenceExports;
import org.conurb.audit.EvidenceRoom;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.media.FileRange;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/talk/exports}: asking answers 202; the bundle is at {@code …/{id}/bundle.zip} once it is ready. */
@RestController
@RequestMapping("/api/talk/exports")
class TalkExportController {
    private static final UUID NEWEST = new UUID(-1, -1);

    private final EvidenceExports exports;
    private final Spurts spurts;
    private final Access access;
    private final Transactions transactions;

    TalkExportController(EvidenceExports exports, Spurts spurts, Access access, Transactions transactions) {
        this.exports = exports;
        this.spurts = spurts;
        this.access = access;
        this.transactions = transactions;
    }

    record NewPart(
            @Nullable String group,
            @Nullable String from,
            @Nullable String to) {}

    record NewExport(
            @Nullable List<NewPart> parts,
            @JsonProperty("case") @Nullable String caseId,
            @Nullable String reason) {}

    record PartView(String group, String name, String organisation, Instant from, Instant to) {}

    record ExportView(
            UUID id,
            String state,
            int percent,
            String by,
            @JsonProperty("case") String caseId,
            String reason,
            List<PartView> parts,
            Instant at,
            @Nullable Instant finishedAt,
            String detail,
            long bytes,
            String sha256,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String bundle) {
        static ExportView of(EvidenceExport export) {
            return new ExportView(
                    export.id(),
                    export.state().code(),
                    export.percent(),
                    export.subjectName(),
                    export.caseId(),
                    export.reason(),
                    export.parts().stream()
                            .map(part -> new PartView(part.source(), part.name(), part.owner(), part.from(), part.to()))
                            .toList(),
                    export.at(),
                    export.finishedAt().orElse(null),
                    export.detail(),
                    export.bytes(),
                    export.sha256(),
                    export.state() == EvidenceExport.State.READY
                            ? "/api/talk/exports/" + export.id() + "/bundle.zip"
                            : null);
        }
    }

    /** @param next what to send as {@code after} for the next part; null at the end */
    record ExportPage(
            List<ExportView> items,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String next) {}

    @PostMapping
    Answer ask(@RequestBody NewExport wanted, Caller caller, Change change) {
        List<EvidenceRoom.Wanted> parts = Optional.ofNullable(wanted.parts()).orElse(List.of()).stream()
                .map(TalkExportController::part)
                .toList();
        return change.commit(() -> {
            EvidenceExport export = exports.ask(caller, parts, wanted.caseId(), wanted.reason());
            return Answer.created(URI.create("/api/talk/exports/" + export.id()), ExportView.of(export))
                    .status(202);
        });
    }

    @GetMapping
    ExportPage list(Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String after) {
        int most = TalkTimes.limit(limit);
        UUID below = after == null ? NEWEST : id(after);
        return transactions.as(access.owners(caller), () -> {
            List<EvidenceExport> found = exports.list(caller, below, most + 1);
            List<EvidenceExport> shown = found.subList(0, Math.min(most, found.size()));
            return new ExportPage(
                    shown.stream().map(ExportView::of).toList(),
                    found.size() > most ? shown.getLast().id().toString() : null);
        });
    }

    @GetMapping("/{id}")
    ExportView find(@PathVariable String id, Caller caller) {
        UUID export = id(id);
        return transactions.as(access.owners(caller), () -> ExportView.of(exports.find(caller, export)));
    }

    @GetMapping("/{id}/bundle.zip")
    void fetch(
            @PathVariable String id,
            @RequestHeader(value = "Range", required = false) @Nullable String range,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        UUID wanted = id(id);
        EvidenceExports.Fetched fetched = transactions.as(access.owners(caller), () -> exports.fetch(caller, wanted));
        try {
            long size = Files.size(fetched.file());
            Optional<FileRange> bytes = FileRange.of(range, size);
            response.setHeader("Accept-Ranges", "bytes");
            response.setHeader("Cache-Control", "private, no-store");
            if (bytes.isEmpty()) {
                response.setHeader("Content-Range", "bytes */" + size);
                response.setStatus(416);
                return;
            }
            response.setContentType("application/zip");
            response.setHeader(
                    "Content-Disposition", "attachment; filename=\"talk-evidence-%s.zip\"".formatted(wanted));
            response.setContentLengthLong(bytes.get().length());
            if (!bytes.get().whole()) {
                response.setStatus(206);
                response.setHeader("Content-Range", bytes.get().contentRange(size));
            }
            bytes.get().copy(fetched.file(), response.getOutputStream(), () -> spurts.stands(caller, fetched.grant()));
        } catch (NoSuchFileException gone) {
            throw new NotFound("bundle of export", wanted.toString());
        }
    }

    @DeleteMapping("/{id}")
    Answer remove(@PathVariable String id, Caller caller, Change change) {
        UUID export = id(id);
        return change.commit(() -> {
            exports.remove(caller, export);
            return Answer.noContent();
        });
    }

    private static EvidenceRoom.Wanted part(NewPart part) {
        if (part.group() == null || part.from() == null || part.to() == null) {
            throw new BadRequest(
                    "export-part", "A part has group, from and to.", "Send {\"group\":…,\"from\":…,\"to\":…}.");
        }
        return new EvidenceRoom.Wanted(
                part.group(), TalkTimes.instant("from", part.from()), TalkTimes.instant("to", part.to()));
    }

    private static UUID id(String text) {
        return Ids.parse(SpurtEvidence.KIND, text).orElseThrow(() -> new NotFound("export", text));
    }
}
