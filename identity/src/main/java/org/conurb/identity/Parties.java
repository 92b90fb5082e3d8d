package org.conurb.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;

/**
 * Who tokens speak of, looked up anew after five seconds at most and at once after a change here: an ended client and a
 * person who left are refused although their tokens have not expired.
 */
final class Parties {
    private static final Duration LOOKED_UP_FOR = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final PersonStore people;
    private final ClientStore clients;
    private final Remembered<UUID, Optional<Person>> persons;
    private final Remembered<String, Optional<Client>> programs;

    Parties(Transactions transactions, PersonStore people, ClientStore clients, Clock clock) {
        this.transactions = transactions;
        this.people = people;
        this.clients = clients;
        this.persons = new Remembered<>(clock, LOOKED_UP_FOR, 5_000);
        this.programs = new Remembered<>(clock, LOOKED_UP_FOR, 5_000);
    }

    Optional<Person> person(UUID id) {
        return persons.get(id, key -> transactions.asSystem(() -> people.byId(key)));
    }

    /** @param subject {@code person:<uuid>}; nobody for anything else */
    Optional<Person> personOf(String subject) {
        return subject.startsWith(Person.SUBJECT)
                ? Ids.parse("Person", subject.substring(Person.SUBJECT.length()))
                        .flatMap(this::person)
                : Optional.empty();
    }

    Optional<Client> client(String id) {
        return programs.get(id, key -> transactions.asSystem(() -> clients.byId(key)));
    }

    /** @param subject as {@code Caller.subject} */
    Optional<Party> of(String subject) {
        if (subject.startsWith(Person.SUBJECT)) {
            return personOf(subject).map(Person::party);
        }
        return subject.startsWith(Client.SUBJECT)
                ? client(subject.substring(Client.SUBJECT.length())).map(Client::party)
                : Optional.empty();
    }

    /** A program that acts for a person: it can do what both may. */
    Optional<Party> of(Person person, Client client) {
        Set<Role> most = EnumSet.noneOf(Role.class);
        client.roles().values().forEach(most::addAll);
        Map<OrganisationId, Set<Role>> both = new LinkedHashMap<>();
        person.roles().forEach((organisation, held) -> {
            Set<Role> left = EnumSet.copyOf(held);
            left.retainAll(most);
            if (!left.isEmpty()) {
                both.put(organisation, left);
            }
        });
        return Optional.of(new Party(person.subject(), person.name(), both, Optional.empty()));
    }

    /** Something about people or clients has changed. */
    void forgetAll() {
        persons.forgetAll();
        programs.forgetAll();
    }
}
