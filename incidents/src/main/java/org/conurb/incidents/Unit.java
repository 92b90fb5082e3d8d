package org.conurb.incidents;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.City.UnitState;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * A crew with its vehicle.
 *
 * @param callSign 1..40 characters, unique in its organisation
 * @param position last one known; concerns persons
 * @param incident the one it answers now
 */
record Unit(
        UUID id,
        OrganisationId organisation,
        String callSign,
        String kind,
        Status status,
        Optional<Fix> position,
        Optional<UUID> incident,
        int version) {
    static final String KIND = "Unit";

    /**
     * @param code of the city folder
     * @param source who said so: {@code console api system}
     */
    record Status(String code, UnitState state, Instant since, String source) {}

    record Fix(Epsg4326Point place, Instant at) {}

    String urn() {
        return Ids.urn(KIND, id);
    }
}
