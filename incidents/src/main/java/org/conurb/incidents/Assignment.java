package org.conurb.incidents;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * That a unit was sent to an incident, and how far it came: each time is the first that was told.
 *
 * @param clearedAt when it was released, or said that it was free again
 */
record Assignment(
        UUID incident,
        UUID unit,
        String callSign,
        String kind,
        Instant assignedAt,
        Optional<Instant> enRouteAt,
        Optional<Instant> onSceneAt,
        Optional<Instant> clearedAt) {}
