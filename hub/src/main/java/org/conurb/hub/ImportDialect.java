package org.conurb.hub;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.conurb.kernel.BadRequest;
import org.jspecify.annotations.Nullable;

/**
 * How a file is written.
 *
 * @param encoding of a table; JSON tells its own
 * @param delimiter between the cells of a table
 * @param quote around cells that hold a delimiter, a quote or a line's end; doubled within
 * @param decimal mark of numbers in texts, {@code .} or {@code ,}
 */
record ImportDialect(
        Format format,
        @Nullable String encoding,
        @Nullable String delimiter,
        @Nullable String quote,
        @Nullable String decimal) {
    static final List<String> ENCODINGS = List.of(
            "UTF-8",
            "UTF-16LE",
            "UTF-16BE",
            "windows-1252",
            "ISO-8859-1",
            "ISO-8859-15",
            "windows-1250",
            "windows-1251",
            "windows-1256",
            "GB18030",
            "Big5");
    private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|");
    private static final int LOOKED_AT = 1 << 16;

    ImportDialect {
        if (encoding != null && !ENCODINGS.contains(encoding)) {
            throw refused(
                    "There is no encoding %s here.".formatted(shown(encoding)), "Use " + String.join(", ", ENCODINGS));
        }
        if (delimiter != null && !DELIMITERS.contains(delimiter)) {
            throw refused("That is no delimiter.", "Use a comma, a semicolon, a tab or |.");
        }
        if (quote != null && !quote.equals("\"") && !quote.equals("'")) {
            throw refused("That is no quote.", "Use \" or '.");
        }
        if (decimal != null && !decimal.equals(".") && !decimal.equals(",")) {
            throw refused("That is no decimal mark.", "Use . or ,");
        }
    }

    enum Format {
        CSV,
        GEOJSON,
        JSON;

        @JsonValue
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Format of(String code) {
            for (Format format : values()) {
                if (format.code().equals(code)) {
                    return format;
                }
            }
            throw refused("There is no format %s.".formatted(shown(code)), "Use csv, geojson or json.");
        }
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private static BadRequest refused(String detail, String remedy) {
        return new BadRequest("import-dialect", detail, remedy);
    }

    Charset charset() {
        return Charset.forName(encoding == null ? "UTF-8" : encoding);
    }

    char delimiterChar() {
        return delimiter == null ? ',' : delimiter.charAt(0);
    }

    char quoteChar() {
        return quote == null ? '"' : quote.charAt(0);
    }

    boolean decimalComma() {
        return ",".equals(decimal);
    }

    /** Another format, of which nothing is known yet. */
    ImportDialect as(Format other) {
        return new ImportDialect(other, encoding, delimiter, quote, decimal);
    }

    /** What differs in another one, and the rest as here. */
    ImportDialect with(@Nullable ImportDialect other) {
        return other == null
                ? this
                : new ImportDialect(
                        format,
                        other.encoding == null ? encoding : other.encoding,
                        other.delimiter == null ? delimiter : other.delimiter,
                        other.quote == null ? quote : other.quote,
                        other.decimal == null ? decimal : other.decimal);
    }

    /** Whether both read the same rows. */
    boolean readsAs(ImportDialect other) {
        return format == other.format
                && charset().equals(other.charset())
                && delimiterChar() == other.delimiterChar()
                && quoteChar() == other.quoteChar();
    }

    /** Looks at the file: what it begins with, and whether all of it is UTF-8. */
    static ImportDialect guess(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(LOOKED_AT);
            if (start.length == 0) {
                throw ImportRows.refused("The file is empty.", "Choose another one.");
            }
            String encoding = encoding(start, in);
            String text = new String(start, Charset.forName(encoding));
            String first = text.startsWith("\uFEFF") ? text.substring(1).stripLeading() : text.stripLeading();
            if (first.startsWith("{")) {
                return new ImportDialect(Format.GEOJSON, null, null, null, null);
            }
            if (first.startsWith("[")) {
                return new ImportDialect(Format.JSON, null, null, null, null);
            }
            return new ImportDialect(Format.CSV, encoding, delimiter(text), "\"", ".");
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file, e);
        }
    }

    private static String encoding(byte[] start, InputStream rest) throws IOException {
        if (start.length > 1 && start[0] == (byte) 0xff && start[1] == (byte) 0xfe) {
            return "UTF-16LE";
        }
        if (start.length > 1 && start[0] == (byte) 0xfe && start[1] == (byte) 0xff) {
            return "UTF-16BE";
        }
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        CharBuffer out = CharBuffer.allocate(LOOKED_AT + 8);
        ByteBuffer bytes = ByteBuffer.allocate(LOOKED_AT + 8).put(start).flip();
        while (true) {
            CoderResult result = utf8.decode(bytes, out.clear(), false);
            if (result.isError()) {
                return "windows-1252";
            }
            byte[] more = rest.readNBytes(LOOKED_AT);
            if (more.length == 0) {
                return utf8.decode(bytes, out.clear(), true).isError() ? "windows-1252" : "UTF-8";
            }
            bytes.compact().put(more).flip();
        }
    }

    /** The one that the first line has most of, outside quotes. */
    private static String delimiter(String text) {
        int[] counts = new int[DELIMITERS.size()];
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                break;
            } else if (!quoted && DELIMITERS.contains(String.valueOf(c))) {
                counts[DELIMITERS.indexOf(String.valueOf(c))]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return DELIMITERS.get(best);
    }
}
