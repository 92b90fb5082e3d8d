package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides conditions on histories: each comparison holds where some instance within the time asked bears it out. One
 * statement brings the first instances that may, for all entities and comparisons; only where none of these is a witness,
 * the rest is looked through, up to a bound.
 */
final class Witnesses {
    private static final int FIRST = 20;
    private static final int NEXT = 1_000;
    private static final int MOST_LOOKED_AT = 200_000;

    private final Transactions transactions;

    Witnesses(Transactions transactions) {
        this.transactions = transactions;
    }

    /** One comparison, or the geo-query. */
    private record Claim(String attribute, String condition, Predicate<ObjectNode> holds) {}

    private record Row(OffsetDateTime moment, long hid, ObjectNode instance) {}

    /**
     * Numbers of those entities for which the query's conditions hold.
     *
     * @param hidden attributes that may not be asked for, by number; only where there are such
     */
    Set<Long> matching(
            List<Evolution> entities,
            EntityQuery query,
            TemporalQuery time,
            Map<Long, Set<String>> hidden,
            HistorySql sql) {
        List<Claim> claims = claims(query, sql);
        if (claims.isEmpty() || entities.isEmpty()) {
            return new HashSet<>(entities.stream().map(Evolution::iid).toList());
        }
        Map<Long, List<List<Row>>> first = first(entities, claims, time, sql);
        Set<Long> matching = new HashSet<>();
        int[] looked = new int[1];
        for (Evolution entity : entities) {
            List<List<Row>> rows = Objects.requireNonNull(first.get(entity.iid()));
            Set<String> unseen = hidden.getOrDefault(entity.iid(), Set.of());
            ObjectNode witnesses = Json.mapper().createObjectNode();
            for (int i = 0; i < claims.size(); i++) {
                Claim claim = claims.get(i);
                if (!unseen.contains(claim.attribute())) {
                    witness(entity.iid(), claim, rows.get(i), time, sql, looked, witnesses);
                }
            }
            witnesses.put("createdAt", entity.createdAt().toString());
            witnesses.put("modifiedAt", entity.modifiedAt().toString());
            if (query.q().map(q -> QueryMatch.matches(q, witnesses)).orElse(true)
                    && query.geo().map(geo -> geo.matches(witnesses)).orElse(true)) {
                matching.add(entity.iid());
            }
        }
        return matching;
    }

    private static List<Claim> claims(EntityQuery query, HistorySql sql) {
        List<Claim> claims = new ArrayList<>();
        query.q()
                .ifPresent(q -> q.terms()
                        .filter(term -> !term.path().system())
                        .forEach(term -> claims.add(new Claim(
                                term.path().attribute(),
                                sql.condition(term),
                                term.operator() == Query.Operator.ABSENT
                                                && term.path().plain()
                                        ? one -> true // being there is all it can tell
                                        : one -> QueryMatch.matches(term, one)))));
        query.geo().ifPresent(geo -> claims.add(new Claim(geo.property(), sql.place(geo), geo::matches)));
        return claims;
    }

    private Map<Long, List<List<Row>>> first(
            List<Evolution> entities, List<Claim> claims, TemporalQuery time, HistorySql sql) {
        Map<Long, List<List<Row>>> first = new HashMap<>();
        for (Evolution entity : entities) {
            first.put(
                    entity.iid(),
                    claims.stream()
                            .map(claim -> (List<Row>) new ArrayList<Row>())
                            .toList());
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            parts.add("""
                    (select c.iid, %d as claim, x.* from unnest(:iids) c (iid) cross join lateral (
                      select h.hid, %s as moment, h.recorded_at, h.modified_at, h.value from hub.attribute_instance h
                       where h.iid = c.iid and %s and %s order by moment, h.hid limit %d) x)
                    """.formatted(
                    i, time.property().moment(), sql.within(), claims.get(i).condition(), FIRST));
        }
        transactions
                .jdbc()
                .sql(String.join(" union all ", parts))
                .params(sql.params().byName())
                .param("iids", entities.stream().map(Evolution::iid).toArray(Long[]::new))
                .query((ResultSet row) -> {
                    Objects.requireNonNull(first.get(row.getLong("iid")))
                            .get(row.getInt("claim"))
                            .add(row(row));
                });
        return first;
    }

    /** With what the hub itself knows of it, which may be asked for, too. */
    private static Row row(ResultSet row) throws SQLException {
        ObjectNode instance = (ObjectNode) Json.mapper().readTree(row.getString("value"));
        OffsetDateTime createdAt = row.getObject("recorded_at", OffsetDateTime.class);
        OffsetDateTime modifiedAt = row.getObject("modified_at", OffsetDateTime.class);
        instance.put("createdAt", createdAt.toInstant().toString());
        instance.put(
                "modifiedAt",
                (modifiedAt == null ? createdAt : modifiedAt).toInstant().toString());
        return new Row(row.getObject("moment", OffsetDateTime.class), row.getLong("hid"), instance);
    }

    /** Puts some instance among the attributes, which tells that there is the attribute, and a witness where there is one. */
    private void witness(
            long iid,
            Claim claim,
            List<Row> first,
            TemporalQuery time,
            HistorySql sql,
            int[] looked,
            ObjectNode witnesses) {
        List<Row> rows = first;
        int most = FIRST;
        if (!rows.isEmpty()) {
            put(witnesses, claim.attribute(), rows.getFirst().instance());
        }
        while (!rows.isEmpty()) {
            for (Row row : rows) {
                ObjectNode alone = Json.mapper().createObjectNode().set(claim.attribute(), row.instance());
                if (claim.holds().test(alone)) {
                    put(witnesses, claim.attribute(), row.instance());
                    return;
                }
            }
            looked[0] += rows.size();
            if (looked[0] > MOST_LOOKED_AT) {
                throw NgsiLdFault.tooComplexQuery(
                        "More than %d instances would have to be looked at.".formatted(MOST_LOOKED_AT),
                        "Ask for a shorter time, or narrow the query down.");
            }
            if (rows.size() < most) {
                return;
            }
            rows = behind(iid, claim, rows.getLast(), time, sql);
            most = NEXT;
        }
    }

    private List<Row> behind(long iid, Claim claim, Row last, TemporalQuery time, HistorySql sql) {
        String moment = time.property().moment();
        return transactions
                .jdbc()
                .sql("""
                        select h.hid, %1$s as moment, h.recorded_at, h.modified_at, h.value from hub.attribute_instance h
                         where h.iid = :iid and %2$s and %3$s and (%1$s, h.hid) > (:last, :hid)
                         order by moment, h.hid limit %4$d
                        """.formatted(moment, sql.within(), claim.condition(), NEXT))
                .params(sql.params().byName())
                .param("iid", iid)
                .param("last", last.moment())
                .param("hid", last.hid())
                .query((row, n) -> row(row))
                .list();
    }

    private static void put(ObjectNode witnesses, String attribute, JsonNode instance) {
        JsonNode there = witnesses.get(attribute);
        if (there instanceof ArrayNode many) {
            many.add(instance);
        } else {
            witnesses.set(attribute, Json.mapper().createArrayNode().add(instance));
        }
    }
}
