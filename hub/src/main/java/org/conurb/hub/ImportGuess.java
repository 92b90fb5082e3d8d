package org.conurb.hub;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Proposes a mapping by what columns are called and what their first cells hold; a person looks at it and mends it. */
final class ImportGuess {
    private static final Set<String> LATITUDES = Set.of("lat", "latitude", "y", "ycoord", "breite", "latitud");
    private static final Set<String> LONGITUDES =
            Set.of("lon", "lng", "long", "longitude", "x", "xcoord", "laenge", "longitud");
    private static final Pattern ID = Pattern.compile(
            ".*(^|[_\\s-])(id|guid|uuid|key|nr|no|number|code)|objectid|gml_id|.*[a-z]I[dD]", Pattern.CASE_INSENSITIVE);
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,14})([.,]\\d{1,20})?");
    private static final Pattern WKT = Pattern.compile(
            "(SRID=\\d+;)?\\s*(MULTI)?(POINT|LINESTRING|POLYGON)\\s*[ZM]*\\s*\\(.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Set<String> TRUTHS = Set.of("true", "false", "yes", "no");

    /** The first that reads every cell is taken; where day and month cannot be told apart, the day comes first. */
    private static final List<String> PATTERNS = List.of(
            "dd.MM.yyyy HH:mm:ss",
            "dd.MM.yyyy HH:mm",
            "dd/MM/yyyy HH:mm:ss",
            "dd/MM/yyyy HH:mm",
            "MM/dd/yyyy hh:mm:ss a",
            "MM/dd/yyyy hh:mm a",
            "MM/dd/yyyy HH:mm:ss",
            "MM/dd/yyyy HH:mm",
            "yyyy/MM/dd HH:mm:ss",
            "yyyy/MM/dd HH:mm");

    private static final List<String> DAYS = List.of("dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd");

    private final List<ImportRow> rows;
    private final ZoneId zone;

    /** @param rows the first of the file */
    ImportGuess(List<ImportRow> rows, ZoneId zone) {
        this.rows = rows;
        this.zone = zone;
    }

    ImportMapping of(String file, Set<String> columns) {
        String type = type(file);
        String id = id(columns);
        String latitude = degrees(columns, LATITUDES, 90);
        String longitude = degrees(columns, LONGITUDES, 180);
        boolean place = latitude != null && longitude != null;
        List<ImportMapping.Target> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (place) {
            names.add("location");
            targets.add(target("location", "GeoProperty", null, latitude, longitude, null, null));
        }
        for (String column : columns) {
            if (!(place && (column.equals(latitude) || column.equals(longitude)))
                    && !column.equals(ImportFeatures.ID)
                    && !values(column).isEmpty()) {
                targets.add(target(column, names));
            }
        }
        return new ImportMapping(
                type,
                id == null ? null : "urn:ngsi-ld:%s:{%s}".formatted(type, id),
                null,
                null,
                null,
                null,
                zone.getId(),
                null,
                targets);
    }

    private List<JsonNode> values(String column) {
        List<JsonNode> values = new ArrayList<>();
        for (ImportRow row : rows) {
            JsonNode cell = row.cells().get(column);
            if (cell != null) {
                values.add(cell);
            }
        }
        return values;
    }

    private static ImportMapping.Target target(
            String name,
            @Nullable String kind,
            @Nullable String column,
            @Nullable String latitude,
            @Nullable String longitude,
            @Nullable String datatype,
            @Nullable String pattern) {
        return new ImportMapping.Target(
                name, kind, column, null, latitude, longitude, datatype, null, null, null, null, pattern, null);
    }

    private ImportMapping.Target target(String column, Set<String> names) {
        List<JsonNode> values = values(column);
        if (values.stream().allMatch(ImportGuess::isGeometry)) {
            String name = names.add("location") ? "location" : free(name(column), names);
            return target(name, "GeoProperty", column, null, null, null, null);
        }
        String name = free(name(column), names);
        if (values.stream().anyMatch(JsonNode::isContainer)) {
            boolean objects = values.stream().allMatch(JsonNode::isObject);
            return target(name, objects ? "JsonProperty" : null, column, null, null, objects ? null : "json", null);
        }
        if (all(values, JsonNode::isNumber, PLAIN_NUMBER.asMatchPredicate())) {
            return target(name, null, column, null, null, "number", null);
        }
        if (all(values, JsonNode::isBoolean, text -> TRUTHS.contains(text.toLowerCase(Locale.ROOT)))) {
            return target(name, null, column, null, null, "boolean", null);
        }
        if (reads(values, ImportValues.Type.DATE, null)) {
            return target(name, null, column, null, null, "date", null);
        }
        if (reads(values, ImportValues.Type.DATE_TIME, null)) {
            return target(name, null, column, null, null, "dateTime", null);
        }
        for (String pattern : PATTERNS) {
            if (reads(values, ImportValues.Type.DATE_TIME, pattern)) {
                return target(name, null, column, null, null, "dateTime", pattern);
            }
        }
        for (String pattern : DAYS) {
            if (reads(values, ImportValues.Type.DATE, pattern)) {
                return target(name, null, column, null, null, "date", pattern);
            }
        }
        return target(name, null, column, null, null, null, null);
    }

    private static boolean all(List<JsonNode> values, Predicate<JsonNode> own, Predicate<String> text) {
        return values.stream().allMatch(value -> own.test(value) || value.isString() && text.test(value.stringValue()));
    }

    private boolean reads(List<JsonNode> values, ImportValues.Type type, @Nullable String pattern) {
        ImportValues reader = new ImportValues(type, false, ImportValues.pattern("The guess", pattern), zone);
        return values.stream().allMatch(value -> {
            try {
                return value.isString() && !reader.read(value).isEmpty();
            } catch (ImportValues.NotThat not) {
                return false;
            }
        });
    }

    private static boolean isGeometry(JsonNode value) {
        if (!value.isString()) {
            return AttributeReader.isGeometry(value);
        }
        String text = value.stringValue();
        if (!text.startsWith("{")) {
            return WKT.matcher(text).matches();
        }
        try {
            return AttributeReader.isGeometry(Json.mapper().readTree(text));
        } catch (JacksonException e) {
            return false;
        }
    }

    /** The id of features; else the first column that is called like an id and has another value in each row. */
    private @Nullable String id(Set<String> columns) {
        if (isUnique(ImportFeatures.ID)) {
            return ImportFeatures.ID;
        }
        for (String column : columns) {
            if (ID.matcher(column).matches() && isUnique(column)) {
                return column;
            }
        }
        return null;
    }

    private boolean isUnique(String column) {
        List<JsonNode> values = values(column);
        return !rows.isEmpty() && values.size() == rows.size() && new HashSet<>(values).size() == rows.size();
    }

    private @Nullable String degrees(Set<String> columns, Set<String> called, double most) {
        for (String column : columns) {
            List<JsonNode> values = values(column);
            if (called.contains(column.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                    && !values.isEmpty()
                    && values.stream().allMatch(value -> Math.abs(number(value)) <= most)) {
                return column;
            }
        }
        return null;
    }

    private static double number(JsonNode value) {
        String text = value.isContainer() ? "" : value.asString().replace(',', '.');
        return PLAIN_NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.POSITIVE_INFINITY;
    }

    /** {@code street_lights 2026.csv}: StreetLights2026. */
    private static String type(String file) {
        StringBuilder type = new StringBuilder();
        for (String word : words(file.replaceFirst("\\.[A-Za-z0-9]{1,8}$", ""))) {
            type.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return !type.isEmpty() && Character.isLetter(type.charAt(0)) && type.length() <= 100
                ? type.toString()
                : "Imported";
    }

    /** {@code CASE_STATUS}: caseStatus. */
    private static String name(String column) {
        StringBuilder name = new StringBuilder();
        for (String word : words(column)) {
            name.append(
                    name.isEmpty()
                            ? word.substring(0, 1).toLowerCase(Locale.ROOT) + word.substring(1)
                            : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return !name.isEmpty() && Character.isLetter(name.charAt(0)) ? name.toString() : "column" + name;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                boolean loud = word.equals(word.toUpperCase(Locale.ROOT));
                words.add(loud ? word.toLowerCase(Locale.ROOT) : word);
            }
        }
        return words;
    }

    /** The name, or one like it that is neither taken nor means something else to NGSI-LD. */
    private static String free(String name, Set<String> names) {
        String free = name;
        for (int n = 2; AttributeKind.isReserved(free) || names.contains(free) || free.equals("location"); n++) {
            free = name + n;
        }
        names.add(free);
        return free;
    }
}
