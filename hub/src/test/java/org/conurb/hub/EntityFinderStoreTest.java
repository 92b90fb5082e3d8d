package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** 20,000 sensors and some plans, most of them another organisation's, asked for in every way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EntityFinderStoreTest {
    private static final int MANY = 20_000;
    private static final int OURS = 5;

    private final Hub hub = new Hub();
    private final FakeAccess access = FakeAccess.to("fire");
    private final Map<String, double[]> places = new HashMap<>();

    @BeforeAll
    void fill() {
        Random random = new Random(3);
        for (int start = 0; start < MANY; start += 500) {
            int first = start;
            hub.transactions.doAs(Set.of(FIRE, Hub.POLICE), () -> {
                for (int n = first; n < first + 500; n++) {
                    put(random, n);
                }
            });
        }
    }

    private void put(Random random, int n) {
        double x = 7 + random.nextDouble();
        double y = 43 + random.nextDouble();
        String id = "urn:ngsi-ld:Sensor:" + n;
        OrganisationId owner = n % OURS == 0 ? FIRE : Hub.POLICE;
        if (owner.equals(FIRE)) {
            places.put(id, new double[] {x, y});
        }
        hub.entities.put(
                Hub.DISPATCHER,
                Entity.of(id, "Sensor", owner)
                        .with("n", Attribute.property(n))
                        .with("tag", Attribute.property("t" + n % 1_000))
                        .with("half", Attribute.property(n % 2 == 0))
                        .with("seen", Attribute.property("2026-03-01T08:%02d:%02dZ".formatted(n / 60 % 60, n % 60)))
                        .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(x, y)))));
    }

    @AfterAll
    void close() throws Exception {
        hub.close();
    }

    private Found.Page find(String... parameters) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            given.put(parameters[i], parameters[i + 1]);
        }
        EntityQuery query = EntityQuery.of(given, LdContext.CORE);
        return hub.as(
                FIRE,
                () -> new EntityFinder(hub.transactions).find(query, new Sight(access, Model.load(), Hub.DISPATCHER)));
    }

    private static List<String> ids(Found.Page page) {
        return page.entities().stream()
                .map(found -> found.document().path("id").stringValue())
                .toList();
    }

    @Test
    void nearAndWithinEqualWhatLookingAtEachOneFinds() {
        Random random = new Random(5);
        for (int run = 0; run < 20; run++) {
            double x = 7 + random.nextDouble();
            double y = 43 + random.nextDouble();
            double metres = 200 + random.nextDouble() * 3_000;
            var point = Geometries.FACTORY.createPoint(new org.locationtech.jts.geom.Coordinate(x, y));
            Set<String> expected = new HashSet<>();
            places.forEach((id, place) -> {
                var target =
                        Geometries.FACTORY.createPoint(new org.locationtech.jts.geom.Coordinate(place[0], place[1]));
                if (Geometries.metres(point, target) <= metres) {
                    expected.add(id);
                }
            });
            assertThat(ids(find(
                            "type",
                            "Sensor",
                            "limit",
                            "1000",
                            "georel",
                            "near;maxDistance==%.3f".formatted(metres),
                            "geometry",
                            "Point",
                            "coordinates",
                            "[%s,%s]".formatted(x, y))))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void broadAndNarrowQueriesPageThroughAllThatMatches() {
        for (String q : List.of(
                "n>=0",
                "half==true",
                "n>19000",
                "tag==\"t5\"",
                "n<4000;half==true",
                "n>5000;n<5600",
                "n>10000;n<=11000;half==true",
                "seen>2026-03-01T08:30:00Z|n<100")) {
            List<String> all = new ArrayList<>();
            String cursor = null;
            do {
                Found.Page page = cursor == null
                        ? find("type", "Sensor", "q", q, "limit", "700")
                        : find("type", "Sensor", "q", q, "limit", "700", "cursor", cursor);
                all.addAll(ids(page));
                cursor = page.next().map(Cursor::write).orElse(null);
            } while (cursor != null);
            Query query = QueryReader.read(q, LdContext.CORE);
            long expected = hub
                    .as(
                            FIRE,
                            () -> hub.transactions
                                    .jdbc()
                                    .sql(
                                            "select iid, organisation_id, created_at, at, version, document from hub.entity")
                                    .query(EntityRows::stored)
                                    .list())
                    .stream()
                    .filter(row -> QueryMatch.matches(query, row.document()))
                    .count();
            assertThat(all).as(q).doesNotHaveDuplicates().hasSize((int) expected);
        }
    }

    @Test
    void countsAreExact() {
        assertThat(find("type", "Sensor", "count", "true", "limit", "1").count())
                .hasValue(MANY / OURS);
        assertThat(find("type", "Sensor", "q", "n<1000", "count", "true", "limit", "1")
                        .count())
                .hasValue(200);
    }

    @Test
    void whatOthersOwnIsNeverLookedThrough() {
        assertThat(plan("n==10")).contains("attribute_number");
        assertThat(plan("n>=19990")).contains("attribute_number");
        assertThat(plan("n>5000;n<5060")).contains("attribute_number").contains("attribute_listed");
        assertThat(plan("tag==\"t5\"")).contains("attribute_text");
        assertThat(plan("seen==2026-03-01T08:00:05Z")).contains("attribute_moment");
        assertThat(planOf(EntityQuery.of(
                        Map.of(
                                "type",
                                "Sensor",
                                "georel",
                                "near;maxDistance==500",
                                "geometry",
                                "Point",
                                "coordinates",
                                "[7.5,43.5]"),
                        LdContext.CORE)))
                .contains("place_pkey");
    }

    private String plan(String q) {
        return planOf(EntityQuery.of(Map.of("type", "Sensor", "q", q), LdContext.CORE));
    }

    /** As the application role, under row-level security: by index, and with every condition that matters inside it. */
    private String planOf(EntityQuery query) {
        QuerySql sql = new QuerySql(true);
        sql.params().put("owners", new String[] {"fire"});
        sql.params().put("kinds", new String[] {"Sensor"});
        String driver = sql.drivers(query).getFirst().sql();
        String plan = hub.as(
                FIRE,
                () -> String.join(
                        "\n",
                        hub.transactions
                                .jdbc()
                                .sql("explain (analyze, buffers, costs off) select iid from (%s) x limit 1001"
                                        .formatted(driver))
                                .params(sql.params())
                                .query(String.class)
                                .list()));
        assertThat(plan).doesNotContain("Seq Scan on attribute").doesNotContain("Seq Scan on place");
        java.util.regex.Matcher hits =
                java.util.regex.Pattern.compile("Buffers: shared hit=(\\d+)").matcher(plan);
        assertThat(hits.find()).isTrue();
        assertThat(Integer.parseInt(hits.group(1))).as(plan).isLessThan(300);
        return plan;
    }

    @Test
    void aListByTypeReadsOnlyItsPage() {
        String plan = hub.as(
                FIRE,
                () -> String.join(
                        "\n",
                        hub.transactions.jdbc().sql("""
                                explain (analyze, buffers, costs off)
                                select distinct y.iid from unnest(array['fire']) o (v) cross join unnest(array['Sensor']) k (v) cross join lateral (
                                  select z.iid from hub.entity_type z
                                   where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid > 5000
                                   order by z.iid limit 21) y order by y.iid limit 21
                                """).query(String.class).list()));
        assertThat(plan).contains("entity_type_pkey").doesNotContain("Seq Scan");
    }
}
