package org.conurb.incidents;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Epsg4326Point;

/** Open incidents that are near a call in place, time and type: many people tell of one fire. Advice; a person decides. */
final class Duplicates {
    private static final int LOOKED_AT = 40; // the newest open ones around
    private static final int MOST = 10;
    private static final int LESS = 3; // for another type, place and time must be so many times nearer

    private final Incidents incidents;
    private final Units units;
    private final City city;
    private final IncidentsSettings settings;
    private final Clock clock;

    Duplicates(Incidents incidents, Units units, City city, IncidentsSettings settings, Clock clock) {
        this.incidents = incidents;
        this.units = units;
        this.city = city;
        this.settings = settings;
        this.clock = clock;
    }

    private enum Alike {
        SAME_TYPE,
        LIKE_TYPE,
        OTHER_TYPE
    }

    private record Near(Incident incident, Alike alike, double metres, Duration ago) {}

    List<Duplicate> of(Caller caller, Incident incident) {
        return of(caller, incident.place(), Optional.of(incident.type()), Optional.of(incident.id()));
    }

    /** Nearest first. */
    List<Duplicate> of(Caller caller, Epsg4326Point place, Optional<String> type, Optional<UUID> itself) {
        Instant since = clock.instant().minus(settings.duplicatesWithin());
        List<Near> near = incidents.near(caller, place, settings.duplicatesMetres(), since, LOOKED_AT).stream()
                .filter(one -> !itself.equals(Optional.of(one.id())))
                .map(one -> near(one, place, type))
                .filter(this::within)
                .sorted(Comparator.comparing(Near::alike).thenComparingDouble(Near::metres))
                .limit(MOST)
                .toList();
        if (near.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<Unit>> answering = Units.byIncident(
                units.assignedTo(near.stream().map(one -> one.incident.id()).toList()));
        return near.stream()
                .map(one -> duplicate(
                        one,
                        answering.getOrDefault(one.incident.id(), List.of()).size()))
                .toList();
    }

    private Near near(Incident other, Epsg4326Point place, Optional<String> type) {
        return new Near(
                other,
                // Without a type nothing speaks against it yet.
                type.map(code -> alike(code, other.type())).orElse(Alike.LIKE_TYPE),
                place.metresTo(other.place()),
                Duration.between(other.openedAt(), clock.instant()).abs());
    }

    private boolean within(Near one) {
        int less = one.alike == Alike.OTHER_TYPE ? LESS : 1;
        return one.metres * less <= settings.duplicatesMetres()
                && one.ago.multipliedBy(less).compareTo(settings.duplicatesWithin()) <= 0;
    }

    /** Types are alike of one family ({@code fire.smoke}, {@code fire.building}), or where a unit of one kind goes first. */
    private Alike alike(String one, String other) {
        if (one.equals(other)) {
            return Alike.SAME_TYPE;
        }
        Set<String> first = new HashSet<>(kinds(one));
        first.retainAll(kinds(other));
        boolean family = one.split("\\.", 2)[0].equals(other.split("\\.", 2)[0]);
        return family || !first.isEmpty() ? Alike.LIKE_TYPE : Alike.OTHER_TYPE;
    }

    private List<String> kinds(String type) {
        return city.incidentType(type).map(City.IncidentType::unitKinds).orElse(List.of()).stream()
                .limit(1)
                .toList();
    }

    private static Duplicate duplicate(Near near, int units) {
        List<Reason> reasons = new ArrayList<>();
        reasons.add(Reason.of("near", "metres", Math.round(near.metres)));
        reasons.add(Reason.of("opened", "seconds", near.ago.toSeconds()));
        reasons.add(
                Reason.of(near.alike.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')));
        Incident one = near.incident;
        return new Duplicate(
                one.urn(),
                one.label(),
                one.type(),
                one.priority(),
                one.place().toGeoJson(),
                one.openedAt(),
                Math.round(near.metres),
                units,
                reasons);
    }
}
