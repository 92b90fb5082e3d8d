package org.conurb.hub;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A table as RFC 4180 has it: the first row names the columns. What a cell holds is text and is never computed. */
final class ImportTable extends ImportRows {
    private static final int LONGEST_NAME = 200;

    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final List<String> header;
    private long number;
    private long line;

    ImportTable(Path file, ImportDialect dialect) throws IOException {
        super(file);
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(dialect.delimiterChar())
                .setQuote(dialect.quoteChar())
                .setIgnoreEmptyLines(false)
                .get();
        this.parser = CSVParser.builder()
                .setReader(withoutMark(
                        new InputStreamReader(in(), dialect.charset().newDecoder())))
                .setFormat(format)
                .get();
        this.records = parser.iterator();
        this.header = header(dialect);
    }

    private Reader withoutMark(Reader text) throws IOException {
        PushbackReader reader = new PushbackReader(text);
        int first;
        try {
            first = reader.read();
        } catch (CharacterCodingException e) {
            throw coding();
        }
        if (first >= 0 && first != '\uFEFF') {
            reader.unread(first);
        }
        return reader;
    }

    private List<String> header(ImportDialect dialect) {
        CSVRecord first = record();
        if (first == null || first.size() == 1 && first.get(0).isBlank()) {
            throw refused("The file has no first line with the names of columns.", "Put one there.");
        }
        if (first.size() > MOST_COLUMNS) {
            throw refused(
                    "The table has %d columns, and at most %d are taken.".formatted(first.size(), MOST_COLUMNS),
                    "Take out those that are not needed; or the delimiter is not %s."
                            .formatted(dialect.delimiterChar()));
        }
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < first.size(); i++) {
            String name = first.get(i).strip();
            String told = name.isEmpty() ? "column " + (i + 1) : name;
            if (told.length() > LONGEST_NAME || told.chars().anyMatch(c -> c < ' ')) {
                throw refused(
                        "The name of column %d is no name.".formatted(i + 1),
                        "Save the table as CSV: what came may be a spreadsheet file, or of another encoding.");
            }
            if (!names.add(told)) {
                throw refused("Two columns are named %s.".formatted(told), "Give each column a name of its own.");
            }
        }
        return List.copyOf(names);
    }

    private @Nullable CSVRecord record() {
        begin();
        long before = parser.getCurrentLineNumber();
        line = before + 1;
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException | IllegalStateException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private BadRequest failure(Throwable cause) {
        return switch (cause) {
            case CharacterCodingException coding -> coding();
            case TooLong tooLong ->
                refused(
                        "The row that begins in line %d does not end within 2 MB.".formatted(line),
                        "See whether a quote is missing there.");
            default ->
                refused(
                        "The quotes of the row that begins in line %d do not match.".formatted(line),
                        "A cell in quotes ends with one, and holds others doubled.");
        };
    }

    private BadRequest coding() {
        return refused(
                "From line %d on the file is not of this encoding.".formatted(line),
                "Choose the encoding that it was saved in, or save it as UTF-8.");
    }

    @Override
    @Nullable
    ImportRow next() {
        CSVRecord record = record();
        while (record != null && record.size() == 1 && record.get(0).isBlank() && header.size() > 1) {
            record = record();
        }
        if (record == null) {
            return null;
        }
        number++;
        if (record.size() != header.size()) {
            return new ImportRow(
                    number,
                    line,
                    Map.of(),
                    "The row has %d cells, the header %d.".formatted(record.size(), header.size()));
        }
        Map<String, JsonNode> cells = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String cell = record.get(i).strip();
            if (!cell.isEmpty()) {
                cells.put(header.get(i), Documents.text(cell));
            }
        }
        return new ImportRow(number, line, cells, null);
    }

    @Override
    Set<String> columns() {
        return new LinkedHashSet<>(header);
    }
}
