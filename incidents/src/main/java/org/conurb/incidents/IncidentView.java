package org.conurb.incidents;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.City.UnitState;
import org.jspecify.annotations.Nullable;

/** An incident as {@code /api/incidents} shows it. */
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

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID grant) {

    record AssignedUnit(
            String id,
            String callSign,
            String kind,
            @Nullable Instant assignedAt,
            StatusView status) {}

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
            Map<UUID, Instant> assignedAt,
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
                        .map(unit -> new AssignedUnit(
                                unit.urn(),
                                unit.callSign(),
                                unit.kind(),
                                assignedAt.get(unit.id()),
                                StatusView.of(unit.status())))
                        .toList(),
                grant.orElse(null));
    }
}
