package org.conurb.hub;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entity found for a caller.
 *
 * @param hidden attributes that the caller is not shown
 */
record Found(Stored stored, ObjectNode document, Set<String> hidden) {
    /**
     * @param next number to go on behind, where there may be more
     * @param count of all that match, where asked for
     */
    record Page(List<Found> entities, Optional<Long> next, OptionalLong count) {}
}
