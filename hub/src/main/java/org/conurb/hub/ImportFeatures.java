package org.conurb.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/**
 * A GeoJSON FeatureCollection (RFC 7946), or a list of JSON objects. Columns are the properties of features, and {@link
 * #ID} and {@link #GEOMETRY}; of objects their members.
 */
final class ImportFeatures extends ImportRows {
    static final String ID = "@id";
    static final String GEOMETRY = "@geometry";

    private static final ObjectReader READER =
            Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ImportDialect.Format format;
    private final JsonParser parser;
    private final Set<String> columns = new LinkedHashSet<>();
    private boolean collection;
    private boolean features;
    private boolean begun;
    private boolean within;
    private long number;

    ImportFeatures(Path file, ImportDialect.Format format) throws IOException {
        super(file);
        this.format = format;
        this.parser = Json.mapper().createParser(in());
    }

    @Override
    @Nullable
    ImportRow next() {
        begin();
        try {
            if (!within && !begins()) {
                return null;
            }
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                within = false;
                if (format == ImportDialect.Format.JSON) {
                    demandEnd();
                } else {
                    members();
                }
                return null;
            }
            return row();
        } catch (JacksonException e) {
            throw failure(e);
        }
    }

    /** Goes to the first row; false where all was read. */
    private boolean begins() {
        if (begun) {
            return false;
        }
        begun = true;
        JsonToken first = parser.nextToken();
        if (format == ImportDialect.Format.JSON) {
            if (first != JsonToken.START_ARRAY) {
                throw refused("The file is no list of JSON objects.", "Send [{…},{…}].");
            }
            within = true;
        } else {
            if (first != JsonToken.START_OBJECT) {
                throw noCollection();
            }
            members();
        }
        return within;
    }

    /** Reads members of the collection up to its features, or up to its end. */
    private void members() {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("features") && value == JsonToken.START_ARRAY) {
                features = true;
                within = true;
                return;
            }
            collection |= name.equals("type") && "FeatureCollection".equals(parser.getValueAsString());
            parser.skipChildren();
        }
        if (!collection || !features) {
            throw noCollection();
        }
        demandEnd();
    }

    private void demandEnd() {
        if (parser.nextToken() != null) {
            throw refused("Something follows the end of the JSON.", "Send one document.");
        }
    }

    private static BadRequest noCollection() {
        return refused(
                "The file is no GeoJSON FeatureCollection.", "Send {\"type\":\"FeatureCollection\",\"features\":[…]}.");
    }

    private ImportRow row() {
        long line = parser.currentTokenLocation().getLineNr();
        JsonNode one = READER.readTree(parser);
        number++;
        boolean geo = format == ImportDialect.Format.GEOJSON;
        if (!one.isObject() || geo && !one.path("type").stringValue("").equals("Feature")) {
            return new ImportRow(number, line, Map.of(), geo ? "It is no Feature." : "It is no object.");
        }
        JsonNode properties = geo ? one.path("properties") : one;
        Map<String, JsonNode> cells = new LinkedHashMap<>();
        if (geo) {
            put(cells, ID, one.get("id"));
            put(cells, GEOMETRY, one.get("geometry"));
        }
        properties.properties().forEach(member -> put(cells, member.getKey(), member.getValue()));
        if (columns.size() > MOST_COLUMNS) {
            throw refused(
                    "The rows have more than %d different members.".formatted(MOST_COLUMNS),
                    "Take out those that are not needed.");
        }
        return new ImportRow(number, line, cells, null);
    }

    private void put(Map<String, JsonNode> cells, String column, @Nullable JsonNode value) {
        columns.add(column);
        if (value != null
                && !value.isNull()
                && !(value.isString() && value.stringValue().isBlank())) {
            cells.put(column, value);
        }
    }

    private BadRequest failure(JacksonException e) {
        long line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        boolean bound = e instanceof StreamConstraintsException || e.getCause() instanceof TooLong;
        String what = number == 0 ? "before the first row" : "after row %d".formatted(number);
        return bound
                ? refused(
                        "What comes %s, near line %d, is deeper or longer than is taken.".formatted(what, line),
                        "A row has at most 2 MB and %d levels.".formatted(Json.MAX_DEPTH))
                : refused(
                        "The file is no whole JSON: it breaks off or is wrong %s, near line %d.".formatted(what, line),
                        "Mend it, or save it again.");
    }

    @Override
    Set<String> columns() {
        return columns;
    }
}
