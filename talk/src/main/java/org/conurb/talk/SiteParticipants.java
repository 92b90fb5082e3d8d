package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;

/** Seats of the city folder and units of the hub, as participants of calls. */
final class SiteParticipants implements Participants {
    private static final String UNIT = "unit-";
    private static final Set<Role> OF_UNITS = Set.of(Role.RESPONDER, Role.DISPATCHER, Role.COMMANDER);

    private final City city;
    private final UnitRoster roster;
    private final GroupRules rules;
    private final Access access;
    private final Transactions transactions;
    private final Map<String, City.Seat> seats = new HashMap<>();

    SiteParticipants(City city, UnitRoster roster, GroupRules rules, Access access, Transactions transactions) {
        this.city = city;
        this.roster = roster;
        this.rules = rules;
        this.access = access;
        this.transactions = transactions;
        city.seats().forEach(seat -> seats.put(seat.id(), seat));
    }

    @Override
    public Participant of(Caller caller, Optional<String> unit) {
        access.demand(caller, Action.READ, GroupRules.KIND, caller.organisation(), "");
        return unit.isPresent() ? asUnit(caller, unit.get()) : asSeat(caller);
    }

    private Participant asUnit(Caller caller, String urn) {
        UUID id = Ids.parse("Unit", urn).orElseThrow(() -> new NotFound("unit", urn));
        UnitRoster.Known unit = transactions
                .as(access.owners(caller), () -> roster.fetch(id))
                .filter(known -> known.organisation().equals(caller.organisation()))
                .orElseThrow(() -> new NotFound("unit", urn));
        if (OF_UNITS.stream().noneMatch(caller::has)) {
            throw new Denied(
                    "%s may not speak for unit %s.".formatted(caller.name(), unit.callSign()),
                    "Responders, dispatchers and commanders of %s may.".formatted(caller.organisation()));
        }
        return unit(unit);
    }

    private Participant asSeat(Caller caller) {
        return caller.seat()
                .map(seats::get)
                .filter(seat -> seat.organisation().equals(caller.organisation()))
                .map(this::seat)
                .orElseThrow(() -> new Conflict(
                        "no-seat",
                        "%s has taken no seat, and names no unit.".formatted(caller.name()),
                        "Take a seat, or say for which unit you speak (unit)."));
    }

    Participant seat(City.Seat seat) {
        return new Participant("sip:%s@%s".formatted(seat.id(), city.id()), null, seat.organisation());
    }

    Participant unit(UnitRoster.Known unit) {
        String alias = "sip:%s@%s.%s"
                .formatted(
                        URLEncoder.encode(unit.callSign(), UTF_8).replace("+", "%20"), unit.organisation(), city.id());
        return new Participant(unitId(unit.id()), alias.length() <= 255 ? alias : null, unit.organisation());
    }

    String unitId(UUID unit) {
        return "sip:%s%s@%s".formatted(UNIT, unit, city.id());
    }

    /** The seat of a participant that is one. */
    Optional<City.Seat> seatOf(String mcpttId) {
        return local(mcpttId).map(seats::get);
    }

    /** The unit of a participant that is one, known or not. */
    Optional<UUID> unitOf(String mcpttId) {
        return local(mcpttId)
                .filter(name -> name.startsWith(UNIT))
                .flatMap(name -> Ids.parse("Unit", name.substring(UNIT.length())));
    }

    private Optional<String> local(String mcpttId) {
        String site = "@" + city.id();
        return mcpttId.startsWith("sip:") && mcpttId.endsWith(site) && mcpttId.length() > 4 + site.length()
                ? Optional.of(mcpttId.substring(4, mcpttId.length() - site.length()))
                : Optional.empty();
    }

    @Override
    public Optional<Participant> find(String mcpttId) {
        return seatOf(mcpttId)
                .map(this::seat)
                .or(() -> unitOf(mcpttId).flatMap(roster::find).map(this::unit));
    }

    /** As people and forms write it: an MCPTT ID, the id of a seat, the URN of a unit. */
    Optional<Participant> named(String text) {
        Optional<Participant> seat = Optional.ofNullable(seats.get(text)).map(this::seat);
        return seat.or(() -> text.startsWith("urn:")
                        ? Ids.parse("Unit", text).flatMap(roster::find).map(this::unit)
                        : Optional.empty())
                .or(() -> find(text));
    }

    @Override
    public boolean reach(OrganisationId one, OrganisationId other) {
        return rules.reach(one, other) != Reach.NONE || rules.reach(other, one) != Reach.NONE;
    }

    @Override
    public String name(Participant who) {
        return seatOf(who.mcpttId())
                .map(seat -> rules.words(seat.name()))
                .or(() -> unitOf(who.mcpttId()).flatMap(roster::find).map(UnitRoster.Known::callSign))
                .orElse(who.mcpttId());
    }

    /** Everyone of these organisations whose name, call sign or id has the words in it; seats first, by name. */
    List<Participant> search(Predicate<OrganisationId> organisations, String words, int most) {
        String wanted = words.strip().toLowerCase(Locale.ROOT);
        Stream<Participant> all = Stream.concat(
                city.seats().stream()
                        .filter(seat -> organisations.test(seat.organisation()))
                        .map(this::seat),
                roster.all().stream()
                        .filter(unit -> organisations.test(unit.organisation()))
                        .sorted(Comparator.comparing(UnitRoster.Known::callSign))
                        .map(this::unit));
        return all.filter(who -> name(who).toLowerCase(Locale.ROOT).contains(wanted)
                        || who.mcpttId().contains(wanted))
                .limit(most)
                .toList();
    }
}
