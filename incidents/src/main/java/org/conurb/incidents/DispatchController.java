package org.conurb.incidents;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Advice at {@code /api/incidents}: whom to send, and whether a call is known already. */
@RestController
@RequestMapping("/api/incidents")
class DispatchController {
    private final Incidents incidents;
    private final Proposals proposals;
    private final Duplicates duplicates;
    private final Access access;
    private final Transactions transactions;

    DispatchController(
            Incidents incidents, Proposals proposals, Duplicates duplicates, Access access, Transactions transactions) {
        this.incidents = incidents;
        this.proposals = proposals;
        this.duplicates = duplicates;
        this.access = access;
        this.transactions = transactions;
    }

    record Items<T>(List<T> items) {}

    @GetMapping("/{id}/proposals")
    Items<Proposal> proposals(@PathVariable String id, @RequestParam(defaultValue = "50") int limit, Caller caller) {
        UUID incident = id(id);
        if (limit < 1 || limit > Proposals.MOST) {
            throw new BadRequest(
                    "limit", "limit %d is not 1 to %d.".formatted(limit, Proposals.MOST), "Ask for fewer.");
        }
        Proposals.Found found = transactions.as(access.owners(caller), () -> proposals.find(caller, incident));
        return new Items<>(proposals.rank(found, limit));
    }

    @GetMapping("/{id}/duplicates")
    Items<Duplicate> duplicates(@PathVariable String id, Caller caller) {
        UUID incident = id(id);
        return transactions.as(
                access.owners(caller), () -> new Items<>(duplicates.of(caller, incidents.find(caller, incident))));
    }

    /** While a call is taken: before there is an incident. */
    @GetMapping("/duplicates")
    Items<Duplicate> duplicates(@RequestParam String near, @RequestParam @Nullable String type, Caller caller) {
        Epsg4326Point place = place(near);
        return transactions.as(
                access.owners(caller),
                () -> new Items<>(duplicates.of(caller, place, Optional.ofNullable(type), Optional.empty())));
    }

    private static Epsg4326Point place(String text) {
        String[] halves = text.split(",", -1);
        try {
            if (halves.length == 2) {
                return new Epsg4326Point(Double.parseDouble(halves[1]), Double.parseDouble(halves[0]));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadRequest("near", "near is not a longitude and a latitude.", "Send near=7.42,43.73.");
    }

    private static UUID id(String text) {
        return Ids.parse(Incident.KIND, text).orElseThrow(() -> new NotFound("incident", text));
    }
}
