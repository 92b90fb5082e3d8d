package org.conurb.identity;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;

/** The organisations and seats of this city. They come from the city folder; the table is there to be referred to. */
final class Organisations {
    private final City city;

    Organisations(City city, Transactions transactions) {
        this.city = city;
        transactions.doAsSystem(() -> city.organisations()
                .forEach(each -> transactions
                        .jdbc()
                        .sql("""
                        insert into identity.organisation (id, kind, name) values (:id, :kind, :name)
                            on conflict (id) do update set kind = excluded.kind, name = excluded.name
                        """)
                        .param("id", each.id().value())
                        .param("kind", each.kind())
                        .param(
                                "name",
                                Json.mapper().writeValueAsString(each.name().byLanguage()))
                        .update()));
    }

    City city() {
        return city;
    }

    /** @throws BadRequest where the city has no such organisation */
    OrganisationId require(String id) {
        OrganisationId organisation = new OrganisationId(id);
        if (city.organisation(organisation).isEmpty()) {
            throw new BadRequest(
                    "organisation-unknown",
                    "%s has no organisation %s.".formatted(city.name(), id),
                    "Use an id that GET /api/city lists under organisations.");
        }
        return organisation;
    }

    /** Every role everywhere: what the installation client holds. */
    Map<OrganisationId, Set<Role>> everything() {
        Map<OrganisationId, Set<Role>> all = new LinkedHashMap<>();
        city.organisations().forEach(each -> all.put(each.id(), EnumSet.allOf(Role.class)));
        return all;
    }

    /**
     * Roles by organisation, in the order of the city folder; what is of organisations that left the folder is left out.
     *
     * @param memberships each as {@code organisation role}
     */
    Map<OrganisationId, Set<Role>> held(Collection<String> memberships) {
        Map<OrganisationId, Set<Role>> held = new LinkedHashMap<>();
        for (City.Organisation organisation : city.organisations()) {
            String prefix = organisation.id().value() + " ";
            Set<Role> roles = EnumSet.noneOf(Role.class);
            memberships.stream()
                    .filter(each -> each.startsWith(prefix))
                    .forEach(each -> roles.add(Role.of(each.substring(prefix.length()))));
            if (!roles.isEmpty()) {
                held.put(organisation.id(), roles);
            }
        }
        return held;
    }

    /** Seats that someone with these roles in that organisation can take, in the order of the city folder. */
    List<City.Seat> seats(OrganisationId organisation, Set<Role> roles) {
        return city.seats().stream()
                .filter(seat -> seat.organisation().equals(organisation) && roles.contains(seat.role()))
                .toList();
    }
}
