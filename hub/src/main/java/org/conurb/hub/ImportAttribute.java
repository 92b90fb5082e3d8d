package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes one attribute of each row, as a {@link ImportMapping.Target} says. */
final class ImportAttribute {
    private static final AttributeReader READER = new AttributeReader(LdContext.CORE, Nulls.REFUSED);

    private final String name;
    private final String kept;
    private final AttributeKind kind;
    private final ImportMapping.Target target;
    private final ImportValues values;
    private final @Nullable ImportTemplate template;
    private final String language;

    ImportAttribute(ImportMapping mapping, ImportMapping.Target target, Set<String> columns, boolean decimalComma) {
        this.target = target;
        if (target.name() == null || target.name().isEmpty()) {
            throw ImportMapping.refused("An attribute has no name.", "Give each a name.");
        }
        this.name = target.name();
        try {
            this.kept = EntityReader.attributeName(LdContext.CORE, name);
        } catch (NgsiLdFault fault) {
            throw ImportMapping.refused(fault.detail(), fault.remedy());
        }
        this.kind = kind(name, target);
        int sources = (target.column() == null ? 0 : 1)
                + (target.template() == null ? 0 : 1)
                + (target.latitude() == null && target.longitude() == null ? 0 : 1);
        boolean place = target.latitude() != null || target.longitude() != null;
        if (sources != 1 || place && (target.latitude() == null || target.longitude() == null)) {
            throw ImportMapping.refused(
                    "%s has no source, or several.".formatted(name),
                    "Name column, or template, or latitude and longitude.");
        }
        if (place && kind != AttributeKind.GEO) {
            throw ImportMapping.refused(
                    "%s is made of a latitude and a longitude, and is a %s.".formatted(name, kind.type()),
                    "Make it a GeoProperty.");
        }
        known(target.column(), columns);
        known(target.latitude(), columns);
        known(target.longitude(), columns);
        known(target.observedAt(), columns);
        this.template = target.template() == null
                ? null
                : new ImportTemplate(name, target.template(), columns, kind == AttributeKind.RELATIONSHIP);
        this.values = new ImportValues(
                ImportValues.Type.of(name, target.datatype()),
                decimalComma,
                ImportValues.pattern(name, target.pattern() == null ? mapping.pattern() : target.pattern()),
                ImportValues.zone(name, target.zone() == null ? mapping.zone() : target.zone()));
        this.language = target.language() != null
                ? target.language()
                : mapping.language() == null ? "@none" : mapping.language();
        if (kind == AttributeKind.LANGUAGE && !AttributeValues.isLanguage(language)) {
            throw ImportMapping.refused("The language of %s is none.".formatted(name), "Use a tag, as fr or zh-Hans.");
        }
        demandFits();
    }

    private static AttributeKind kind(String name, ImportMapping.Target target) {
        boolean place = target.latitude() != null;
        if (target.kind() == null) {
            return place ? AttributeKind.GEO : AttributeKind.PROPERTY;
        }
        for (AttributeKind kind : AttributeKind.values()) {
            if (kind.type().equals(target.kind()) && kind != AttributeKind.LIST_RELATIONSHIP) {
                return kind;
            }
        }
        throw ImportMapping.refused(
                "%s is of a kind that there is not here.".formatted(name),
                "Use Property, GeoProperty, Relationship, LanguageProperty, VocabProperty, JsonProperty or ListProperty.");
    }

    private void known(@Nullable String column, Set<String> columns) {
        if (column != null) {
            ImportReader.known(name, column, columns);
        }
    }

    private void demandFits() {
        boolean plain = values.type() == ImportValues.Type.TEXT;
        boolean takes = kind == AttributeKind.PROPERTY || kind == AttributeKind.LIST || kind == AttributeKind.JSON;
        if (!plain && !takes) {
            throw ImportMapping.refused(
                    "A %s has no datatype.".formatted(kind.type()), "Leave it out of %s.".formatted(name));
        }
        if (target.unitCode() != null && (!kind.hasUnit() || target.unitCode().isBlank())) {
            throw ImportMapping.refused(
                    "A %s has no such unitCode.".formatted(kind.type()), "Leave it out of %s.".formatted(name));
        }
        if (target.separator() != null
                && (target.separator().isEmpty() || kind == AttributeKind.GEO || kind == AttributeKind.LANGUAGE)) {
            throw ImportMapping.refused(
                    "%s cannot be parted by that separator.".formatted(name),
                    "Use a character, of values that may be many.");
        }
    }

    String kept() {
        return kept;
    }

    /** Attributes of the same name are one: only texts in different languages may share it. */
    boolean joins(ImportAttribute other) {
        return kind == AttributeKind.LANGUAGE
                && other.kind == AttributeKind.LANGUAGE
                && !language.equals(other.language);
    }

