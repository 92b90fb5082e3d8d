package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Steps of several entities as columns ready for {@code unnest}; a row names its entity by place, from 1. */
final class StepColumns {
    private static final int MAX_CELLS = 12;

    private final Instant at;
    private int steps;
    private final List<Long> iids = new ArrayList<>();
    private final List<String> owners = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final List<String> allKinds = new ArrayList<>();
    private final List<Boolean> located = new ArrayList<>();
    private final List<@Nullable Long> cells = new ArrayList<>();
    private final List<String> whats = new ArrayList<>();
    private final List<String> changed = new ArrayList<>();
    private final List<String> scopes = new ArrayList<>();
    private final List<@Nullable String> expiries = new ArrayList<>();
    private final List<@Nullable String> partExpiries = new ArrayList<>();
    private final List<String> times = new ArrayList<>();
    private final List<String> documents = new ArrayList<>();
    private final List<Integer> goneOf = new ArrayList<>();
    private final List<String> goneNames = new ArrayList<>();
    private final List<Integer> typesOf = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final List<Integer> rowsOf = new ArrayList<>();
    private final AttributeRows rows = new AttributeRows();
    private final List<Integer> placesOf = new ArrayList<>();
    private final List<String> placeKinds = new ArrayList<>();
    private final List<String> placeNames = new ArrayList<>();
    private final List<Long> placeCells = new ArrayList<>();
    private final List<@Nullable String> befores = new ArrayList<>();
    private final List<Integer> pastOf = new ArrayList<>();
    private final HistoryRows past = new HistoryRows();
    private boolean goneRows;
    private boolean gonePlaces;

    StepColumns(Instant at) {
        this.at = at;
    }

    void add(EntityStep step) {
        steps++;
        List<String> itsTypes = step.types();
        ObjectNode next = step.next();
        boolean afresh = step.row() == null || step.moved();
        if (afresh && next != null) {
            for (String type : itsTypes) {
                typesOf.add(steps);
                types.add(type);
            }
        }
        Long cell = null;
        for (String name : step.rewritten()) {
            gone(step, name);
            JsonNode attribute = step.member(name);
            rows.add(itsTypes, name, attribute);
            if (attribute != null && !name.equals(HistoryRows.SCOPE)) {
                Long first = places(itsTypes, name, attribute);
                cell = name.equals("location") ? first : cell;
            }
        }
        while (rowsOf.size() < rows.names.size()) {
            rowsOf.add(steps);
        }
        iids.add(step.row() == null ? 0L : step.row().iid());
        owners.add(step.owner().value());
        ids.add(step.id());
        kinds.add(itsTypes.getFirst());
        allKinds.add(String.join(" ", itsTypes));
        located.add(afresh || step.changed().contains("location"));
        cells.add(cell);
        whats.add(step.what().name().substring(0, 1));
        changed.add(String.join(" ", step.changed()));
        scopes.add(scopes(step.member("scope")));
        expiries.add(text(step.member("expiresAt")));
        Instant first = next == null ? null : Expiry.first(next);
        partExpiries.add(first == null ? null : first.toString());
        times.add(step.times());
        documents.add(document(step));
        befores.add(before(step));
        past.scope(step.before().get(HistoryRows.SCOPE), step.member(HistoryRows.SCOPE), at.toString());
        while (pastOf.size() < past.size()) {
            pastOf.add(steps);
        }
    }

    /** An attribute is written anew: whether rows that it had may have to go. */
    private void gone(EntityStep step, String name) {
        if (step.row() == null) {
            return;
        }
        goneOf.add(steps);
        goneNames.add(name);
        if (step.moved() || !step.row().plain()) {
            goneRows = true;
            gonePlaces = true;
            return;
        }
        JsonNode was = step.before().get(name);
        if (was != null) {
            goneRows |= !AttributeRows.of(step.types(), name, step.member(name))
                    .cover(AttributeRows.of(step.types(), name, was));
            gonePlaces |= AttributeRows.isPlace(was);
        }
    }

    /** Attributes that changed, as they were, those that were there; of a deletion the whole entity. */
    private static @Nullable String before(EntityStep step) {
        ObjectNode before = step.before();
        if (step.next() == null) {
            ObjectNode whole = before.deepCopy();
            whole.remove("expiresAt");
            return whole.isEmpty() ? null : whole.toString();
        }
        ObjectNode were = Documents.none();
        step.changed().forEach(name -> {
            if (before.has(name)) {
                were.set(name, before.get(name));
            }
        });
        return were.isEmpty() ? null : were.toString();
    }

    private static @Nullable String text(@Nullable JsonNode member) {
        return member == null ? null : member.stringValue();
    }

    private static String scopes(@Nullable JsonNode scope) {
        List<String> all = new ArrayList<>();
        if (scope != null) {
            AttributeReader.instances(scope).forEach(one -> all.add(one.stringValue()));
        }
        return String.join(" ", all);
    }

    /** @return the first cell; null where it is no place */
    private @Nullable Long places(List<String> itsTypes, String name, JsonNode attribute) {
        Set<Long> covering = new LinkedHashSet<>();
        for (JsonNode instance : AttributeReader.instances(attribute)) {
            if (AttributeKind.of(instance) == AttributeKind.GEO) {
                covering.addAll(Geometries.cover(Geometries.read(name, instance.path("value")), MAX_CELLS));
            }
        }
        for (Long cell : covering) {
            for (String type : itsTypes) {
                placesOf.add(steps);
                placeKinds.add(type);
                placeNames.add(name);
                placeCells.add(cell);
            }
        }
        return covering.isEmpty() ? null : covering.iterator().next();
    }

