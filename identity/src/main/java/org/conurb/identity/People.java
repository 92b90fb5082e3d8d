package org.conurb.identity;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
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

/** People who may come in, and their roles; kept by administrators of the organisations that they work in. */
public final class People {
    private static final String KIND = "Person";
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{1,63}");
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    private final Transactions transactions;
    private final PersonStore store;
    private final Passwords passwords;
    private final Secrets secrets;
    private final Sessions sessions;
    private final Parties parties;
    private final Callers callers;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    People(
            Transactions transactions,
            PersonStore store,
            Passwords passwords,
            Secrets secrets,
            Sessions sessions,
            Parties parties,
            Callers callers,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.passwords = passwords;
        this.secrets = secrets;
        this.sessions = sessions;
        this.parties = parties;
        this.callers = callers;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /** Whether nobody can sign in yet. */
    public boolean isEmpty() {
        return transactions.asSystem(store::isEmpty);
    }

    /**
     * Sees to it that a person is there with these roles: for what the program itself sets up, as a demonstration. Who is
     * there already keeps his or her password.
     *
     * @return whether the person was added
     */
    public boolean ensure(String username, String name, String password, Map<OrganisationId, Set<Role>> roles) {
        String normal = username(username);
        Optional<PersonStore.Known> before = transactions.asSystem(() -> store.byUsername(normal));
        if (before.isPresent()) {
            Person person = before.get().person();
            if (!person.name().equals(name) || !person.roles().equals(roles)) {
                transactions.doAsSystem(() -> {
                    store.rename(person.id(), name);
                    store.setRoles(person.id(), roles);
                });
                forgetAll();
            }
            return false;
        }
        String hash = passwords.hash(normal, password);
        UUID id = ids.next();
        transactions.doAsSystem(() -> {
            store.add(id, normal, name, hash, clock.instant());
            store.setRoles(id, roles);
            roles.forEach((organisation, held) -> audit.record(AuditEntry.of(
                            Caller.system("identity", organisation), "person.added", KIND, subject(id), organisation)
                    .with(Map.of("roles", codes(held)))));
        });
        return true;
    }

    /** The password, where none is given, is told in the answer once made; a retry is told the same. */
    Answer create(
            Caller caller,
            Change change,
            String username,
            String name,
            Optional<String> password,
            Map<OrganisationId, Set<Role>> roles) {
        String normal = username(username);
        demand(caller, Action.CREATE, roles.keySet(), normal);
        UUID fresh = ids.next();
        String hash = passwords.hash(normal, password.orElseGet(() -> secrets.password(fresh.toString())));
        Answer kept = change.behind(owners(caller)).commit(() -> {
            store.add(fresh, normal, name, hash, clock.instant());
            store.setRoles(fresh, roles);
            roles.forEach((organisation, held) -> record(caller, "person.added", fresh, organisation, held));
            return Answer.created(URI.create("/api/identity/people/" + fresh), Map.of("id", fresh.toString()));
        });
        return password.isPresent() ? kept : told(kept);
    }

    /** @param hats the caller for each organisation whose people are asked for */
    List<Person> list(List<Caller> hats, String after, int most) {
        Reach reach = Reach.of(access, hats, KIND);
        return reach.seen().isEmpty()
                ? List.of()
                : transactions.as(reach.owners(), () -> store.of(reach.seen(), after, most));
    }

    /**
     * Changes what is given. A name and a password concern every organisation of the person, roles only theirs.
     *
     * @throws Failures.LastAdministrator where an organisation would be left without an administrator
     */
    Answer update(
            Caller caller,
            Change change,
            UUID id,
            Optional<String> name,
            Optional<String> password,
            Map<OrganisationId, Set<Role>> roles) {
        Person person = inReach(caller, id);
        if (name.isPresent() || password.isPresent()) {
            demand(caller, Action.CHANGE, person.roles().keySet(), id.toString());
        }
        demand(caller, Action.CHANGE, roles.keySet(), id.toString());
        Optional<String> hash = password.map(each -> passwords.hash(person.username(), each));
        return change.behind(owners(caller)).commit(() -> {
            name.ifPresent(each -> store.rename(id, each));
            hash.ifPresent(each -> store.setPassword(id, each));
            roles.forEach((organisation, held) -> {
                if (!held.contains(Role.ADMINISTRATOR)) {
                    keepAnAdministrator(person, organisation);
                }
            });
            store.setRoles(id, roles);
            if (name.isPresent() || password.isPresent()) {
                String what = password.isPresent() ? "person.password" : "person.renamed";
                person.roles().forEach((organisation, held) -> record(caller, what, id, organisation, held));
            }
            roles.forEach((organisation, held) -> record(caller, "person.roles", id, organisation, held));
            transactions.afterCommit(this::forgetAll);
            return Answer.ok(Map.of("id", id.toString()));
        });
    }

    /** The person comes in no more: sessions and tokens end with the commit. Needs the right in each of the organisations. */
    Answer disable(Caller caller, Change change, UUID id) {
        Person person = inReach(caller, id);
        demand(caller, Action.DELETE, person.roles().keySet(), id.toString());
        return change.behind(owners(caller)).commit(() -> {
            person.roles().keySet().forEach(organisation -> keepAnAdministrator(person, organisation));
            if (!store.disable(id, clock.instant())) {
                throw new NotFound(KIND, id.toString());
            }
            person.roles().forEach((organisation, held) -> record(caller, "person.disabled", id, organisation, held));
            transactions.afterCommit(this::forgetAll);
            return Answer.noContent();
        });
    }

    /** An organisation that people administer is never left without one of them. */
    private void keepAnAdministrator(Person leaving, OrganisationId organisation) {
        if (leaving.roles().getOrDefault(organisation, Set.of()).contains(Role.ADMINISTRATOR)
                && store.isLastAdministrator(leaving.id(), organisation)) {
            throw new Failures.LastAdministrator(organisation);
        }
    }

    private Person inReach(Caller caller, UUID id) {
        Set<OrganisationId> seen = Reach.of(access, callers.hats(caller), KIND).seen();
        return transactions
                .asSystem(() -> store.everAdded(id))
                .filter(person -> person.roles().keySet().stream().anyMatch(seen::contains))
                .orElseThrow(() -> new NotFound(KIND, id.toString()));
    }

    /** In each of the organisations; a caller of several acts for each in turn. */
    private void demand(Caller caller, Action action, Set<OrganisationId> organisations, String id) {
        organisations.forEach(each -> access.demand(callers.as(caller, each), action, KIND, each, id));
    }

    private Set<OrganisationId> owners(Caller caller) {
        return Reach.of(access, callers.hats(caller), KIND).owners();
    }

    private void record(Caller caller, String action, UUID id, OrganisationId organisation, Set<Role> roles) {
        Caller acting = callers.as(caller, organisation);
        audit.record(
                AuditEntry.of(acting, action, KIND, subject(id), organisation).with(Map.of("roles", codes(roles))));
    }

    private Answer told(Answer kept) {
        Map<String, Object> body = new LinkedHashMap<>(Json.mapper().readValue(kept.body(), MEMBERS));
        body.put("password", secrets.password(String.valueOf(body.get("id"))));
        return new Answer(kept.status(), kept.headers(), Json.mapper().writeValueAsBytes(body));
    }

    private void forgetAll() {
        sessions.forgetAll();
        parties.forgetAll();
    }

    private static String username(String given) {
        String normal = given.strip().toLowerCase(Locale.ROOT);
        if (!USERNAME.matcher(normal).matches()) {
            throw new BadRequest(
                    "username-form",
                    "A user name is 2 to 64 of a-z, 0-9 and . _ @ -, and starts with a letter or digit.",
                    "Use what the person is known by, as an e-mail address.");
        }
        return normal;
    }

    private static String subject(UUID id) {
        return Person.SUBJECT + id;
    }

    private static String codes(Set<Role> roles) {
        return roles.stream().map(Role::code).sorted().collect(Collectors.joining(" "));
    }
}
