package org.conurb.talk;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The door {@code /api/talk/sip-accounts}. A device's secret is told in the answer that makes it, and never again. */
@RestController
@RequestMapping("/api/talk/sip-accounts")
class SipAccountController {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final UUID FIRST = new UUID(0, 0);

    private final SipAccounts accounts;
    private final Participants participants;
    private final String realm;
    private final List<String> uris;
    private final Access access;
    private final Transactions transactions;

    /** @param uris where phones register, best first */
    SipAccountController(
            SipAccounts accounts,
            Participants participants,
            String realm,
            List<String> uris,
            Access access,
            Transactions transactions) {
        this.accounts = accounts;
        this.participants = participants;
        this.realm = realm;
        this.uris = List.copyOf(uris);
        this.access = access;
        this.transactions = transactions;
    }

    record AccountView(
            String id,
            String organisation,
            String participant,
            String name,
            String device,
            String username,
            Instant at) {}

    /** @param next for {@code after} of the next page; absent on the last */
    record AccountPage(List<AccountView> items, @Nullable String next) {}

    @PostMapping
    Answer make(@RequestBody SipAccounts.Wanted wanted, Caller caller, Change change) {
        Answer kept = change.commit(() -> {
            SipAccount account = accounts.make(caller, wanted);
            Map<String, Object> made = new LinkedHashMap<>();
            made.put("id", account.urn());
            made.put("username", account.username());
            made.put("realm", realm);
            made.put("uris", uris);
            return Answer.created(URI.create("/api/talk/sip-accounts/" + account.urn()), made);
        });
        return withSecret(kept);
    }

    /** Added after the answer was kept for a retry, so that the kept one holds none; a retry is told the same. */
    private Answer withSecret(Answer kept) {
        @SuppressWarnings("unchecked")
        Map<String, Object> body = Json.mapper().readValue(kept.body(), LinkedHashMap.class);
        accounts.find(String.valueOf(body.get("username"))).ifPresent(login -> body.put("password", login.secret()));
        return new Answer(kept.status(), kept.headers(), Json.mapper().writeValueAsBytes(body));
    }

    @GetMapping
    AccountPage list(Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String after) {
        int most = limit == null ? USUAL : limit;
        if (most < 1 || most > MOST) {
            throw new BadRequest("limit", "A page has 1 to %d items.".formatted(MOST), "Send a limit within that.");
        }
        UUID from = after == null ? FIRST : id(after);
        return transactions.as(access.owners(caller), () -> {
            List<SipAccount> found = accounts.list(caller, from, most + 1);
            List<SipAccount> shown = found.subList(0, Math.min(most, found.size()));
            return new AccountPage(
                    shown.stream().map(this::view).toList(),
                    found.size() > most ? shown.getLast().urn() : null);
        });
    }

    private AccountView view(SipAccount account) {
        Optional<Participant> who = participants.find(account.participant());
        return new AccountView(
                account.urn(),
                account.organisation().value(),
                account.participant(),
                who.map(participants::name).orElse(account.participant()),
                account.device(),
                account.username(),
                account.at());
    }

    @DeleteMapping("/{id}")
    Answer remove(@PathVariable String id, Caller caller, Change change) {
        UUID account = id(id);
        return change.commit(() -> {
            accounts.remove(caller, account);
            return Answer.noContent();
        });
    }

    private static UUID id(String text) {
        return Ids.parse(SipAccount.KIND, text).orElseThrow(() -> new NotFound("sipaccount", text));
    }
}
