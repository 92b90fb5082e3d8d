package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what attributes were: for each the newest first by index, however long the history. */
final class Histories {
    private static final String OBSERVED = "h.observed_at is not null and h.at >= :from and h.at < :to";
    private static final String RECORDED = "h.recorded_at >= :from and h.recorded_at < :to";

    private final Transactions transactions;

    Histories(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * @param observedAt null where only the writing is known
     * @param value null where the attribute was taken away
     */
    private record Instance(
            long iid,
            long hid,
            String name,
            @Nullable Instant observedAt,
            Instant recordedAt,
            @Nullable String value) {}

    /**
     * One entity's history.
     *
     * @param cut whether some attribute has more than was asked
     */
    record History(ObjectNode entity, boolean cut) {}

    /** Histories of these entities, in their order, each without what it hides. */
    List<History> of(
            Collection<Found> entities, TemporalQuery query, Set<String> names, Representation form, boolean values) {
        Map<Long, Map<String, List<Instance>>> byEntity = new LinkedHashMap<>();
        Long[] iids = entities.stream().map(found -> found.stored().iid()).toArray(Long[]::new);
        for (Instance instance : read(iids, query, names)) {
            byEntity.computeIfAbsent(instance.iid, iid -> new LinkedHashMap<>())
                    .computeIfAbsent(instance.name, name -> new java.util.ArrayList<>())
                    .add(instance);
        }
        return entities.stream()
                .map(found -> history(
                        found,
                        Optional.ofNullable(byEntity.get(found.stored().iid())).orElse(Map.of()),
                        query,
                        form,
                        values))
                .toList();
    }

    private List<Instance> read(Long[] iids, TemporalQuery query, Set<String> names) {
        return transactions
                .jdbc()
                .sql("""
                        with recursive n as (
                          select i.iid, (select h.name from hub.attribute_instance h where h.iid = i.iid order by h.name limit 1) as name
                            from unnest(:iids) i (iid)
                          union all
                          select n.iid, (select h.name from hub.attribute_instance h where h.iid = n.iid and h.name > n.name order by h.name limit 1)
                            from n where n.name is not null
                        )
                        select n.iid, x.* from n cross join lateral (
                          select h.hid, h.name, h.at, h.observed_at, h.recorded_at, h.value from hub.attribute_instance h
                           where h.iid = n.iid and h.name = n.name and %s
                           order by h.at desc, h.hid desc limit :most) x
                         where n.name is not null and (:all or n.name = any(:names))
                         order by n.iid, x.name, x.at, x.hid
                        """.formatted(query.observed() ? OBSERVED : RECORDED))
                .param("iids", iids)
                .param("from", query.from().atOffset(UTC))
                .param("to", query.to().atOffset(UTC))
                .param("most", query.last() + 1)
                .param("all", names.isEmpty())
                .param("names", names.toArray(String[]::new))
                .query(Histories::instance)
                .list();
    }

    private static Instance instance(ResultSet row, int n) throws SQLException {
        OffsetDateTime observed = row.getObject("observed_at", OffsetDateTime.class);
        return new Instance(
                row.getLong("iid"),
                row.getLong("hid"),
                row.getString("name"),
                observed == null ? null : observed.toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getString("value"));
    }

    private static History history(
            Found found, Map<String, List<Instance>> byName, TemporalQuery query, Representation form, boolean values) {
        ObjectNode entity = Json.mapper().createObjectNode();
        entity.set("id", found.document().path("id"));
        entity.set("type", found.document().path("type"));
        boolean cut = false;
        for (Map.Entry<String, List<Instance>> attribute : byName.entrySet()) {
            if (found.hidden().contains(attribute.getKey())) {
                continue;
            }
            List<Instance> instances = attribute.getValue();
            if (instances.size() > query.last()) {
                instances = instances.subList(instances.size() - query.last(), instances.size());
                cut = true;
            }
            String name = form.context().compact(attribute.getKey());
            entity.set(name, values ? values(instances) : instances(instances, form));
        }
        return new History(entity, cut && query.whole());
    }

    private static ArrayNode instances(List<Instance> instances, Representation form) {
        ArrayNode all = Json.mapper().createArrayNode();
        for (Instance instance : instances) {
            ObjectNode node = node(instance);
            if (instance.value != null) {
                node = (ObjectNode) form.attribute(node);
            }
            node.put("instanceId", "urn:ngsi-ld:Instance:" + instance.hid);
            node.put(instance.value == null ? "deletedAt" : "modifiedAt", instance.recordedAt.toString());
            all.add(node);
        }
        return all;
    }

    private static ObjectNode node(Instance instance) {
        return instance.value == null
                ? Json.mapper()
                        .createObjectNode()
                        .put("type", AttributeKind.PROPERTY.type())
                        .put("value", EntityReader.NULL)
                : (ObjectNode) Json.mapper().readTree(instance.value);
    }

    /** The short form: pairs of value and moment (clause 4.5.9). */
    private static ObjectNode values(List<Instance> instances) {
        ObjectNode node = Json.mapper().createObjectNode();
        ArrayNode pairs = Json.mapper().createArrayNode();
        AttributeKind kind = AttributeKind.PROPERTY;
        for (Instance instance : instances) {
            JsonNode kept = node(instance);
            kind = AttributeKind.of(kept);
            ArrayNode pair = Json.mapper().createArrayNode();
            pair.add(kept.path(kind.member()));
            Instant at = instance.observedAt == null ? instance.recordedAt : instance.observedAt;
            pair.add(at.toString());
            pairs.add(pair);
        }
        node.put("type", kind.type());
        node.set(plural(kind), pairs);
        return node;
    }

    private static String plural(AttributeKind kind) {
        return switch (kind) {
            case PROPERTY, GEO -> "values";
            case RELATIONSHIP -> "objects";
            case LANGUAGE -> "languageMaps";
            case VOCAB -> "vocabs";
            case JSON -> "jsons";
            case LIST -> "valueLists";
            case LIST_RELATIONSHIP -> "objectLists";
        };
    }
}
