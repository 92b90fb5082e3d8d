package org.conurb.hub;

import java.util.List;
import java.util.Map;
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
     * @param coming entities that come along with these, by id
     * @param next where there may be more
     * @param previous where there may be some before these
     * @param count of all that match, where asked for
     */
    record Page(
            List<Found> entities,
            Map<String, Join.Coming> coming,
            Optional<Cursor> next,
            Optional<Cursor> previous,
            OptionalLong count) {
        /** One that was asked for by its id. */
        static Page of(Found one, Map<String, Join.Coming> coming) {
            return new Page(List.of(one), coming, Optional.empty(), Optional.empty(), OptionalLong.empty());
        }

        static Page of(List<Found> entities, Optional<Cursor> next, Optional<Cursor> previous, OptionalLong count) {
            return new Page(entities, Map.of(), next, previous, count);
        }

        Page with(Map<String, Join.Coming> more) {
            return new Page(entities, more, next, previous, count);
        }
    }
}
