package org.conurb.incidents;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.incidents.IncidentView.StatusView;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.streets.Streets;
import org.conurb.streets.Travel;

/**
 * Which units to send: those that suit first, by travel time. Timed by road are the {@value #MOST} nearest by the line of
 * flight, the suitable before all others; those beyond are not proposed. Advice with reasons; a person decides.
 */
final class Proposals {
    private static final int MOST_UNITS = 2_000;
    /** Proposed at most. */
    static final int MOST = 100;

    private static final Duration OLD = Duration.ofMinutes(10);

    private final Incidents incidents;
    private final Units units;
    private final Streets streets;
    private final Access access;
    private final City city;
    private final Clock clock;

    Proposals(Incidents incidents, Units units, Streets streets, Access access, City city, Clock clock) {
        this.incidents = incidents;
        this.units = units;
        this.streets = streets;
        this.access = access;
        this.city = city;
        this.clock = clock;
    }

    /** What the rows say, read in a transaction; the roads are asked outside of it. */
    record Found(Incident incident, List<Candidate> candidates) {}

    record Candidate(Unit unit, Optional<Epsg4326Point> place, boolean suits, boolean free, List<Reason> reasons) {
        double metresTo(Epsg4326Point there) {
            return place.map(here -> here.metresTo(there)).orElse(Double.MAX_VALUE);
        }
    }

    Found find(Caller caller, UUID id) {
        Incident incident = incidents.find(caller, id);
        boolean placed = access.purpose(caller, Unit.KIND, Optional.empty()).isPresent();
        List<String> wanted = city.incidentType(incident.type())
                .map(City.IncidentType::unitKinds)
                .orElse(List.of());
        Instant now = clock.instant();
        return new Found(
                incident,
                units.list(caller, "", "", MOST_UNITS).stream()
                        .filter(unit -> !unit.incident().equals(Optional.of(id)))
                        .map(unit -> candidate(caller, unit, wanted, placed, now))
                        .toList());
    }

    private Candidate candidate(Caller caller, Unit unit, List<String> wanted, boolean placed, Instant now) {
        List<Reason> reasons = new ArrayList<>();
        int rank = wanted.indexOf(unit.kind());
        if (!wanted.isEmpty()) {
            reasons.add(rank < 0 ? Reason.of("kind-unasked") : Reason.of("kind-wanted", "rank", rank + 1));
        }
        boolean free = unit.incident().isEmpty() && unit.status().state() == UnitState.AVAILABLE;
        if (unit.incident().isPresent()) {
            reasons.add(Reason.of(
                    "busy", "incident", Ids.urn(Incident.KIND, unit.incident().get())));
        } else if (!free) {
            reasons.add(Reason.of("not-available", "state", unit.status().state()));
        }
        boolean may = access.decide(caller, Action.CHANGE, Unit.KIND, unit.organisation());
        if (!may) {
            reasons.add(Reason.of("may-not-send"));
        }
        if (!unit.organisation().equals(caller.organisation())) {
            reasons.add(Reason.of(
                    "other-organisation", "organisation", unit.organisation().value()));
        }
        if (unit.position().isEmpty()) {
            reasons.add(Reason.of("place-unknown"));
        } else if (!placed) {
            reasons.add(Reason.of("place-withheld"));
        } else if (unit.position().get().at().isBefore(now.minus(OLD))) {
            reasons.add(Reason.of(
                    "place-old",
                    "seconds",
                    Duration.between(unit.position().get().at(), now).toSeconds()));
        }
        return new Candidate(
                unit,
                placed ? unit.position().map(Unit.Fix::place) : Optional.empty(),
                free && may && (rank >= 0 || wanted.isEmpty()),
                free,
                reasons);
    }

    /** @param limit 1..{@value #MOST} */
    List<Proposal> rank(Found found, int limit) {
        Epsg4326Point there = found.incident.place();
        Comparator<Candidate> useful =
                Comparator.comparing((Candidate one) -> !one.suits).thenComparing(one -> !one.free);
        List<Candidate> nearest = found.candidates.stream()
                .sorted(useful.thenComparingDouble(one -> one.metresTo(there)))
                .limit(MOST)
                .toList();
        Map<UUID, Travel> travels = travels(nearest, there);
        return nearest.stream()
                .sorted(useful.thenComparingDouble(one -> seconds(travels, one))
                        .thenComparing(one -> one.unit.callSign()))
                .limit(limit)
                .map(one -> proposal(one, Optional.ofNullable(travels.get(one.unit.id()))))
                .toList();
    }

    private static double seconds(Map<UUID, Travel> travels, Candidate one) {
        Travel travel = travels.get(one.unit.id());
        return travel == null ? Double.MAX_VALUE : travel.seconds();
    }

    private Map<UUID, Travel> travels(List<Candidate> nearest, Epsg4326Point there) {
        List<Candidate> placed =
                nearest.stream().filter(one -> one.place.isPresent()).toList();
        List<Epsg4326Point> places =
                placed.stream().flatMap(one -> one.place.stream()).toList();
        List<Travel> timed = streets.travels(places, there);
        Map<UUID, Travel> travels = new HashMap<>();
        for (int i = 0; i < places.size(); i++) {
            travels.put(placed.get(i).unit.id(), timed.get(i));
        }
        return travels;
    }

    private static Proposal proposal(Candidate one, Optional<Travel> travel) {
        List<Reason> reasons = new ArrayList<>(one.reasons);
        travel.ifPresent(found -> reasons.add(Reason.of(found.estimated() ? "estimated" : "by-road")));
        return new Proposal(
                one.unit.urn(),
                one.unit.callSign(),
                one.unit.kind(),
                one.unit.organisation().value(),
                StatusView.of(one.unit.status()),
                travel.map(found -> Math.round(found.seconds())).orElse(null),
                travel.map(found -> Math.round(found.metres())).orElse(null),
                travel.map(Travel::estimated).orElse(false),
                one.suits,
                reasons);
    }
}
