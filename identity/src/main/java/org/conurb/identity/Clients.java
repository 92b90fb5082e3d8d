package org.conurb.identity;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import tools.jackson.core.type.TypeReference;

/** Registers and ends clients. */
final class Clients {
    private static final String KIND = "Client";
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    /** What an administrator asks for, checked. */
    record Wanted(
            String name,
            OrganisationId organisation,
            Set<Role> roles,
            Optional<String> purpose,
            List<String> redirectUris,
            boolean open) {}

    private final Transactions transactions;
    private final ClientStore store;
    private final PersonStore people;
    private final Organisations organisations;
    private final Parties parties;
    private final Callers callers;
    private final Bootstrap bootstrap;
    private final Secrets secrets;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    Clients(
            Transactions transactions,
            ClientStore store,
            PersonStore people,
            Organisations organisations,
            Parties parties,
            Callers callers,
            Bootstrap bootstrap,
            Secrets secrets,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.people = people;
        this.organisations = organisations;
        this.parties = parties;
        this.callers = callers;
        this.bootstrap = bootstrap;
        this.secrets = secrets;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /** The secret is added after the answer was kept, so that the kept one holds none; a retry is told the same. */
    Answer create(Caller asked, Change change, Wanted wanted) {
        Caller caller = callers.as(asked, wanted.organisation());
        access.demand(caller, Action.CREATE, KIND, wanted.organisation(), wanted.name());
        Answer kept = change.behind(access.owners(caller)).commit(() -> {
            String id = ids.next().toString();
            Client client = new Client(
                    id,
                    wanted.name(),
                    wanted.organisation(),
                    Map.of(wanted.organisation(), wanted.roles()),
                    wanted.open() ? Optional.empty() : Optional.of(Secrets.hash(secrets.ofClient(id))),
                    wanted.redirectUris(),
                    wanted.purpose(),
                    false,
                    clock.instant());
            store.add(client);
            audit.record(AuditEntry.of(caller, "client.registered", KIND, id, wanted.organisation())
                    .with(Map.of("roles", codes(wanted.roles()))));
            transactions.afterCommit(parties::forgetAll);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("clientId", id);
            return Answer.created(URI.create("/api/identity/clients/" + id), body);
        });
        return wanted.open() ? kept : told(kept);
    }

    /** @param hats the caller for each organisation whose clients are asked for */
    List<Client> list(List<Caller> hats, String after, int most) {
        Reach reach = Reach.of(access, hats, KIND);
        return reach.seen().isEmpty()
                ? List.of()
                : transactions.as(reach.owners(), () -> store.of(reach.seen(), after, most));
    }

    /**
     * Its tokens are refused from the commit on.
     *
     * @throws Failures.NoAdministrator where it is the installation client and nobody else could let anybody in
     */
    Answer end(Caller asked, Change change, String id) {
        Client client = transactions.asSystem(() -> store.everRegistered(id)).orElseThrow(() -> new NotFound(KIND, id));
        Caller caller = callers.as(asked, client.organisation());
        access.demand(caller, Action.DELETE, KIND, client.organisation(), id);
        if (client.installation()) {
            demandAdministrator();
        }
        return change.behind(access.owners(caller)).commit(() -> {
            if (!store.end(id, clock.instant())) {
                throw new NotFound(KIND, id);
            }
            audit.record(AuditEntry.of(caller, "client.ended", KIND, id, client.organisation()));
            transactions.afterCommit(client.installation() ? bootstrap::ended : parties::forgetAll);
            return Answer.noContent();
        });
    }

    /** The last administrator of an organisation cannot be taken away, so whoever is there now stays. */
    private void demandAdministrator() {
        Set<OrganisationId> all = organisations.everything().keySet();
        if (!transactions.asSystem(() -> people.hasAdministrator(all))) {
            throw new Failures.NoAdministrator(organisations.city().defaultOrganisation());
        }
    }

    private Answer told(Answer kept) {
        Map<String, Object> body = new LinkedHashMap<>(Json.mapper().readValue(kept.body(), MEMBERS));
        body.put("clientSecret", secrets.ofClient(String.valueOf(body.get("clientId"))));
        return new Answer(kept.status(), kept.headers(), Json.mapper().writeValueAsBytes(body));
    }

    private static String codes(Set<Role> roles) {
        return roles.stream().map(Role::code).collect(Collectors.joining(" "));
    }
}
