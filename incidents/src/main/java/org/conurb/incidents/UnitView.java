package org.conurb.incidents;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Ids;
import org.jspecify.annotations.Nullable;

/**
 * A unit as {@code /api/units} shows it.
 *
 * @param odd only in the answer to a status report: what is odd about it, by {@link StatusFlow}'s codes
 */
record UnitView(
        String id,
        String callSign,
        String kind,
        String organisation,
        IncidentView.StatusView status,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Object> position,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant positionAt,

        @Nullable String incident,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> odd) {

    /** @param withPosition whether a purpose allows it: a unit's position is its crew's */
    static UnitView of(Unit unit, boolean withPosition) {
        return new UnitView(
                unit.urn(),
                unit.callSign(),
                unit.kind(),
                unit.organisation().value(),
                IncidentView.StatusView.of(unit.status()),
                withPosition
                        ? unit.position().map(fix -> fix.place().toGeoJson()).orElse(null)
                        : null,
                withPosition ? unit.position().map(Unit.Fix::at).orElse(null) : null,
                unit.incident().map(id -> Ids.urn(Incident.KIND, id)).orElse(null),
                List.of());
    }

    /** With what is odd about the status just told. */
    UnitView odd(List<String> codes) {
        return new UnitView(id, callSign, kind, organisation, status, position, positionAt, incident, codes);
    }
}