    /** The document as text, made once for it and its history. */
    private String document(EntityStep step) {
        for (String name : step.changed()) {
            if (step.member(name) == null) {
                vanished(name, step.before().path(name), List.of());
            }
        }
        ObjectNode next = step.next();
        if (next == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(1_000).append('{');
        for (Map.Entry<String, JsonNode> member : next.properties()) {
            if (!member.getKey().equals("expiresAt")) {
                text.append(text.length() == 1 ? "\"" : ",\"")
                        .append(member.getKey())
                        .append("\":");
                if (step.changed().contains(member.getKey())) {
                    attribute(step, member.getKey(), member.getValue(), text);
                } else {
                    text.append(member.getValue());
                }
            }
        }
        return text.append('}').toString();
    }

    private void attribute(EntityStep step, String name, JsonNode attribute, StringBuilder text) {
        JsonNode old = step.before().get(name);
        text.append(attribute.isArray() ? "[" : "");
        int count = 0;
        for (JsonNode instance : AttributeReader.instances(attribute)) {
            String value = instance.toString();
            text.append(count++ == 0 ? "" : ",").append(value);
            String dataset = EntityReader.dataset(instance);
            if (!Documents.same(EntityMerge.instance(old, dataset), instance)) {
                past.add(name, instance, value);
            }
        }
        text.append(attribute.isArray() ? "]" : "");
        if (old != null) {
            vanished(name, old, AttributeReader.instances(attribute));
        }
    }

    /** What went away leaves a mark in its history. */
    private void vanished(String name, JsonNode old, Iterable<JsonNode> kept) {
        Map<String, JsonNode> gone = new LinkedHashMap<>();
        AttributeReader.instances(old).forEach(instance -> gone.put(EntityReader.dataset(instance), instance));
        kept.forEach(instance -> gone.remove(EntityReader.dataset(instance)));
        gone.values().forEach(was -> past.mark(name, was));
    }

    /** The statement that writes them, with its parameters. */
    StatementSpec bind(JdbcClient jdbc, EntityStatement.Way way) {
        boolean one = steps == 1
                && Math.max(past.size(), Math.max(rows.names.size(), placeCells.size())) <= EntityStatement.SHORT;
        EntityStatement statement = new EntityStatement(
                way,
                one,
                !types.isEmpty(),
                !rows.names.isEmpty(),
                !placeCells.isEmpty(),
                past.size() > 0,
                goneRows,
                gonePlaces);
        StatementSpec spec = jdbc.sql(statement.text()).param("at", at.atOffset(UTC));
        if (one) {
            entity(spec);
        } else {
            entities(spec);
        }
        if (statement.rows()) {
            rows(spec);
        }
        if (statement.places()) {
            spec.param("placesOf", numbers(placesOf))
                    .param("placeKinds", texts(placeKinds))
                    .param("placeNames", texts(placeNames))
                    .param("placeCells", placeCells.toArray(Long[]::new))
                    .param("placeCount", placeCells.size());
        }
        if (statement.types()) {
            spec.param("typesOf", numbers(typesOf)).param("types", texts(types)).param("typeCount", types.size());
        }
        if (statement.past()) {
            past.bind(spec).param("pastOf", numbers(pastOf)).param("pastCount", past.size());
        }
        return spec.param("goneOf", numbers(goneOf)).param("goneNames", texts(goneNames));
    }

    private void entity(StatementSpec spec) {
        spec.param("iids", iids.getFirst())
                .param("owners", owners.getFirst())
                .param("ids", ids.getFirst())
                .param("kinds", kinds.getFirst())
                .param("allKinds", allKinds.getFirst())
                .param("located", located.getFirst())
                .param("cells", cells.getFirst(), Types.BIGINT)
                .param("whats", whats.getFirst())
                .param("changed", changed.getFirst())
                .param("scopes", scopes.getFirst())
                .param("expiries", expiries.getFirst(), Types.VARCHAR)
                .param("partExpiries", partExpiries.getFirst(), Types.VARCHAR)
                .param("times", times.getFirst())
                .param("documents", documents.getFirst())
                .param("befores", befores.getFirst(), Types.VARCHAR);
    }

    private void entities(StatementSpec spec) {
        spec.param("iids", iids.toArray(Long[]::new))
                .param("owners", texts(owners))
                .param("ids", texts(ids))
                .param("kinds", texts(kinds))
                .param("allKinds", texts(allKinds))
                .param("located", located.toArray(Boolean[]::new))
                .param("cells", cells.toArray(Long[]::new))
                .param("whats", texts(whats))
                .param("changed", texts(changed))
                .param("scopes", texts(scopes))
                .param("expiries", texts(expiries))
                .param("partExpiries", texts(partExpiries))
                .param("times", texts(times))
                .param("documents", texts(documents))
                .param("befores", texts(befores));
    }

    private void rows(StatementSpec spec) {
        spec.param("rowsOf", numbers(rowsOf))
                .param("rowKinds", texts(rows.kinds))
                .param("rowNames", texts(rows.names))
                .param("rowDatasets", texts(rows.datasets))
                .param("rowOrdinals", numbers(rows.ordinals))
                .param("rowListed", rows.listed.toArray(Boolean[]::new))
                .param("rowNumbers", rows.numbers.toArray(Double[]::new))
                .param("rowTexts", texts(rows.texts))
                .param("rowMoments", texts(rows.moments))
                .param("rowCount", rows.names.size());
    }

    private static String[] texts(List<? extends @Nullable String> list) {
        return list.toArray(String[]::new);
    }

    private static Integer[] numbers(List<Integer> list) {
        return list.toArray(Integer[]::new);
    }
}
