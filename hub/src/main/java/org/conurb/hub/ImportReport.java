package org.conurb.hub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Faults of a run as a table, in which no cell is a formula to any spreadsheet. */
final class ImportReport {
    private static final String FORMULAS = "=+-@\t\r";

    private ImportReport() {}

    static String csv(List<ImportTraces.Fault> faults) {
        StringBuilder csv = new StringBuilder("row,line,column,entity,reason\r\n");
        for (ImportTraces.Fault fault : faults) {
            csv.append(fault.row() == null ? "" : fault.row())
                    .append(',')
                    .append(fault.line() == null ? "" : fault.line())
                    .append(',')
                    .append(cell(fault.column()))
                    .append(',')
                    .append(cell(fault.entity()))
                    .append(',')
                    .append(cell(fault.reason()))
                    .append("\r\n");
        }
        return csv.toString();
    }

    private static String cell(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        String safe = FORMULAS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
