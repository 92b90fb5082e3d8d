package org.conurb.hub;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One row of a table, or one feature.
 *
 * @param number counts data from 1; the header of a table does not count
 * @param line of the file where it begins, from 1
 * @param cells what is there, by column; empty cells are not
 * @param fault why it is no row of this table; null for a good one
 */
record ImportRow(
        long number,
        long line,
        Map<String, JsonNode> cells,
        @Nullable String fault) {
    /**
     * What is wrong with a row.
     *
     * @param column null where it is none of a single one
     */
    record Fault(@Nullable String column, String reason) {}
}
