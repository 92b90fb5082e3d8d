package org.conurb.hub;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A numbered change as it is kept.
 *
 * @param tenant empty for the default one
 * @param names attributes that changed
 * @param text the entity's document afterwards; null for a deletion
 * @param before attributes that changed, as they were, as JSON; of a deletion the whole document; null where nothing was
 * @param createdAt when the entity was created; null for changes of before this was kept
 */
record ChangeRow(
        long seq,
        String tenant,
        EntityChange.Kind kind,
        String id,
        List<String> types,
        OrganisationId owner,
        Instant at,
        List<String> names,
        @Nullable String text,
        @Nullable String before,
        @Nullable Instant createdAt) {

    /** The kind of a change that is no entity's but of a registered context source; no type can be called so. */
    static final String REGISTRATION = "~registration";

    /** All columns that {@link #of} reads. */
    static final String COLUMNS =
            "seq, tenant, what, entity_id, kinds, organisation_id, at, names, document, before, created_at";

    static ChangeRow of(ResultSet row, int n) throws SQLException {
        return new ChangeRow(
                row.getLong("seq"),
                row.getString("tenant"),
                switch (row.getString("what")) {
                    case "C" -> EntityChange.Kind.CREATED;
                    case "U" -> EntityChange.Kind.UPDATED;
                    default -> EntityChange.Kind.DELETED;
                },
                row.getString("entity_id"),
                list(row.getArray("kinds")),
                new OrganisationId(row.getString("organisation_id")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                list(row.getArray("names")),
                row.getString("document"),
                row.getString("before"),
                createdAt(row.getObject("created_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant createdAt(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static List<String> list(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    Optional<ObjectNode> document() {
        return Optional.ofNullable(text).map(json -> (ObjectNode) Json.mapper().readTree(json));
    }

    boolean ofRegistration() {
        return types.contains(REGISTRATION);
    }

    /** Whether it is of an entity of the default tenant, which rooms and events are about. */
    boolean isShown() {
        return tenant.isEmpty() && !ofRegistration();
    }

    /** What was there before; an empty object where nothing was. */
    ObjectNode was() {
        return before == null
                ? Json.mapper().createObjectNode()
                : (ObjectNode) Json.mapper().readTree(before);
    }

    EntityChange toChange() {
        return new EntityChange(
                seq, kind, id, types.getFirst(), owner, at, document().map(found -> Documents.entity(found, owner)));
    }
}
