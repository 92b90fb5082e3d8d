package org.conurb.warnings;

import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** A document that is no CAP 1.2 alert: says where and why. */
final class CapRefused extends ConurbException {
    private static final int MOST_QUOTED = 60;

    private CapRefused(Category category, String code, String detail, String remedy) {
        super(category, code, detail, remedy);
    }

    /** No well-formed XML, or XML with parts that are refused (a document type, entities). */
    static CapRefused xml(int line, int column, String reason) {
        return new CapRefused(
                Category.REQUEST,
                "cap-xml",
                "%s: %s".formatted(at(line, column), reason),
                "Send one well-formed CAP 1.2 document without document type.");
    }

    /** Well-formed, and not as the schema of CAP 1.2 has it. */
    static CapRefused schema(int line, int column, String reason) {
        return new CapRefused(
                Category.REQUEST,
                "cap-schema",
                "%s: %s".formatted(at(line, column), reason),
                "Correct that line; the order and form of elements stand in CAP 1.2, section 3.");
    }

    /** As the schema has it, and against what the standard says in words. */
    static CapRefused rule(int line, int column, String reason) {
        return new CapRefused(
                Category.REQUEST,
                "cap-rule",
                "%s: %s".formatted(at(line, column), reason),
                "Correct that line; the meaning of elements stands in CAP 1.2, section 3.2.");
    }

    static CapRefused version(int line, int column, String version) {
        return new CapRefused(
                Category.REQUEST,
                "cap-version",
                "%s: this is CAP %s, and only CAP 1.2 is taken.".formatted(at(line, column), version),
                "Ask the sender for CAP 1.2 (namespace %s).".formatted(CapSchema.NAMESPACE));
    }

    static CapRefused entry(String id, String reason) {
        return new CapRefused(
                Category.REQUEST,
                "feed-entry",
                "Entry %s: %s.".formatted(quote(id), reason),
                "Ask who runs the feed; each entry needs CAP 1.2 inside, a link to it, or CAP's elements.");
    }

    static CapRefused tooLarge(int maxBytes) {
        return new CapRefused(
                Category.TOO_LARGE,
                "cap-too-large",
                "The document is longer than %d bytes.".formatted(maxBytes),
                "Send resources by uri instead of derefUri, and fewer points a polygon.");
    }

    /** What was found, short enough to be shown. */
    static String quote(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return "\"" + (line.length() > MOST_QUOTED ? line.substring(0, MOST_QUOTED) + "…" : line) + "\"";
    }

    private static String at(int line, int column) {
        return "Line %d, column %d".formatted(line, column);
    }
}
