package org.conurb.hub;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes entities of rows, by a mapping that was found right for the file's columns. */
final class ImportReader {
    private final ImportMapping mapping;
    private final JsonNode type;
    private final @Nullable ImportTemplate id;
    private final List<ImportAttribute> attributes;

    /** @throws org.conurb.kernel.BadRequest where the mapping contradicts itself or does not fit the columns */
    ImportReader(ImportMapping mapping, Set<String> columns, boolean decimalComma) {
        this.mapping = mapping;
        try {
            this.type = EntityReader.types(
                    LdContext.CORE, "The mapping", mapping.type() == null ? null : Documents.text(mapping.type()));
        } catch (NgsiLdFault fault) {
            throw ImportMapping.refused(fault.detail(), fault.remedy());
        }
        if (mapping.existing() != null && !Set.of("update", "replace").contains(mapping.existing())) {
            throw ImportMapping.refused("There is no such way with what is there.", "Use update or replace.");
        }
        this.id = mapping.id() == null ? null : new ImportTemplate("The id", mapping.id(), columns, true);
        this.attributes = ImportAttribute.all(mapping, columns, decimalComma);
    }

    static String known(String place, String column, Set<String> columns) {
        if (!columns.contains(column)) {
            throw ImportMapping.refused(
                    "%s names column %s, which the file has not."
                            .formatted(place, column.length() > 60 ? column.substring(0, 60) + "…" : column),
                    "Name one of its columns, upper and lower case as they are.");
        }
        return column;
    }

    /** The type, as kept. */
    String kind() {
        return type.stringValue();
    }

    /** Whose new entities are. */
    OrganisationId owner(OrganisationId caller) {
        return mapping.owner() == null ? caller : new OrganisationId(mapping.owner());
    }

    /** Whether an entity that is there keeps attributes that the row has not. */
    boolean updates() {
        return !"replace".equals(mapping.existing());
    }

    /**
     * The entity in its kept form.
     *
     * @param faults told of all that is wrong; then the entity is null
     */
    @Nullable
    ObjectNode read(ImportRow row, List<ImportRow.Fault> faults) {
        if (row.fault() != null) {
            faults.add(new ImportRow.Fault(null, row.fault()));
            return null;
        }
        ObjectNode document = Json.mapper().createObjectNode();
        String missing = id == null ? null : id.missing(row.cells());
        try {
            if (missing != null) {
                faults.add(new ImportRow.Fault(missing, "It is empty, and the id needs it."));
            } else {
                JsonNode told = Documents.text(id == null ? byContent(row) : id.fill(row.cells()));
                document.put("id", EntityReader.id("The row", told));
            }
        } catch (ConurbException refused) {
            faults.add(new ImportRow.Fault(id == null ? null : id.firstColumn(), refused.detail()));
        }
        document.set("type", type);
        attributes.forEach(attribute -> attribute.put(row, document, faults));
        return faults.isEmpty() ? document : null;
    }

    /** The same row, the same id: sent again, it is found again. */
    private String byContent(ImportRow row) {
        byte[] hash = ImportFiles.sha256().digest(Json.canonical().writeValueAsBytes(new LinkedHashMap<>(row.cells())));
        String kind = kind();
        String last = kind.substring(Math.max(kind.lastIndexOf('/'), kind.lastIndexOf('#')) + 1);
        return "urn:ngsi-ld:%s:%s"
                .formatted(ImportTemplate.encode(last), HexFormat.of().formatHex(hash, 0, 16));
    }
}
