package org.conurb.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Text with columns in braces. What a cell adds to a longer text is percent-encoded, as the text is to be a URI. */
final class ImportTemplate {
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)\\}");
    private static final int LONGEST = 1_000;

    private final List<String> texts = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final boolean encoded;

    /** @param encoded whether cells are percent-encoded where they are not all of it */
    ImportTemplate(String place, String template, Set<String> known, boolean encoded) {
        if (template.length() > LONGEST) {
            throw ImportMapping.refused(
                    "%s is longer than %d characters.".formatted(place, LONGEST), "Make it shorter.");
        }
        Matcher column = COLUMN.matcher(template);
        int end = 0;
        while (column.find()) {
            texts.add(template.substring(end, column.start()));
            columns.add(ImportReader.known(place, column.group(1), known));
            end = column.end();
        }
        texts.add(template.substring(end));
        if (columns.isEmpty()) {
            throw ImportMapping.refused(
                    "%s names no column.".formatted(place), "Put a column in braces, as urn:ngsi-ld:Tree:{number}.");
        }
        this.encoded = encoded && template.strip().length() > columns.getFirst().length() + 2;
    }

    /** The first of its columns that is empty in the row; null where none is. */
    @Nullable
    String missing(Map<String, JsonNode> cells) {
        for (String column : columns) {
            JsonNode cell = cells.get(column);
            if (cell == null || cell.isContainer()) {
                return column;
            }
        }
        return null;
    }

    /** Where nothing is missing. */
    String fill(Map<String, JsonNode> cells) {
        StringBuilder filled = new StringBuilder(texts.getFirst());
        for (int i = 0; i < columns.size(); i++) {
            String cell = cells.getOrDefault(columns.get(i), Documents.none()).asString();
            filled.append(encoded ? encode(cell) : cell).append(texts.get(i + 1));
        }
        return filled.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    String firstColumn() {
        return columns.getFirst();
    }
}
