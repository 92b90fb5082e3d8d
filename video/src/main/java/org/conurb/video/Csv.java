package org.conurb.video;

import java.util.ArrayList;
import java.util.List;

/** Reads a table as RFC 4180 has it; the separator is the comma, or the semicolon where the first line has more of them. */
final class Csv {
    private static final int MOST_FIELDS = 64;

    private final String text;
    private final char separator;
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text;
        String first = text.lines().findFirst().orElse("");
        this.separator = first.chars().filter(c -> c == ';').count()
                        > first.chars().filter(c -> c == ',').count()
                ? ';'
                : ',';
    }

    /** @param number of the line in the file, from 1, where the row begins */
    record Line(int number, List<String> fields) {}

    /** Rows that are not blank, the header among them. */
    static List<Line> read(String text, int mostRows) {
        Csv csv = new Csv(text);
        List<Line> rows = new ArrayList<>();
        while (csv.at < text.length()) {
            Line row = csv.row();
            if (row.fields().size() > 1 || !row.fields().getFirst().isBlank()) {
                rows.add(row);
            }
            if (rows.size() > mostRows) {
                throw CameraImport.refused("It has more than %d rows.".formatted(mostRows - 1));
            }
        }
        return rows;
    }

    private Line row() {
        int begins = line;
        List<String> fields = new ArrayList<>();
        do {
            if (fields.size() == MOST_FIELDS) {
                throw CameraImport.refused("Line %d has more than %d fields.".formatted(begins, MOST_FIELDS));
            }
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted(begins) : plain());
        } while (more());
        return new Line(begins, List.copyOf(fields));
    }

    /** Whether another field of this row follows; else the line's end is taken. */
    private boolean more() {
        if (at < text.length() && text.charAt(at) == separator) {
            at++;
            return true;
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        line++;
        return false;
    }

    private String plain() {
        int from = at;
        while (at < text.length()
                && text.charAt(at) != separator
                && text.charAt(at) != '\n'
                && text.charAt(at) != '\r') {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted(int begins) {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                if (at < text.length() && text.charAt(at) == '"') {
                    at++;
                } else {
                    return field.append(plain()).toString();
                }
            }
            line += c == '\n' ? 1 : 0;
            field.append(c);
        }
        throw CameraImport.refused("The quote that begins in line %d does not end.".formatted(begins));
    }
}
