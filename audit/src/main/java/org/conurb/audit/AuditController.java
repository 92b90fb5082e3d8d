package org.conurb.audit;

import static org.conurb.kernel.Action.READ;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.VerifierKey;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The log as auditors read it: checkpoint, key, tiles (C2SP tlog-tiles under {@code /api/audit}), proofs and entries.
 * Who wrote an entry may have the proof of it without being an auditor.
 */
@RestController
@RequestMapping("/api/audit")
class AuditController {
    private static final String KIND = "AuditEntry";
    private static final MediaType NOTE = MediaType.parseMediaType("text/plain;charset=utf-8");
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable();

    private final Transactions transactions;
    private final Access access;
    private final Proofs proofs;
    private final EntryList entries;
    private final VerifierKey key;

    AuditController(Transactions transactions, Access access, LogKey key) {
        this.transactions = transactions;
        this.access = access;
        this.proofs = new Proofs(transactions);
        this.entries = new EntryList(transactions, access);
        this.key = key.verifier();
    }

    @GetMapping("/checkpoint")
    ResponseEntity<String> checkpoint(Caller caller) {
        demandAuditor(caller);
        String note = proofs.checkpoint().orElseThrow(() -> new NotFound("checkpoint", "yet"));
        return ResponseEntity.ok()
                .contentType(NOTE)
                .cacheControl(CacheControl.noStore())
                .body(note);
    }

    @GetMapping("/key")
    ResponseEntity<String> key(Caller caller) {
        demandAuditor(caller);
        return ResponseEntity.ok().contentType(NOTE).body(key.text() + "\n");
    }

    @GetMapping("/tile/{*path}")
    ResponseEntity<byte[]> tile(Caller caller, @PathVariable("path") String path) {
        demandAuditor(caller);
        byte[] bytes = proofs.tile(TilePath.parse(path.substring(1)));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .cacheControl(FOR_EVER)
                .body(bytes);
    }

    @GetMapping("/proofs/inclusion")
    ResponseEntity<Proofs.Inclusion> inclusion(
            Caller caller, @RequestParam(name = "entry", required = false) @Nullable String entry) {
        UUID id = uuid("entry", entry);
        Proofs.Inclusion proof = proofs.inclusion(entries.find(caller, id));
        return ResponseEntity.status(proof.pending() ? 202 : 200)
                .cacheControl(CacheControl.noStore())
                .body(proof);
    }

    @GetMapping("/proofs/consistency")
    Proofs.Consistency consistency(
            Caller caller,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to) {
        demandAuditor(caller);
        return proofs.consistency(number("from", from), number("to", to));
    }

    @GetMapping("/entries")
    Map<String, @Nullable Object> entries(
            Caller caller,
            @RequestParam(name = "after", required = false) @Nullable String after,
            @RequestParam(name = "limit", required = false) @Nullable String limit,
            @RequestParam(name = "kind", required = false) @Nullable String kind,
            @RequestParam(name = "id", required = false) @Nullable String id) {
        demandAuditor(caller);
        long most = limit == null ? 100 : number("limit", limit);
        if (most < 1 || most > 500) {
            throw new BadRequest("limit", "limit is not within 1 and 500.", "Give a limit of 1 to 500.");
        }
        return entries.newest(
                caller,
                after == null ? Optional.empty() : Optional.of(uuid("after", after)),
                Optional.ofNullable(kind),
                Optional.ofNullable(id),
                (int) most);
    }

    private void demandAuditor(Caller caller) {
        OrganisationId organisation = caller.organisation();
        if (!access.decide(caller, READ, KIND, organisation)) {
            throw new Denied(
                    "%s may not read the audit log of %s.".formatted(caller.name(), organisation),
                    "Ask an administrator of %s for the role of an auditor.".formatted(organisation));
        }
    }

    private static UUID uuid(String name, @Nullable String text) {
        return Optional.ofNullable(text)
                .flatMap(value -> Ids.parse(KIND, value))
                .orElseThrow(() -> new BadRequest(
                        "parameter",
                        "Parameter %s is not the id of an audit entry.".formatted(name),
                        "Give the UUID that a change answered as Conurb-Audit."));
    }

    private static long number(String name, @Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,18}")) {
            throw new BadRequest(
                    "parameter",
                    "Parameter %s is missing or not a whole number.".formatted(name),
                    "Give it as digits, as in ?%s=10.".formatted(name));
        }
        return Long.parseLong(text);
    }
}