    /** Puts it into the document where the row has it. */
    void put(ImportRow row, ObjectNode document, List<ImportRow.Fault> faults) {
        String column = column(row);
        try {
            JsonNode value = value(row);
            if (value == null) {
                return;
            }
            ObjectNode attribute = Json.mapper().createObjectNode().put("type", kind.type());
            attribute.set(kind.member(), value);
            if (target.unitCode() != null) {
                attribute.put("unitCode", target.unitCode());
            }
            JsonNode observed = target.observedAt() == null ? null : row.cells().get(target.observedAt());
            if (observed != null) {
                column = target.observedAt();
                attribute.put("observedAt", values.moment(observed.asString()).toString());
            }
            JsonNode read = READER.read(name, kept, attribute);
            if (document.get(kept) instanceof ObjectNode before && kind == AttributeKind.LANGUAGE) {
                ((ObjectNode) before.get(kind.member())).setAll((ObjectNode) read.get(kind.member()));
            } else {
                document.set(kept, read);
            }
        } catch (ImportValues.NotThat not) {
            faults.add(new ImportRow.Fault(column, "This is not %s.".formatted(not.what())));
        } catch (ConurbException refused) {
            faults.add(new ImportRow.Fault(column, refused.detail()));
        }
    }

    /** Where a fault lies. */
    private String column(ImportRow row) {
        if (target.column() != null) {
            return target.column();
        }
        if (template != null) {
            return template.firstColumn();
        }
        boolean latitude = row.cells().containsKey(target.latitude());
        return String.valueOf(latitude ? target.longitude() : target.latitude());
    }

    private @Nullable JsonNode value(ImportRow row) throws ImportValues.NotThat {
        if (target.latitude() != null) {
            return point(row.cells().get(target.latitude()), row.cells().get(String.valueOf(target.longitude())));
        }
        JsonNode cell = row.cells().get(String.valueOf(target.column()));
        if (template != null) {
            cell = template.missing(row.cells()) == null ? Documents.text(template.fill(row.cells())) : null;
        }
        if (cell == null) {
            return null;
        }
        return switch (kind) {
            case GEO -> geometry(cell);
            case LANGUAGE -> Json.mapper().createObjectNode().set(language, values.read(cell));
            case LIST -> cell.isArray() ? cell : parts(cell, target.separator() == null ? "," : target.separator());
            case JSON ->
                cell.isContainer()
                        ? cell
                        : new ImportValues(ImportValues.Type.JSON, false, null, values.zone()).read(cell);
            default -> target.separator() == null ? values.read(cell) : parts(cell, target.separator());
        };
    }

    private ArrayNode parts(JsonNode cell, String separator) throws ImportValues.NotThat {
        ArrayNode all = Json.mapper().createArrayNode();
        for (String part : cell.asString().split(java.util.regex.Pattern.quote(separator), -1)) {
            if (!part.isBlank()) {
                all.add(values.read(Documents.text(part.strip())));
            }
        }
        return all;
    }

    private @Nullable JsonNode point(@Nullable JsonNode latitude, @Nullable JsonNode longitude)
            throws ImportValues.NotThat {
        if (latitude == null && longitude == null) {
            return null;
        }
        if (latitude == null || longitude == null) {
            throw new ImportValues.NotThat("a place: one of latitude and longitude is empty");
        }
        ObjectNode point = Json.mapper().createObjectNode().put("type", "Point");
        point.putArray("coordinates").add(values.degrees(longitude)).add(values.degrees(latitude));
        return point;
    }

    private static JsonNode geometry(JsonNode cell) throws ImportValues.NotThat {
        if (cell.isObject()) {
            return cell;
        }
        String text = cell.asString();
        try {
            JsonNode read = text.startsWith("{") ? Json.mapper().readTree(text) : Wkt.read(text);
            if (read != null) {
                return read;
            }
        } catch (JacksonException e) {
            // Told below, as of any other text.
        }
        throw new ImportValues.NotThat("a geometry in WKT or GeoJSON");
    }

    static List<ImportAttribute> all(ImportMapping mapping, Set<String> columns, boolean decimalComma) {
        List<ImportMapping.Target> targets = mapping.attributes() == null ? List.of() : mapping.attributes();
        if (targets.isEmpty() || targets.size() > ImportRows.MOST_COLUMNS) {
            throw ImportMapping.refused(
                    "The mapping has %d attributes.".formatted(targets.size()),
                    "Name 1 to %d.".formatted(ImportRows.MOST_COLUMNS));
        }
        List<ImportAttribute> all = new ArrayList<>();
        for (ImportMapping.Target target : targets) {
            if (target == null) {
                throw ImportMapping.refused("An attribute is null.", "Take it out.");
            }
            ImportAttribute one = new ImportAttribute(mapping, target, columns, decimalComma);
            for (ImportAttribute before : all) {
                if (before.kept.equals(one.kept) && !before.joins(one)) {
                    throw ImportMapping.refused(
                            "Two attributes are named %s.".formatted(one.name),
                            "Give each a name of its own; only texts of different languages share one.");
                }
            }
            all.add(one);
        }
        return List.copyOf(all);
    }
}
