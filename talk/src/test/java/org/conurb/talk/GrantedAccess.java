package org.conurb.talk;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;

/** Everything at home, and with another's things what a city's grants say; under one grant, unless a test takes it away. */
final class GrantedAccess implements Access {
    private final City city;
    private volatile Optional<UUID> grant = Optional.of(new UUID(0, 1));

    GrantedAccess(City city) {
        this.city = city;
    }

    void withoutPurpose() {
        grant = Optional.empty();
    }

    @Override
    public boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return owner.equals(caller.organisation())
                || city.grants().stream()
                        .filter(given -> given.provider().equals(owner))
                        .filter(given -> given.consumer().equals(Optional.of(caller.organisation())))
                        .anyMatch(given ->
                                given.kinds().contains(kind) && given.actions().contains(action));
    }

    @Override
    public Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        Set<OrganisationId> owners = new LinkedHashSet<>();
        city.organisations().stream()
                .map(City.Organisation::id)
                .filter(owner -> decide(caller, action, kind, owner))
                .forEach(owners::add);
        return owners;
    }

    @Override
    public Set<OrganisationId> owners(Caller caller) {
        Set<OrganisationId> owners = new LinkedHashSet<>(Set.of(caller.organisation()));
        city.grants().stream()
                .filter(given -> given.consumer().equals(Optional.of(caller.organisation())))
                .forEach(given -> owners.add(given.provider()));
        return owners;
    }

    @Override
    public Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return grant;
    }
}
