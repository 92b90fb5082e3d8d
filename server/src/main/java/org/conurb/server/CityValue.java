package org.conurb.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A value in a city file and its place. Asked for a form that it does not have, it tells a fault and answers with a
 * stand-in, so that reading goes on and finds the rest; no city is ever built from stand-ins. An absent value, whose
 * absence was told already, stays silent.
 */
final class CityValue {
    /** Stands where a name should be; never seen outside. */
    static final String STAND_IN = "x";

    private static final int MOST_ENTRIES = 2_000;
    private static final int LONGEST = 300;
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,20})?([eE][+-]?\\d{1,3})?");

    private final String file;
    private final CityFaults faults;
    private final @Nullable Node node;

    /** One entry of a map; {@code key} tells the place of the name. */
    record Entry(String name, CityValue key, CityValue value) {}

    private CityValue(String file, CityFaults faults, @Nullable Node node) {
        this.file = file;
        this.faults = faults;
        this.node = node;
    }

    static CityValue of(String file, CityFaults faults, Node node) {
        return new CityValue(file, faults, node);
    }

    static CityValue absent(String file, CityFaults faults) {
        return new CityValue(file, faults, null);
    }

    /** An absent value in the place of a member of this one. */
    CityValue without() {
        return absent(file, faults);
    }

    boolean isAbsent() {
        return node == null;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    String file() {
        return file;
    }

    void fault(String what, String remedy) {
        if (node != null) {
            Mark mark = node.getStartMark();
            faults.add(new CityFault(file, mark.getLine() + 1, mark.getColumn() + 1, what, remedy));
        }
    }

    /** A map with fixed keys; others are faults. */
    CityFields fields(String... known) {
        Map<String, CityValue> found = new LinkedHashMap<>();
        for (Entry entry : entries()) {
            if (List.of(known).contains(entry.name())) {
                found.put(entry.name(), entry.value());
            } else {
                entry.key()
                        .fault(
                                "There is no key %s here.".formatted(entry.name()),
                                CityNames.remedy(entry.name(), List.of(known), "Delete it."));
            }
        }
        return new CityFields(this, found);
    }

    /** A map of which only some keys matter (GeoJSON lets anyone add members). */
    CityFields openFields() {
        Map<String, CityValue> found = new LinkedHashMap<>();
        entries().forEach(entry -> found.put(entry.name(), entry.value()));
        return new CityFields(this, found);
    }

    /** A map of names to values, in the order written, each name once. */
    List<Entry> entries() {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof MappingNode map)) {
            fault(
                    "Here %s stands where keys and values belong.".formatted(form()),
                    "Write lines of the form key: value.");
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : map.getValue()) {
            CityValue key = new CityValue(file, faults, tuple.getKeyNode());
            String name = key.string();
            if (!seen.add(name)) {
                key.fault("%s stands here a second time.".formatted(name), "Keep one of the two.");
            } else if (entries.size() == MOST_ENTRIES) {
                key.fault("More than %d entries.".formatted(MOST_ENTRIES), "Keep fewer.");
                break;
            } else {
                entries.add(new Entry(name, key, new CityValue(file, faults, tuple.getValueNode())));
            }
        }
        return entries;
    }

    List<CityValue> items() {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            fault(
                    "Here %s stands where a list belongs.".formatted(form()),
                    "Write [a, b], or lines that start with a dash.");
            return List.of();
        }
        if (list.getValue().size() > MOST_ENTRIES * 5) {
            fault("A list of more than %d.".formatted(MOST_ENTRIES * 5), "Keep fewer.");
            return List.of();
        }
        return list.getValue().stream()
                .map(item -> new CityValue(file, faults, item))
                .toList();
    }

    /** 1 to 300 characters on one line. */
    String string() {
        if (node == null) {
            return STAND_IN;
        }
        if (!(node instanceof ScalarNode scalar)) {
            fault("Here %s stands where a text belongs.".formatted(form()), "Write a text.");
            return STAND_IN;
        }
        String text = scalar.getValue().strip();
        if (text.isEmpty() || scalar.isPlain() && (text.equals("~") || text.equals("null"))) {
            fault("Nothing stands here.", "Write a text, or delete the key.");
            return STAND_IN;
        }
        if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            fault("This text is longer than %d characters or a line.".formatted(LONGEST), "Shorten it.");
            return STAND_IN;
        }
        return text;
    }

    /** A name as {@code pattern} wants it. */
    String named(Pattern pattern, String remedy) {
        String name = string();
        if (node != null && !pattern.matcher(name).matches()) {
            fault("%s has not the form of a name here.".formatted(name), remedy);
            return STAND_IN;
        }
        return name;
    }

    /** One of the names known; {@code what} is said as in {@code There is no unit kind lader.} */
    String oneOf(Collection<String> known, String what, String otherwise) {
        if (node == null || !(node instanceof ScalarNode)) {
            return string();
        }
        String name = string();
        if (!known.contains(name)) {
            fault("There is no %s %s.".formatted(what, name), CityNames.remedy(name, known, otherwise));
        }
        return name;
    }

    /** A list of names known, each once. */
    List<String> someOf(Collection<String> known, String what, String otherwise) {
        List<String> names = new ArrayList<>();
        for (CityValue item : items()) {
            String name = item.oneOf(known, what, otherwise);
            if (names.contains(name) && known.contains(name)) {
                item.fault("%s stands in this list a second time.".formatted(name), "Keep one of the two.");
            } else {
                names.add(name);
            }
        }
        return names;
    }

    int integer(int least, int most) {
        double number = number(least, most);
        if (node != null && number != Math.rint(number)) {
            fault("A whole number belongs here.", "Write a number from %d to %d.".formatted(least, most));
            return least;
        }
        return (int) number;
    }

    double number(double least, double most) {
        if (node == null) {
            return least;
        }
        String remedy = "Write a number from %s to %s.".formatted(plain(least), plain(most));
        if (!(node instanceof ScalarNode scalar)
                || !NUMBER.matcher(scalar.getValue()).matches()) {
            fault("Here %s stands where a number belongs.".formatted(form()), remedy);
            return least;
        }
        double number = Double.parseDouble(scalar.getValue());
        if (!(number >= least && number <= most)) {
            fault("%s is not between %s and %s.".formatted(scalar.getValue(), plain(least), plain(most)), remedy);
            return least;
        }
        return number;
    }

    boolean bool() {
        if (node == null) {
            return false;
        }
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (!text.equals("true") && !text.equals("false")) {
            fault("Here %s stands where true or false belongs.".formatted(form()), "Write true or false.");
        }
        return text.equals("true");
    }

    /** From one second to a hundred years. */
    Duration duration() {
        if (node == null) {
            return Duration.ofSeconds(1);
        }
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        return CityForms.duration(text).orElseGet(() -> {
            fault(
                    "Here %s stands where a length of time belongs.".formatted(form()),
                    "Write as 90s, 15m, 12h, 30d, 7y or PT15M, from 1s to 100y.");
            return Duration.ofSeconds(1);
        });
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private String form() {
        if (node instanceof ScalarNode scalar) {
            String text = scalar.getValue();
            if (text.isEmpty()) {
                return "nothing";
            }
            return "\"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text).replaceAll("\\p{Cntrl}", " ")
                    + "\"";
        }
        return node instanceof SequenceNode ? "a list" : "a map";
    }
}
