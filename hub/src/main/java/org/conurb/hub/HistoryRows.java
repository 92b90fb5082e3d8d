package org.conurb.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Instances of attributes on their way into history, as columns ready for {@code unnest}. What is taken away leaves a
 * mark: an instance whose value is NGSI-LD's null, and which has no {@link Measure} (GS CIM 009 clause 4.5.7).
 */
final class HistoryRows {
    /** Name of the scope in history, where it is a property (clause 4.5.6); no attribute has it. */
    static final String SCOPE = "scope";

    /** Appends to the history of what {@code e (iid, tenant)} names; parameters owner, kind and at besides {@link #bind}. */
    static final String INSERT = """
            insert into hub.attribute_instance
                   (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
              select e.tenant, :owner, e.iid, :kind, x.name, x.dataset, coalesce(x.observed, x.recorded, :at), x.observed, coalesce(x.recorded, :at),
                     x.value, x.shape, x.number
                from e, unnest(:pastNames, :pastDatasets, cast(:pastObserved as timestamptz[]), cast(:pastRecorded as timestamptz[]),
                               :pastValues, :pastShapes, :pastNumbers) as x (name, dataset, observed, recorded, value, shape, number)
            """;

    private final List<String> names = new ArrayList<>();
    private final List<String> datasets = new ArrayList<>();
    private final List<@Nullable String> observed = new ArrayList<>();
    private final List<@Nullable String> recorded = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<@Nullable String> shapes = new ArrayList<>();
    private final List<@Nullable Double> numbers = new ArrayList<>();

    int size() {
        return names.size();
    }

    /** Only what differs makes history: each dataset's instance by itself. */
    void differences(Collection<String> changed, ObjectNode before, ObjectNode after, String at) {
        for (String name : changed) {
            Map<String, JsonNode> old = byDataset(before.get(name));
            byDataset(after.get(name)).forEach((dataset, instance) -> {
                JsonNode was = old.remove(dataset);
                if (!Entities.same(was, instance)) {
                    add(name, instance);
                }
            });
            old.forEach((dataset, was) -> mark(name, was));
        }
        JsonNode was = before.get(SCOPE);
        JsonNode scope = after.get(SCOPE);
        if (!Entities.same(was, scope)) {
            ObjectNode property = Json.mapper().createObjectNode();
            property.put("type", AttributeKind.PROPERTY.type());
            if (scope == null) {
                mark(SCOPE, property);
            } else {
                add(SCOPE, property.set("value", scope).put("observedAt", at));
            }
        }
    }

    /** @param instance as kept, with its type and value */
    void add(String name, JsonNode instance) {
        Measure measure = Measure.of(instance);
        add(name, instance, null, String.valueOf(measure.shape()), measure.number());
    }

    /** @param was an instance that is no more; its type and dataset are told on */
    void mark(String name, JsonNode was) {
        AttributeKind kind = AttributeKind.of(was);
        ObjectNode mark = Json.mapper().createObjectNode();
        mark.put("type", kind.type());
        mark.set(kind.member(), kind.nothing());
        JsonNode dataset = was.get("datasetId");
        if (dataset != null) {
            mark.set("datasetId", dataset);
        }
        mark(name, mark, null);
    }

    /**
     * @param mark its value is NGSI-LD's null
     * @param deletedAt when it was taken away; null for the moment of writing
     */
    void mark(String name, ObjectNode mark, @Nullable String deletedAt) {
        add(name, mark, deletedAt, null, null);
    }

    private void add(
            String name, JsonNode instance, @Nullable String at, @Nullable String shape, @Nullable Double number) {
        JsonNode observedAt = instance.get("observedAt");
        names.add(name);
        datasets.add(EntityReader.dataset(instance));
        observed.add(observedAt == null ? null : observedAt.stringValue());
        recorded.add(at);
        values.add(instance.toString());
        shapes.add(shape);
        numbers.add(number);
    }

    private static Map<String, JsonNode> byDataset(@Nullable JsonNode attribute) {
        Map<String, JsonNode> instances = new LinkedHashMap<>();
        if (attribute != null) {
            for (JsonNode one : attribute.isArray() ? attribute : List.of(attribute)) {
                instances.put(EntityReader.dataset(one), one);
            }
        }
        return instances;
    }

    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("pastNames", names.toArray(String[]::new))
                .param("pastDatasets", datasets.toArray(String[]::new))
                .param("pastObserved", observed.toArray(String[]::new))
                .param("pastRecorded", recorded.toArray(String[]::new))
                .param("pastValues", values.toArray(String[]::new))
                .param("pastShapes", shapes.toArray(String[]::new))
                .param("pastNumbers", numbers.toArray(Double[]::new));
    }
}
