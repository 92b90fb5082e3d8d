package org.conurb.hub;

import java.util.List;
import java.util.Optional;

/**
 * Which entities are meant (GS CIM 009 clause 5.2.33): all that is given must hold. An id, where given, makes the pattern
 * unimportant.
 *
 * @param ids any of which it has; empty for any
 */
record EntitySelector(List<String> ids, Optional<BoundedPattern> idPattern, TypeSelection types) {
    static final EntitySelector EVERY = new EntitySelector(List.of(), Optional.empty(), TypeSelection.EVERY);

    boolean meets(String id, List<String> itsTypes) {
        return types.selects(itsTypes) && meetsId(id);
    }

    boolean meetsId(String id) {
        return ids.isEmpty() ? idPattern.map(pattern -> pattern.finds(id)).orElse(true) : ids.contains(id);
    }
}
