package org.conurb.agreements;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Purpose grants over HTTP. */
@RestController
@RequestMapping("/api/grants")
final class GrantController {
    private final Grants grants;
    private final Access access;
    private final Transactions transactions;

    record NewGrant(
            @Nullable String purpose,
            @JsonProperty("case") @Nullable String caseId) {}

    record Taken(UUID id, Instant until) {}

    record Shown(
            UUID id,
            String purpose,
            @JsonProperty("case") @Nullable String caseId,
            boolean derived,
            Instant from,
            Instant until) {
        static Shown of(PurposeGrant grant) {
            return new Shown(
                    grant.id(),
                    grant.purpose(),
                    grant.caseId().orElse(null),
                    grant.derived(),
                    grant.from(),
                    grant.until());
        }
    }

    GrantController(Grants grants, Access access, Transactions transactions) {
        this.grants = grants;
        this.access = access;
        this.transactions = transactions;
    }

    @PostMapping
    Answer take(@RequestBody NewGrant wanted, Caller caller, Change change) {
        if (wanted.purpose() == null) {
            throw new BadRequest("purpose-missing", "A grant has a purpose.", "Send {\"purpose\":…,\"case\":…}.");
        }
        String purpose = wanted.purpose();
        return change.commit(() -> {
            PurposeGrant taken = grants.take(caller, purpose, Optional.ofNullable(wanted.caseId()));
            return Answer.created(URI.create("/api/grants/" + taken.id()), new Taken(taken.id(), taken.until()));
        });
    }

    @GetMapping
    Map<String, List<Shown>> own(Caller caller) {
        return transactions.as(
                access.owners(caller),
                () -> Map.of("items", grants.own(caller).stream().map(Shown::of).toList()));
    }

    @DeleteMapping("/{id}")
    Answer end(@PathVariable String id, Caller caller, Change change) {
        UUID grant = Ids.parse(Purposes.KIND, id).orElseThrow(() -> new NotFound("grant", id));
        return change.commit(() -> {
            grants.end(caller, grant);
            return Answer.noContent();
        });
    }
}
