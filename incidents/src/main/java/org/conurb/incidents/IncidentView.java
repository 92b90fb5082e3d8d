package org.conurb.incidents;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.City.UnitState;
import org.jspecify.annotations.Nullable;

/**
 * An incident as {@code /api/incidents} shows it.
 *
 * @param sent only where one incident is read: every unit that was ever sent
 * @param duplicates only in the answer to a new incident: open ones that it may be one with
 */
record IncidentView(
        String id,
        String number,
        String type,
        int priority,
        String state,
        Map<String, Object> place,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String description,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> caller,

        String organisation,
        Instant openedAt,
        Instant modifiedAt,
        @Nullable Instant closedAt,
        int version,
        List<AssignedUnit> units,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID grant,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SentUnit> sent,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Duplicate> duplicates) {

    record AssignedUnit(
            String id,
            String callSign,
            String kind,
            @Nullable Instant assignedAt,
            @Nullable Instant enRouteAt,
            @Nullable Instant onSceneAt,
            StatusView status) {}

    /** A unit that was sent, with its times; cleared or not. */
    record SentUnit(
            String id,
            String callSign,
            String kind,
            Instant assignedAt,
            @Nullable Instant enRouteAt,
            @Nullable Instant onSceneAt,
            @Nullable Instant clearedAt) {
        static SentUnit of(Assignment one) {
            return new SentUnit(
                    org.conurb.kernel.Ids.urn(Unit.KIND, one.unit()),
                    one.callSign(),
                    one.kind(),
                    one.assignedAt(),
                    one.enRouteAt().orElse(null),
                    one.onSceneAt().orElse(null),
                    one.clearedAt().orElse(null));
        }
    }

    record StatusView(String code, UnitState state, Instant since, String source) {
        static StatusView of(Unit.Status status) {
            return new StatusView(status.code(), status.state(), status.since(), status.source());
        }
    }

    /**
     * @param grant under which what concerns persons is shown; without one it is left out
     * @param withCaller false in lists, where only the free text is shown
     */
    static IncidentView of(
            Incident incident,
            List<Unit> units,
            Map<UUID, Assignment> assignments,
            Optional<UUID> grant,
            boolean withCaller) {
        Map<String, String> caller = new java.util.TreeMap<>();
        incident.reporter().name().ifPresent(name -> caller.put("name", name));
        incident.reporter().phone().ifPresent(phone -> caller.put("phone", phone));
        return new IncidentView(
                incident.urn(),
                incident.label(),
                incident.type(),
                incident.priority(),
                incident.state(),
                incident.place().toGeoJson(),
                grant.isPresent() ? incident.description() : null,
                grant.isPresent() && withCaller && !caller.isEmpty() ? caller : null,
                incident.organisation().value(),
                incident.openedAt(),
                incident.modifiedAt(),
                incident.closedAt().orElse(null),
                incident.version(),
                units.stream()
                        .map(unit -> assigned(unit, Optional.ofNullable(assignments.get(unit.id()))))
                        .toList(),
                grant.orElse(null),
                null,
                null);
    }

    private static AssignedUnit assigned(Unit unit, Optional<Assignment> sent) {
        return new AssignedUnit(
                unit.urn(),
                unit.callSign(),
                unit.kind(),
                sent.map(Assignment::assignedAt).orElse(null),
                sent.flatMap(Assignment::enRouteAt).orElse(null),
                sent.flatMap(Assignment::onSceneAt).orElse(null),
                StatusView.of(unit.status()));
    }

    /** With every unit that was ever sent. */
    IncidentView sent(List<Assignment> units) {
        return with(units.stream().map(SentUnit::of).toList(), duplicates);
    }

    /** With open incidents that it may be one with. */
    IncidentView duplicates(List<Duplicate> near) {
        return with(sent, near);
    }

    private IncidentView with(@Nullable List<SentUnit> units, @Nullable List<Duplicate> near) {
        return new IncidentView(
                id,
                number,
                type,
                priority,
                state,
                place,
                description,
                caller,
                organisation,
                openedAt,
                modifiedAt,
                closedAt,
                version,
                this.units,
                grant,
                units,
                near);
    }
}
