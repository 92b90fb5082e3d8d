package org.conurb.testkit;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;

/**
 * Allows everything with what belongs to some owners and nothing else, under one grant that always holds; a test takes
 * away what it needs to see refused.
 */
public final class FakeAccess implements Access {
    private volatile Set<OrganisationId> readable;
    private volatile Set<OrganisationId> writable;
    private volatile Optional<UUID> grant = Optional.of(new UUID(0, 1));

    private FakeAccess(Set<OrganisationId> owners) {
        readable = owners;
        writable = owners;
    }

    public static FakeAccess to(String... owners) {
        return new FakeAccess(ids(owners));
    }

    /** From now on, things of these owners may be read. */
    public FakeAccess readable(String... owners) {
        readable = ids(owners);
        return this;
    }

    /** From now on, things of these owners may be made, changed and deleted. */
    public FakeAccess writable(String... owners) {
        writable = ids(owners);
        return this;
    }

    /** From now on, no purpose allows seeing what concerns persons. */
    public FakeAccess withoutPurpose() {
        grant = Optional.empty();
        return this;
    }

    /** From now on, this grant does. */
    public FakeAccess under(UUID purpose) {
        grant = Optional.of(purpose);
        return this;
    }

    @Override
    public boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return predicate(caller, action, kind).contains(owner);
    }

    @Override
    public Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        return action == Action.READ ? readable : writable;
    }

    @Override
    public Set<OrganisationId> owners(Caller caller) {
        Set<OrganisationId> all = new LinkedHashSet<>(readable);
        all.addAll(writable);
        return all;
    }

    @Override
    public Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return grant;
    }

    private static Set<OrganisationId> ids(String... owners) {
        Set<OrganisationId> ids = new LinkedHashSet<>();
        for (String owner : owners) {
            ids.add(new OrganisationId(owner));
        }
        return Set.copyOf(ids);
    }
}
