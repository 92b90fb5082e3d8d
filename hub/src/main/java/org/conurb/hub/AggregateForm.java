package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.conurb.hub.Aggregates.Result;
import org.conurb.hub.Aggregation.Method;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Aggregates as clients read them (GS CIM 009 clause 4.5.19): for each method, triples of value, start and end.
 *
 * @param named attributes that the client asked for by name: each must make sense for every method
 */
record AggregateForm(TemporalForm form, Aggregation asked, Set<String> named) {
    private static final double MOST_EXACT = 1L << 53;

    String of(Aggregates.Table table) {
        StringBuilder json = form.head(table.evolution());
        table.byAttribute().forEach((name, byDataset) -> {
            List<ObjectNode> all = new ArrayList<>();
            byDataset.forEach((dataset, results) -> {
                ObjectNode attribute = attribute(name, dataset, results);
                if (attribute != null) {
                    all.add(attribute);
                }
            });
            if (!all.isEmpty() && form.form().projection().keeps(name)) {
                TemporalForm.member(json, form.form().context().compact(name));
                json.append(TemporalForm.oneOrMany(all));
            }
        });
        return json.append('}').toString();
    }

    /** Null where no method makes sense of it. */
    private @Nullable ObjectNode attribute(String name, String dataset, List<Result> results) {
        ObjectNode attribute = Json.mapper().createObjectNode();
        AttributeKind kind =
                results.getFirst().shape() == Measure.LINK ? AttributeKind.RELATIONSHIP : AttributeKind.PROPERTY;
        attribute.put("type", kind.type());
        if (!dataset.isEmpty()) {
            attribute.put("datasetId", dataset);
        }
        boolean some = false;
        for (Method method : asked.methods()) {
            ArrayNode triples = method.counts() ? counts(method, results) : values(method, results);
            if (!triples.isEmpty()) {
                attribute.set(method.code(), triples);
                some = true;
            } else if (named.contains(name)) {
                throw NgsiLdFault.invalid(
                        "%s makes no sense of the values of %s."
                                .formatted(method.code(), form.form().context().compact(name)),
                        "Leave out the method, or the attribute.");
            }
        }
        return some ? attribute : null;
    }

    /** Values of all shapes count. */
    private static ArrayNode counts(Method method, List<Result> results) {
        ArrayNode triples = Json.mapper().createArrayNode();
        for (int i = 0; i < results.size(); ) {
            Result first = results.get(i);
            long count = 0;
            for (; i < results.size() && results.get(i).start().equals(first.start()); i++) {
                count += (long) results.get(i).values().getOrDefault(method, 0L);
            }
            triples.add(triple(count, first));
        }
        return triples;
    }

    /** Of each period the shape that most values have, among those of which the method makes sense. */
    private static ArrayNode values(Method method, List<Result> results) {
        ArrayNode triples = Json.mapper().createArrayNode();
        @Nullable Result last = null;
        for (Result result : results) {
            @Nullable Object value = result.values().get(method);
            if (value != null && (last == null || !last.start().equals(result.start()))) {
                triples.add(triple(value, result));
                last = result;
            }
        }
        return triples;
    }

    private static ArrayNode triple(Object value, Result result) {
        ArrayNode triple = Json.mapper().createArrayNode();
        switch (value) {
            case Long count -> triple.add(count);
            case Double number
            when number == Math.rint(number) && Math.abs(number) < MOST_EXACT -> triple.add(number.longValue());
            case Double number -> triple.add(number);
            default -> triple.add(value.toString());
        }
        return triple.add(result.start().toString()).add(result.end().toString());
    }
}
