package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
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

    /** The scope is a property in history (clause 4.5.6); only a change of it makes any. */
    void scope(@Nullable JsonNode was, @Nullable JsonNode scope, String at) {
        if (!Documents.same(was, scope)) {
            ObjectNode property = Documents.none();
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
        add(name, instance, instance.toString());
    }

    /** The same, where it has been written already. */
    void add(String name, JsonNode instance, String text) {
        Measure measure = Measure.of(instance);
        add(name, instance, text, null, String.valueOf(measure.shape()), measure.number());
    }

    /** @param was an instance that is no more; its type and dataset are told on */
    void mark(String name, JsonNode was) {
        AttributeKind kind = AttributeKind.of(was);
        ObjectNode mark = Documents.none();
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
        add(name, mark, mark.toString(), deletedAt, null, null);
    }

    private void add(
            String name,
            JsonNode instance,
            String text,
            @Nullable String at,
            @Nullable String shape,
            @Nullable Double number) {
        JsonNode observedAt = instance.get("observedAt");
        names.add(name);
        datasets.add(EntityReader.dataset(instance));
        observed.add(observedAt == null ? null : observedAt.stringValue());
        recorded.add(at);
        values.add(text);
        shapes.add(shape);
        numbers.add(number);
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
