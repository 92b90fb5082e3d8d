package org.conurb.agreements;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * Decisions from memory, a few map look-ups each. Own organisation by role ({@link RoleTable}); another's where a grant of
 * the city folder says so and the own role may the same at home: an agreement never lifts a person above the own role.
 * Parts of the program ({@link Caller#isSystem()}) may everything at home. Safe for many threads.
 */
final class Rules {
    private static final int MOST_ANSWERS = 10_000;

    /** By consumer, then by provider; own organisations have an entry even where nobody shares with them. */
    private final Map<OrganisationId, Map<OrganisationId, List<City.Grant>>> shared = new HashMap<>();

    private final Map<OrganisationId, Set<OrganisationId>> owners = new HashMap<>();
    private final Memo<Question, Set<OrganisationId>> answers = new Memo<>(MOST_ANSWERS);

    /** @param roles a bit each */
    private record Question(OrganisationId organisation, long roles, boolean system, Action action, String kind) {
        static Question of(Caller caller, Action action, String kind) {
            long roles = 0;
            for (Role role : caller.roles()) {
                roles |= 1L << role.ordinal();
            }
            return new Question(caller.organisation(), roles, caller.isSystem(), action, kind);
        }
    }

    Rules(City city) {
        List<OrganisationId> all =
                city.organisations().stream().map(City.Organisation::id).toList();
        all.forEach(id -> shared.put(id, new HashMap<>()));
        for (City.Grant grant : city.grants()) {
            for (OrganisationId consumer : grant.consumer().map(List::of).orElse(all)) {
                Map<OrganisationId, List<City.Grant>> providers = shared.get(consumer);
                if (providers != null && !consumer.equals(grant.provider())) {
                    providers
                            .computeIfAbsent(grant.provider(), provider -> new ArrayList<>())
                            .add(grant);
                }
            }
        }
        for (OrganisationId id : all) {
            Set<OrganisationId> wall = new LinkedHashSet<>(List.of(id));
            wall.addAll(shared.getOrDefault(id, Map.of()).keySet());
            owners.put(id, Set.copyOf(wall));
        }
    }

    boolean decide(Caller caller, Action action, String kind, OrganisationId owner) {
        return mayAtHome(caller, action, kind)
                && (owner.equals(caller.organisation()) || provides(caller.organisation(), owner, action, kind));
    }

    Set<OrganisationId> predicate(Caller caller, Action action, String kind) {
        Question question = Question.of(caller, action, kind);
        Set<OrganisationId> answer = answers.get(question);
        if (answer == null) {
            answer = answer(caller, action, kind);
            answers.put(question, answer);
        }
        return answer;
    }

    /** Own and all providers; none for an organisation that the city does not have. */
    Set<OrganisationId> owners(Caller caller) {
        return owners.getOrDefault(caller.organisation(), Set.of());
    }

    int remembered() {
        return answers.size();
    }

    private Set<OrganisationId> answer(Caller caller, Action action, String kind) {
        if (!mayAtHome(caller, action, kind)) {
            return Set.of();
        }
        Set<OrganisationId> answer = new LinkedHashSet<>();
        for (OrganisationId owner : owners(caller)) {
            if (decide(caller, action, kind, owner)) {
                answer.add(owner);
            }
        }
        return Set.copyOf(answer);
    }

    private boolean mayAtHome(Caller caller, Action action, String kind) {
        return shared.containsKey(caller.organisation())
                && (caller.isSystem() || RoleTable.allows(caller.roles(), action, kind));
    }

    private boolean provides(OrganisationId consumer, OrganisationId provider, Action action, String kind) {
        if (!RoleTable.shareable(kind)) {
            return false;
        }
        Map<OrganisationId, List<City.Grant>> providers = shared.getOrDefault(consumer, Map.of());
        for (City.Grant grant : providers.getOrDefault(provider, List.of())) {
            if (grant.actions().contains(action)
                    && (grant.kinds().isEmpty() || grant.kinds().contains(kind))) {
                return true;
            }
        }
        return false;
    }
}
