package org.conurb.incidents;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;

/**
 * Something that happened and is answered.
 *
 * @param number what people say: {@code I-<number>}
 * @param type code of the city folder
 * @param priority 1 (most urgent)..4
 * @param description free text, 0..10,000 characters; concerns persons
 * @param version grows by one with each change; starts at 1
 */
record Incident(
        UUID id,
        OrganisationId organisation,
        long number,
        String type,
        int priority,
        boolean open,
        Epsg4326Point place,
        String description,
        Reporter reporter,
        Instant openedAt,
        Optional<Instant> closedAt,
        Instant modifiedAt,
        int version) {
    static final String KIND = "Incident";

    Incident numbered(long given) {
        return new Incident(
                id,
                organisation,
                given,
                type,
                priority,
                open,
                place,
                description,
                reporter,
                openedAt,
                closedAt,
                modifiedAt,
                version);
    }

    /** The entity's id, which is the id of the case too. */
    String urn() {
        return urn(id);
    }

    static String urn(UUID id) {
        return Ids.urn(KIND, id);
    }

    String label() {
        return "I-" + number;
    }

    String state() {
        return open ? "open" : "closed";
    }
}
