package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code q} and {@code georel} may ask of an entity, as columns of rows ready for {@code unnest}: one row for each
 * value, type and list element. {@link QueryMatch} decides on the document; these rows only have to hold all it may find.
 */
final class AttributeRows {
    /** Elements of a list that can be asked for; {@link QueryMatch} looks no further. */
    static final int MAX_ELEMENTS = 256;

    /** The text of what is neither text, number nor truth. */
    static final String OTHER = "{";

    private static final int MAX_TEXT = 200;

    final List<String> kinds = new ArrayList<>();
    final List<String> names = new ArrayList<>();
    final List<String> datasets = new ArrayList<>();
    final List<Integer> ordinals = new ArrayList<>();
    final List<Boolean> listed = new ArrayList<>();
    final List<@Nullable Double> numbers = new ArrayList<>();
    final List<@Nullable String> texts = new ArrayList<>();
    final List<@Nullable String> moments = new ArrayList<>();

    /** The beginning of a text, as it is kept and asked for. */
    static String key(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end);
    }

    static AttributeRows of(List<String> types, String name, @Nullable JsonNode attribute) {
        AttributeRows rows = new AttributeRows();
        rows.add(types, name, attribute);
        return rows;
    }

    /** Whether an instance of the attribute is a place. */
    static boolean isPlace(JsonNode attribute) {
        for (JsonNode instance : AttributeReader.instances(attribute)) {
            if (instance.isObject() && AttributeKind.of(instance) == AttributeKind.GEO) {
                return true;
            }
        }
        return false;
    }

    /** @param attribute an attribute, or scopes under their name; null for none */
    void add(List<String> types, String name, @Nullable JsonNode attribute) {
        if (attribute != null && name.equals(HistoryRows.SCOPE)) {
            addScopes(types, attribute);
        } else if (attribute != null) {
            addValues(types, name, attribute);
        }
    }

    /** Whether these take the place of all of those. */
    boolean cover(AttributeRows those) {
        return keys().containsAll(those.keys());
    }

    private Set<Key> keys() {
        Set<Key> keys = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            keys.add(new Key(kinds.get(i), names.get(i), datasets.get(i), ordinals.get(i)));
        }
        return keys;
    }

    /** What the table tells rows of one entity apart by. */
    private record Key(String kind, String name, String dataset, int ordinal) {}

    private void addValues(List<String> types, String name, JsonNode attribute) {
        int first = names.size();
        for (JsonNode instance : attribute.isArray() ? attribute : List.of(attribute)) {
            AttributeKind kind = AttributeKind.of(instance);
            JsonNode value = instance.path(kind.member());
            String dataset = EntityReader.dataset(instance);
            int n = 0;
            if (kind == AttributeKind.LANGUAGE) {
                for (JsonNode words : value) {
                    for (JsonNode word : words.isArray() ? words : List.of(words)) {
                        n = row(types, name, dataset, n, word);
                    }
                }
            } else if (value.isArray()) {
                boolean links = kind == AttributeKind.LIST_RELATIONSHIP;
                for (JsonNode element : value) {
                    n = row(types, name, dataset, n, links ? element.path("object") : element);
                }
            } else if (kind != AttributeKind.GEO) {
                n = row(types, name, dataset, n, value);
            }
            if (n == 0) {
                row(types, name, dataset, 0, null);
            }
        }
        boolean several = names.size() - first > types.size();
        while (listed.size() < names.size()) {
            listed.add(several);
        }
    }

    /** Scopes as the values of an attribute of that name, which no attribute of clients has. */
    private void addScopes(List<String> types, JsonNode scope) {
        int n = 0;
        for (JsonNode one : AttributeReader.instances(scope)) {
            n = row(types, HistoryRows.SCOPE, "", n, Documents.text(ScopeReader.whole(one.stringValue())));
        }
        while (listed.size() < names.size()) {
            listed.add(n > 1);
        }
    }

    private int row(List<String> types, String name, String dataset, int n, @Nullable JsonNode node) {
        if (n >= MAX_ELEMENTS) {
            return n;
        }
        JsonNode value = node != null && node.isObject() && node.has("@value") ? node.get("@value") : node;
        String text = value == null
                ? OTHER
                : value.isString()
                        ? value.stringValue()
                        : value.isBoolean() ? String.valueOf(value.booleanValue()) : value.isNumber() ? null : OTHER;
        Instant moment = text == null ? null : EntityReader.momentIn(text);
        for (String type : types) {
            kinds.add(type);
            names.add(name);
            datasets.add(dataset);
            ordinals.add(n);
            numbers.add(value != null && value.isNumber() ? (Double) value.asDouble() : null);
            texts.add(text == null ? null : key(text));
            moments.add(moment == null ? null : moment.toString());
        }
        return n + 1;
    }
}
