package org.conurb.hub;

import java.time.Instant;
import java.util.Optional;
import org.conurb.kernel.OrganisationId;

/**
 * One committed change of an entity.
 *
 * @param seq its number: changes are numbered without gaps in an order in which they may have committed, and those of
 *     one entity in the order in which they did
 * @param type short name, or a full IRI outside the default vocabulary
 * @param entity as it was after the change; empty for a deletion
 */
public record EntityChange(
        long seq, Kind kind, String id, String type, OrganisationId owner, Instant at, Optional<Entity> entity) {
    /** What happened to it. */
    public enum Kind {
        CREATED,
        UPDATED,
        DELETED
    }
}
