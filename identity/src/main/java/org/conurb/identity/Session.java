package org.conurb.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * Someone's stay at the console.
 *
 * @param key hash of the cookie, in hexadecimal
 * @param organisation acted for; one that the person holds roles in
 * @param seat taken in that organisation
 */
record Session(
        String key,
        Person person,
        OrganisationId organisation,
        Optional<String> seat,
        Instant openedAt,
        Instant seenAt) {

    Set<Role> roles() {
        return person.roles().getOrDefault(organisation, Set.of());
    }

    /** Who acts in it, under no grant. */
    Caller caller() {
        return new Caller(
                person.subject(), person.name(), organisation, seat, roles(), Optional.empty(), Optional.empty());
    }

    /** The seat, if it is still one that the person can take. */
    Optional<City.Seat> seat(List<City.Seat> open) {
        return open.stream().filter(each -> seat.equals(Optional.of(each.id()))).findFirst();
    }
}
