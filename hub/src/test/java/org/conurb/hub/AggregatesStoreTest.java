package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.conurb.hub.Aggregates.Result;
import org.conurb.hub.Aggregation.Method;
import org.conurb.hub.TemporalQuery.Property;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class AggregatesStoreTest {
    private static final String CAR = "urn:ngsi-ld:Vehicle:1";
    private static final String ALL = "totalCount,distinctCount,sum,avg,min,max,stddev,sumsq";
    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

    private final Hub hub = new Hub(TestClock.at("2026-03-02T08:00:00Z"));
    private final Aggregates aggregates = new Aggregates(hub.transactions);
    private final Histories histories = new Histories(hub.transactions, 1_000);

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private record Point(Instant at, JsonNode value) {}

    /** Against a plain computation over the same random instances, in random periods and spans. */
    @Test
    void aggregatesAreWhatAPlainComputationComesTo() {
        Random random = new Random(7);
        Map<String, List<Point>> series = new TreeMap<>();
        for (String kind : List.of("number", "truth", "text", "list", "object", "moment", "date", "time", "link")) {
            List<Point> points = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                points.add(new Point(DAY.plusSeconds(random.nextInt(3 * 86_400)), value(kind, random)));
            }
            series.put(kind, points);
        }
        add(series);
        for (String period : List.of("PT0S", "PT1H", "PT7H13M", "P1D", "P1M", "P1MT1H", "PT0.5S")) {
            for (int round = 0; round < 4; round++) {
                Optional<Instant> from =
                        random.nextBoolean() ? Optional.of(DAY.plusSeconds(random.nextInt(86_400))) : Optional.empty();
                Optional<Instant> to = random.nextBoolean()
                        ? Optional.of(DAY.plusSeconds(86_400 + random.nextInt(86_400)))
                        : Optional.empty();
                compare(series, from, to, period);
            }
        }
    }

    private void compare(Map<String, List<Point>> series, Optional<Instant> from, Optional<Instant> to, String period) {
        Aggregation asked = Aggregation.of(Map.of("aggrMethods", ALL, "aggrPeriodDuration", period));
        List<Instant> moments = series.values().stream()
                .flatMap(List::stream)
                .map(Point::at)
                .filter(at -> from.map(start -> !at.isBefore(start)).orElse(true)
                        && to.map(at::isBefore).orElse(true))
                .sorted()
                .toList();
        Instant origin = from.orElse(moments.getFirst());
        Instant last = to.orElse(moments.getLast());
        Map<String, Map<String, List<Result>>> table = table(from, to, asked);
        series.forEach((name, points) -> {
            Map<Instant, List<JsonNode>> expected = new TreeMap<>();
            for (Point point : points) {
                if (!point.at().isBefore(from.orElse(Instant.MIN)) && point.at().isBefore(to.orElse(Instant.MAX))) {
                    expected.computeIfAbsent(start(asked, origin, point.at()), start -> new ArrayList<>())
                            .add(point.value());
                }
            }
            List<Result> results = table.get(name).get("");
            assertThat(results).as(name + period).hasSize(expected.size());
            for (Result result : results) {
                Instant end = asked.whole() ? last : start(asked, origin, result.start(), 1);
                assertThat(result.end()).as(name + period).isEqualTo(end);
                List<JsonNode> values = expected.get(result.start());
                for (Method method : Method.values()) {
                    Object plain = plain(method, name, values);
                    Object computed = result.values().get(method);
                    String what = "%s of %s by %s from %s".formatted(method, name, period, result.start());
                    if (plain instanceof Double number) {
                        double got = computed instanceof String time ? secondOfDay(time) : (double) computed;
                        assertThat(got)
                                .as(what)
                                .isCloseTo(
                                        number,
                                        within(computed instanceof String ? 1 : 1e-9 * Math.max(1, Math.abs(number))));
                    } else {
                        assertThat(computed).as(what).isEqualTo(plain);
                    }
                }
            }
        });
    }

    private static Instant start(Aggregation asked, Instant origin, Instant at) {
        return start(asked, origin, at, 0);
    }

    /** Start of the period that holds a moment, or of one behind that. */
    private static Instant start(Aggregation asked, Instant origin, Instant at, int behind) {
        if (asked.whole()) {
            return origin;
        }
        long n = asked.months() > 0
                ? 0
                : ChronoUnit.MICROS.between(origin, at) / (asked.rest().toNanos() / 1_000);
        while (!asked.start(origin, n + 1).isAfter(at)) {
            n++;
        }
        return asked.start(origin, n + behind);
    }

    private static Object plain(Method method, String kind, List<JsonNode> values) {
        if (method == Method.TOTAL_COUNT) {
            return (long) values.size();
        }
        if (method == Method.DISTINCT_COUNT) {
            Set<Object> distinct = new HashSet<>();
            for (JsonNode value : values) {
                if (kind.equals("link") && value.isArray()) {
                    value.forEach(target -> distinct.add(target.stringValue()));
                } else {
                    distinct.add(kind.equals("link") ? value.stringValue() : value.toString());
                }
            }
            return (long) distinct.size();
        }
        return switch (kind) {
            case "number" ->
                number(method, values.stream().map(JsonNode::asDouble).toList());
            case "truth" ->
                number(
                        method,
                        values.stream()
                                .map(value -> value.booleanValue() ? 1.0 : 0.0)
                                .toList());
            case "list" ->
                method == Method.STDDEV || method == Method.SUMSQ
                        ? null
                        : number(
                                method,
                                values.stream()
                                        .map(value -> (double) value.size())
                                        .toList());
            case "text" ->
                extreme(method, values.stream().map(JsonNode::stringValue).toList());
            case "moment", "date" ->
                extreme(method, values.stream().map(AggregatesStoreTest::typed).toList());
            case "time" ->
                method == Method.AVG
                        ? values.stream()
                                .mapToInt(value -> secondOfDay(typed(value)))
                                .average()
                                .orElseThrow()
                        : extreme(
                                method,
                                values.stream().map(AggregatesStoreTest::typed).toList());
            default -> null;
        };
    }

    private static int secondOfDay(String time) {
        return LocalTime.parse(time.replace("Z", "")).toSecondOfDay();
    }

    private static String typed(JsonNode value) {
        return value.get("@value").stringValue();
    }

    private static Double number(Method method, List<Double> numbers) {
        double sum = numbers.stream().mapToDouble(n -> n).sum();
        double mean = sum / numbers.size();
        return switch (method) {
            case SUM -> sum;
            case AVG -> mean;
            case MIN -> numbers.stream().min(Double::compare).orElseThrow();
            case MAX -> numbers.stream().max(Double::compare).orElseThrow();
            case STDDEV ->
                Math.sqrt(numbers.stream()
                                .mapToDouble(n -> (n - mean) * (n - mean))
                                .sum()
                        / numbers.size());
            case SUMSQ -> numbers.stream().mapToDouble(n -> n * n).sum();
            case TOTAL_COUNT, DISTINCT_COUNT -> throw new AssertionError(method);
        };
    }

    private static String extreme(Method method, List<String> texts) {
        return switch (method) {
            case MIN -> texts.stream().min(String::compareTo).orElseThrow();
            case MAX -> texts.stream().max(String::compareTo).orElseThrow();
            default -> null;
        };
    }

    private static JsonNode value(String kind, Random random) {
        String json = switch (kind) {
            case "number" -> String.valueOf(random.nextInt(2_000) / 8.0 - 100);
            case "truth" -> String.valueOf(random.nextBoolean());
            case "text" ->
                "\"%s\"".formatted(List.of("a", "B", "é", "a b", "10", "\\\"q").get(random.nextInt(6)));
            case "list" ->
                "[1,2,3,4]"
                        .substring(0, 2 + 2 * random.nextInt(4))
                        .replaceAll(",?$", "]")
                        .replace("[]]", "[]");
            case "object" -> "{\"a\":%d}".formatted(random.nextInt(3));
            case "moment" ->
                "{\"@type\":\"DateTime\",\"@value\":\"%s\"}".formatted(DAY.plusSeconds(random.nextInt(99)));
            case "date" ->
                "{\"@type\":\"Date\",\"@value\":\"%s\"}"
                        .formatted(DAY.atOffset(ZoneOffset.UTC).toLocalDate().plusDays(random.nextInt(999)));
            case "time" ->
                "{\"@type\":\"Time\",\"@value\":\"%02d:%02d:01Z\"}".formatted(random.nextInt(24), random.nextInt(60));
            default ->
                random.nextBoolean()
                        ? "\"urn:x:%d\"".formatted(random.nextInt(5))
                        : "[\"urn:x:%d\",\"urn:x:%d\"]".formatted(random.nextInt(5), random.nextInt(9));
        };
        return Json.mapper().readTree(json);
    }

    private void add(Map<String, List<Point>> series) {
        ObjectNode body = Json.mapper().createObjectNode();
        series.forEach((name, points) -> {
            ArrayNode instances = Json.mapper().createArrayNode();
            points.forEach(point -> instances
                    .addObject()
                    .put("observedAt", point.at().toString())
                    .set(name.equals("link") ? "object" : "value", point.value()));
            body.set(name, instances);
        });
        EvolutionReader.Fragment fragment = new EvolutionReader(LdContext.CORE).fragment(body);
        hub.transactions.doAs(
                List.of(Hub.FIRE),
                () -> new EvolutionRows(hub.transactions)
                        .create(Hub.FIRE, CAR, List.of("Vehicle"), fragment.rows(), hub.clock.instant()));
    }

    private Map<String, Map<String, List<Result>>> table(
            Optional<Instant> from, Optional<Instant> to, Aggregation asked) {
        TemporalQuery query = new TemporalQuery(Property.OBSERVED, from, to, OptionalInt.empty(), List.of());
        return hub.as(Hub.FIRE, () -> {
            Evolution evolution = histories.find(CAR).orElseThrow();
            List<Aggregates.Table> tables =
                    aggregates.of(List.of(new Histories.Span(evolution, from, to)), query, List.of(), Map.of(), asked);
            return tables.isEmpty() ? new LinkedHashMap<>() : tables.getFirst().byAttribute();
        });
    }

    @Test
    void aQuestionAboutTooMuchIsRefusedAndNotHalfAnswered() {
        hub.put(Entity.of(CAR, "Vehicle", Hub.FIRE).with("speed", Attribute.property(1)));
        hub.transactions.doAsSystem(() -> hub.transactions.jdbc().sql("""
                        insert into hub.attribute_instance
                               (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
                        select '', 'fire', (select iid from hub.entity), 'Vehicle', 'speed', '', t, t, t, '{"type":"Property","value":1}', 'n', 1
                          from generate_series(1, 1000001) n, lateral (select timestamptz '2026-01-01Z' + n * interval '1 second' as t) x
                        """).update());
        FakeAccess access = FakeAccess.to("fire");
        TemporalRetrieval retrieval = new TemporalRetrieval(hub.transactions, 1_000, Model.load(), access, hub.clock);
        Map<String, String> given = new HashMap<>(Map.of("format", "aggregatedValues", "aggrMethods", "sum,avg"));
        given.put("timeproperty", "observedAt");
        assertThat(fault(retrieval, given)).endsWith("/TooManyResults");
        given.putAll(Map.of("timerel", "after", "timeAt", "2026-01-01T00:00:02Z", "aggrPeriodDuration", "PT1S"));
        assertThat(fault(retrieval, given)).endsWith("/TooManyResults");
        given.put("aggrPeriodDuration", "P1D");
        JsonNode answer = Json.mapper()
                .readTree(retrieval
                        .one(Hub.DISPATCHER, CAR, TemporalAsked.of(given, LdContext.CORE, false))
                        .entities()
                        .getFirst());
        assertThat(answer.at("/speed/sum/0/0").asInt()).isEqualTo(86_400);
        assertThat(answer.at("/speed/sum").size()).isEqualTo(12);
    }

    private static String fault(TemporalRetrieval retrieval, Map<String, String> given) {
        try {
            retrieval.one(Hub.DISPATCHER, CAR, TemporalAsked.of(given, LdContext.CORE, false));
            return "none";
        } catch (NgsiLdFault fault) {
            return fault.type();
        }
    }

    /** Planned as the system role, for which a table that was never analysed is not taken for a nearly empty one. */
    @Test
    void theLastFewOfALongHistoryAreFoundByIndex() {
        hub.put(Entity.of(CAR, "Vehicle", Hub.FIRE).with("speed", Attribute.property(1)));
        String plan = hub.transactions.asSystem(() -> {
            hub.transactions.jdbc().sql("""
                    insert into hub.attribute_instance
                           (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
                    select '', 'fire', (select iid from hub.entity), 'Vehicle', 'speed', '', t, t, t, '{"type":"Property","value":1}', 'n', 1
                      from generate_series(1, 20000) n, lateral (select timestamptz '2026-01-01Z' + n * interval '1 second' as t) x
                    """).update();
            return String.join(
                    "\n",
                    hub.transactions
                            .jdbc()
                            .sql("explain (analyze, costs off, timing off, summary off, buffers off) "
                                    + Histories.statement(TemporalQuery.of(Map.of("lastN", "10"), false), List.of()))
                            .param("id", CAR)
                            .param("lo", "-infinity")
                            .param("hi", "infinity")
                            .param("most", 10)
                            .param("all", 20_000)
                            .query(String.class)
                            .list());
        });
        assertThat(plan).contains("attribute_instance_pkey").doesNotContain("Seq Scan on attribute_instance");
        assertThat(plan).doesNotContain("rows=20000").doesNotContain("rows=20001");
    }
}
