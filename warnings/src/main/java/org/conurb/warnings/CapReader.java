package org.conurb.warnings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.warnings.CapShapes.Unreadable;
import org.jspecify.annotations.Nullable;

/** From a CAP 1.2 document to its meaning: the schema first, then what the standard says in words (section 3.2). */
final class CapReader {
    static final int MAX_BYTES = 1_000_000;

    private static final int MOST_NAME = 500;
    private static final int MOST_REFERENCES = 500;
    private static final int MOST_POINTS = 20_000;

    private int points;

    private CapReader() {}

    /** @throws CapRefused naming line, column, element and reason */
    static CapAlert read(byte[] document) {
        if (document.length > MAX_BYTES) {
            throw CapRefused.tooLarge(MAX_BYTES);
        }
        return new CapReader().alert(CapParser.parse(document));
    }

    private CapAlert alert(CapNode alert) {
        List<CapAlert.Info> infos = new ArrayList<>();
        for (CapNode info : alert.all("info")) {
            infos.add(info(info));
        }
        return new CapAlert(
                name(alert, "identifier"),
                name(alert, "sender"),
                moment(alert, "sent").orElseThrow(),
                text(alert, "status"),
                text(alert, "msgType"),
                text(alert, "scope"),
                references(alert),
                List.copyOf(infos));
    }

    /** Sender and identifier name a message in references, so they are free of what parts those. */
    private static String name(CapNode alert, String element) {
        CapNode node = alert.child(element).orElseThrow();
        String name = node.text().strip();
        if (!fits(name)) {
            throw refuse(node, "it has 1 to %d characters".formatted(MOST_NAME));
        }
        if (name.chars().anyMatch(c -> c <= ' ' || c == ',' || c == '<' || c == '&')) {
            throw refuse(node, "%s has a space, a comma, < or &".formatted(CapRefused.quote(name)));
        }
        return name;
    }

    /** Names are keys of an index, so their length is bounded in bytes too. */
    static boolean fits(String name) {
        return !name.isEmpty() && name.length() <= MOST_NAME && name.getBytes(UTF_8).length <= 2 * MOST_NAME;
    }

    private static List<CapAlert.Reference> references(CapNode alert) {
        List<CapAlert.Reference> references = new ArrayList<>();
        Optional<CapNode> node = alert.child("references").filter(n -> !n.text().isBlank());
        if (node.isEmpty()) {
            return List.of();
        }
        for (String group : node.get().text().strip().split("\\s+")) {
            String[] parts = group.split(",", -1);
            Optional<Instant> sent = parts.length == 3 ? CapText.DateTime.read(parts[2]) : Optional.empty();
            if (sent.isEmpty() || !fits(parts[0]) || !fits(parts[1])) {
                throw refuse(node.get(), "%s is not sender,identifier,sent".formatted(CapRefused.quote(group)));
            }
            references.add(new CapAlert.Reference(parts[0], parts[1], sent.get()));
        }
        if (references.size() > MOST_REFERENCES) {
            throw refuse(node.get(), "there are more than %d".formatted(MOST_REFERENCES));
        }
        return references.stream().distinct().toList();
    }

    private CapAlert.Info info(CapNode info) {
        List<CapAlert.Area> areas = new ArrayList<>();
        for (CapNode area : info.all("area")) {
            areas.add(area(area));
        }
        return new CapAlert.Info(
                info.words("language").orElse("en-US"),
                info.allWords("category"),
                info.words("event").orElse(""),
                info.allWords("responseType"),
                text(info, "urgency"),
                text(info, "severity"),
                text(info, "certainty"),
                words(info, "audience"),
                moment(info, "effective").orElse(null),
                moment(info, "onset").orElse(null),
                moment(info, "expires").orElse(null),
                words(info, "senderName"),
                words(info, "headline"),
                words(info, "description"),
                words(info, "instruction"),
                info.words("web").filter(CapReader::isLink).orElse(null),
                words(info, "contact"),
                List.copyOf(areas));
    }

    static boolean isLink(String uri) {
        return uri.regionMatches(true, 0, "http://", 0, 7) || uri.regionMatches(true, 0, "https://", 0, 8);
    }

    private CapAlert.Area area(CapNode area) {
        List<List<List<Double>>> rings = new ArrayList<>();
        for (CapNode shape : area.children()) {
            try {
                List<List<List<Double>>> more = switch (shape.name()) {
                    case "polygon" -> CapShapes.polygon(shape.text());
                    case "circle" -> CapShapes.circle(shape.text());
                    default -> List.of();
                };
                rings.addAll(more);
                points += more.stream().mapToInt(List::size).sum();
            } catch (Unreadable unreadable) {
                throw refuse(shape, String.valueOf(unreadable.getMessage()));
            }
            if (points > MOST_POINTS) {
                throw refuse(shape, "the areas of an alert have at most %d points".formatted(MOST_POINTS));
            }
        }
        Map<String, List<String>> geocodes = new LinkedHashMap<>();
        for (CapNode geocode : area.all("geocode")) {
            geocodes.computeIfAbsent(text(geocode, "valueName").strip(), name -> new ArrayList<>())
                    .add(text(geocode, "value").strip());
        }
        return new CapAlert.Area(
                text(area, "areaDesc").strip(), CapShapes.geoJson(rings).orElse(null), Map.copyOf(geocodes));
    }

    private static Optional<Instant> moment(CapNode node, String element) {
        return node.child(element).flatMap(child -> CapText.DateTime.read(child.text()));
    }

    private static String text(CapNode node, String element) {
        return node.child(element).map(CapNode::text).orElseThrow();
    }

    private static @Nullable String words(CapNode node, String element) {
        return node.words(element).orElse(null);
    }

    private static CapRefused refuse(CapNode node, String reason) {
        return CapRefused.rule(node.line(), node.column(), "in <%s>, %s.".formatted(node.name(), reason));
    }
}
