package org.conurb.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who asks, and for whom. Made once at the door from the session or the token; every room below trusts it.
 *
 * @param subject id of the person or client, as {@code person:<uuid>} or {@code client:<id>}; of a part of ours, {@code
 *     system:<part>}
 * @param name for people to read
 * @param organisation the one acted for
 * @param seat the working place (a function, not a person), where one is taken
 * @param roles held in {@code organisation}
 * @param grant purpose grant named by the caller ({@code Conurb-Purpose})
 * @param defaultPurpose purpose code that a client stands under when it names no grant, as {@code maintenance}
 */
public record Caller(
        String subject,
        String name,
        OrganisationId organisation,
        Optional<String> seat,
        Set<Role> roles,
        Optional<UUID> grant,
        Optional<String> defaultPurpose) {

    /** A part of this program that acts by itself (a feed, a timer), for an organisation, with every role. */
    public static Caller system(String part, OrganisationId organisation) {
        return new Caller(
                "system:" + part,
                part,
                organisation,
                Optional.empty(),
                Set.of(Role.values()),
                Optional.empty(),
                Optional.of("operation"));
    }

    public boolean isSystem() {
        return subject.startsWith("system:");
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
