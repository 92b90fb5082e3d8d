package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.conurb.kernel.OrganisationId;

/**
 * An entity in time (GS CIM 009 clause 4.5.6): it may live, have lived, or have a history only.
 *
 * @param types those it has or had last, with those that clients added to its history; sorted
 * @param living whether there is such an entity now
 */
record Evolution(
        long iid,
        String id,
        List<String> types,
        OrganisationId owner,
        boolean living,
        Instant createdAt,
        Instant modifiedAt) {

    /** All that {@link #of} reads, of a row {@code e} of entities. */
    static final String COLUMNS = """
            e.iid, e.id, e.organisation_id, e.deleted_at is null as living, e.created_at, e.at as touched_at, array(
              select t.kind from hub.entity_type t where t.iid = e.iid union
              select t.kind from hub.past_type t where t.iid = e.iid order by 1) as types\
            """;

    static Evolution of(ResultSet row) throws SQLException {
        return new Evolution(
                row.getLong("iid"),
                row.getString("id"),
                List.of((String[]) row.getArray("types").getArray()),
                new OrganisationId(row.getString("organisation_id")),
                row.getBoolean("living"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("touched_at", OffsetDateTime.class).toInstant());
    }
}
