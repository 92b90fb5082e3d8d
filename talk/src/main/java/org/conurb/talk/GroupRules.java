package org.conurb.talk;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;

/**
 * Who is a member of which group, and may do what there: by seat and organisation, and across organisations only where the
 * owner has granted {@code TalkGroup}. Answers from memory. Safe for many threads.
 */
final class GroupRules {
    static final String KIND = "TalkGroup";
    static final int DISPATCHER = 200;
    static final int COMMANDER = 150;
    static final int UNIT = 100;
    static final int LIAISON = 80;

    private static final Membership COMMANDING = new Membership(
            COMMANDER,
            EnumSet.of(
                    Membership.Right.TALK,
                    Membership.Right.RAISE_EMERGENCY,
                    Membership.Right.CANCEL_EMERGENCY,
                    Membership.Right.FORCE_RELEASE,
                    Membership.Right.CANCEL_REQUESTS));
    private static final Set<String> RESPONDING = Set.of("control-room", "police", "fire", "ambulance");

    private final City city;
    private final Access access;

    GroupRules(City city, Access access) {
        this.city = city;
        this.access = access;
    }

    /** Organisations of kinds that have a group of their own. */
    List<City.Organisation> responding() {
        return city.organisations().stream()
                .filter(organisation -> RESPONDING.contains(organisation.kind()))
                .toList();
    }

    Reach reach(OrganisationId who, OrganisationId owner) {
        if (who.equals(owner)) {
            return Reach.TALK;
        }
        Caller asked = Caller.system("talk", who); // what the agreement allows, whoever sits there
        if (access.decide(asked, Action.CHANGE, KIND, owner)) {
            return Reach.TALK;
        }
        return access.decide(asked, Action.READ, KIND, owner) ? Reach.LISTEN : Reach.NONE;
    }

    /** Organisations that may be in the owner's groups, the owner first. */
    Set<OrganisationId> admitted(OrganisationId owner, Collection<OrganisationId> wanted) {
        Set<OrganisationId> in = new LinkedHashSet<>();
        in.add(owner);
        wanted.stream().filter(who -> reach(who, owner) != Reach.NONE).forEach(in::add);
        return in;
    }

    /**
     * @param engaged whether its organisation has units there
     * @return nothing where the owner has not let its organisation in
     */
    Optional<Membership> seat(City.Seat seat, OrganisationId owner, boolean engaged) {
        return switch (reach(seat.organisation(), owner)) {
            case NONE -> Optional.empty();
            case LISTEN -> Optional.of(Membership.listening());
            case TALK -> Optional.of(talking(seat, owner, engaged));
        };
    }

    private Membership talking(City.Seat seat, OrganisationId owner, boolean engaged) {
        boolean own = seat.organisation().equals(owner);
        if (seat.role() == Role.DISPATCHER && (own || isControlRoom(seat.organisation()))) {
            return Membership.dispatching(DISPATCHER);
        }
        return seat.role() == Role.COMMANDER && (own || engaged) ? COMMANDING : Membership.talking(LIAISON);
    }

    private boolean isControlRoom(OrganisationId id) {
        return city.organisation(id)
                .map(organisation -> organisation.kind().equals("control-room"))
                .orElse(false);
    }

    Optional<Membership> unit(OrganisationId organisation, OrganisationId owner) {
        return switch (reach(organisation, owner)) {
            case NONE -> Optional.empty();
            case LISTEN -> Optional.of(Membership.listening());
            case TALK -> Optional.of(Membership.talking(UNIT));
        };
    }

    /** Seats that lead: they are called into every group of an incident that their organisation has part in. */
    List<City.Seat> liaisons(Collection<OrganisationId> organisations) {
        return city.seats().stream()
                .filter(seat -> organisations.contains(seat.organisation()))
                .filter(seat -> seat.role() == Role.DISPATCHER || seat.role() == Role.COMMANDER)
                .toList();
    }

    List<City.Seat> seats(Collection<OrganisationId> organisations) {
        return city.seats().stream()
                .filter(seat -> organisations.contains(seat.organisation()))
                .toList();
    }

    /** The first policy of the city folder that has all of them. */
    Optional<City.TalkGroupPolicy> policy(Collection<OrganisationId> organisations) {
        return city.talkGroupPolicies().stream()
                .filter(policy -> policy.members().containsAll(organisations))
                .findFirst();
    }

    /** Words in the city's own language. */
    String words(City.Text text) {
        String own = text.byLanguage().get(city.languages().getFirst().toLanguageTag());
        return own != null ? own : text.byLanguage().values().iterator().next();
    }

    static TalkGroup group(String id, CallKind kind, OrganisationId owner, Map<Participant, Membership> members) {
        Map<Participant, Membership> most = new LinkedHashMap<>();
        members.entrySet().stream()
                .limit(TalkGroup.MOST)
                .forEach(member -> most.put(member.getKey(), member.getValue()));
        return new TalkGroup(id, kind, owner, FloorPolicy.standard(), Math.clamp(most.size(), 2, TalkGroup.MOST), most);
    }
}
