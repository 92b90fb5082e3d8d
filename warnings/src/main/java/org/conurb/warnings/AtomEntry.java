package org.conurb.warnings;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.warnings.CapShapes.Unreadable;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an Atom feed.
 *
 * @param words text of the entry's own Atom elements by name; of the author, the name
 * @param capLink where a link says that a CAP document is; as written
 * @param alert a CAP document inside the entry
 * @param cap text of CAP elements that stand in the entry itself, as in an index, by name
 * @param xml the entry as a document of its own
 */
record AtomEntry(
        Map<String, String> words,
        Optional<String> capLink,
        Optional<String> link,
        Optional<String> alert,
        Map<String, List<String>> cap,
        String xml) {

    String id() {
        return words.getOrDefault("id", "").strip();
    }

    /** What tells one form of this entry from a later one. */
    String version() {
        return id() + " " + words.getOrDefault("updated", "");
    }

    /** Whether the entry alone tells enough to warn. */
    boolean warns() {
        return cap.containsKey("event");
    }

    /**
     * The message that an index tells of in the entry itself. An index is not CAP: it may leave things out, and what is
     * out is Unknown. An area that cannot be read is only named.
     *
     * @throws CapRefused where what is there is against CAP
     */
    CapAlert toAlert() {
        String sender = words.getOrDefault("author", "").strip();
        if (id().isEmpty() || !CapReader.fits(id()) || !CapReader.fits(sender)) {
            throw refuse("id and author have 1 to 500 characters");
        }
        Instant sent = moment(first("sent"))
                .or(() -> moment(words.get("updated")))
                .or(() -> moment(words.get("published")))
                .orElseThrow(() -> refuse("it has no moment in updated"));
        String event = Optional.ofNullable(first("event")).orElse("").strip();
        if (event.isEmpty()) {
            throw refuse("its event has no name");
        }
        CapAlert.Info info = new CapAlert.Info(
                "en-US",
                cap.getOrDefault("category", List.of()).stream()
                        .filter(category -> CapSchema.CATEGORY.fault(category).isEmpty())
                        .toList(),
                event,
                List.of(),
                oneOf("urgency", CapSchema.URGENCY, "Unknown"),
                oneOf("severity", CapSchema.SEVERITY, "Unknown"),
                oneOf("certainty", CapSchema.CERTAINTY, "Unknown"),
                null,
                moment(first("effective")).orElse(null),
                moment(first("onset")).orElse(null),
                moment(first("expires")).orElse(null),
                sender,
                stripped(words.get("title")),
                stripped(words.get("summary")),
                stripped(first("instruction")),
                link.filter(CapReader::isLink).orElse(null),
                null,
                areas());
        return new CapAlert(
                id(),
                sender,
                sent,
                oneOf("status", CapSchema.STATUS, "Actual"),
                oneOf("msgType", CapSchema.MESSAGE, "Alert"),
                "Public",
                List.of(),
                List.of(info));
    }

    private List<CapAlert.Area> areas() {
        List<List<List<Double>>> rings = new ArrayList<>();
        try {
            for (String polygon : cap.getOrDefault("polygon", List.of())) {
                rings.addAll(CapShapes.polygon(polygon));
            }
            for (String circle : cap.getOrDefault("circle", List.of())) {
                rings.addAll(CapShapes.circle(circle));
            }
        } catch (Unreadable unreadable) {
            rings.clear();
        }
        String name = Optional.ofNullable(stripped(first("areaDesc"))).orElse("");
        return name.isEmpty() && rings.isEmpty()
                ? List.of()
                : List.of(new CapAlert.Area(name, CapShapes.geoJson(rings).orElse(null), Map.of()));
    }

    private String oneOf(String element, CapText values, String missing) {
        String text = stripped(first(element));
        if (text == null) {
            return missing;
        }
        String value = text.equals("Very Likely") ? "Likely" : text; // CAP 1.0; section 3.2.2 of 1.2 says so
        if (values.fault(value).isPresent()) {
            throw refuse("in <%s>, %s".formatted(element, values.fault(value).get()));
        }
        return value;
    }

    private @Nullable String first(String element) {
        List<String> all = cap.getOrDefault(element, List.of());
        return all.isEmpty() ? null : all.getFirst();
    }

    private static @Nullable String stripped(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static Optional<Instant> moment(@Nullable String text) {
        try {
            return text == null || text.isBlank()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private CapRefused refuse(String reason) {
        return CapRefused.entry(id(), reason);
    }
}
