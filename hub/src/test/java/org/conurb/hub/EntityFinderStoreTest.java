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
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

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
                Drafts drafts = hub.entities.drafts();
                for (int n = first; n < first + 500; n++) {
                    draft(random, n, drafts);
                }
                hub.entities.write(drafts);
            });
        }
        mixed();
    }

    private void draft(Random random, int n, Drafts drafts) {
        double x = 7 + random.nextDouble();
        double y = 43 + random.nextDouble();
        String id = "urn:ngsi-ld:Sensor:" + n;
        OrganisationId owner = n % OURS == 0 ? FIRE : Hub.POLICE;
        if (owner.equals(FIRE)) {
            places.put(id, new double[] {x, y});
        }
        ObjectNode document = Documents.of(Entity.of(id, "Sensor", owner)
                .with("n", Attribute.property(n))
                .with("tag", Attribute.property("t" + n % 1_000))
                .with("half", Attribute.property(n % 2 == 0))
                .with("seen", Attribute.property("2026-03-01T08:%02d:%02dZ".formatted(n / 60 % 60, n % 60)))
                .with("location", Attribute.geo(Map.of("type", "Point", "coordinates", List.of(x, y)))));
        document.put("scope", "/Alder/N" + n % 1_000);
        drafts.put(id, owner, document);
    }

    /** Values of every kind, several of them alike. */
    private void mixed() {
        String[] values = {
            "3",
            "-7.5",
            "\"b\"",
            "\"a\"",
            "\"\uD83D\uDE00\"",
            "\"\uFFFD\"",
            "true",
            "false",
            "[2,1]",
            "{\"z\":1}",
            "\"true\""
        };
        for (int n = 0; n < 66; n++) {
            ObjectNode body =
                    (ObjectNode) Json.mapper().readTree("{\"id\":\"urn:x:%02d\",\"type\":\"Mix\"}".formatted(n));
            if (n % 12 < 11) {
                body.set("m", Json.mapper().readTree("{\"value\":%s}".formatted(values[n % 12])));
            }
            if (n % 13 == 0) {
                body.set(
                        "m",
                        Json.mapper()
                                .readTree("[{\"value\":%d},{\"value\":0,\"datasetId\":\"urn:d:1\"}]".formatted(n)));
            }
            hub.transactions.doAs(
                    Set.of(FIRE), () -> hub.entities.write(FIRE, new EntityReader(LdContext.CORE).entity(body)));
        }
    }

    @AfterAll
    void close() throws Exception {
        hub.close();
    }

    private static EntityQuery query(String... parameters) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            given.put(parameters[i], parameters[i + 1]);
        }
        return EntityQuery.of(given, LdContext.CORE);
    }

    private Found.Page find(String... parameters) {
        EntityQuery query = query(parameters);
        return hub.as(
                FIRE,
                () -> new EntityFinder(hub.transactions)
                        .find(query, new Sight(access, Model.load(), Hub.DISPATCHER, hub.clock.instant())));
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
            long expected = stored().stream()
                    .filter(row -> QueryMatch.matches(query, row.seen()))
                    .count();
            assertThat(all).as(q).doesNotHaveDuplicates().hasSize((int) expected);
        }
    }

    @Test
    void anOrderIsThatOfAllMatchesOnEveryPageForthAndBack() {
        for (String[] asked : new String[][] {
            {"Sensor", "n", ""},
            {"Sensor", "n;desc", ""},
            {"Sensor", "tag", ""},
            {"Sensor", "tag;desc", "half==true"},
            {"Sensor", "n;desc", "tag==\"t5\""},
            {"Sensor", "nothing", "n>19000"},
            {"Sensor", "nothing;desc", ""},
            {"Sensor", "half,n;desc", ""},
            {"Sensor", "id;desc", "n<2000"},
            {"Sensor", "seen;desc,id", "n>=18000"},
            {"Mix", "m", ""},
            {"Mix", "m;desc", ""},
            {"Mix", "m,id;desc", ""},
            {"Mix", "createdAt;desc", ""}
        }) {
            List<String> parameters = new ArrayList<>(List.of("type", asked[0], "orderBy", asked[1]));
            if (!asked[2].isEmpty()) {
                parameters.addAll(List.of("q", asked[2]));
            }
            List<String> expected = sorted(parameters.toArray(String[]::new));
            String limit = String.valueOf(Math.max(7, expected.size() / 4));
            parameters.addAll(List.of("limit", limit));
            List<Found.Page> pages = new ArrayList<>();
            Found.Page page = find(parameters.toArray(String[]::new));
            pages.add(page);
            while (page.next().isPresent()) {
                page = find(with(parameters, page.next().get()));
                pages.add(page);
            }
            assertThat(pages.stream().flatMap(one -> ids(one).stream()).toList())
                    .as(String.join(" ", asked))
                    .isEqualTo(expected);
            for (int n = pages.size() - 1; n > 0; n--) {
                Found.Page before =
                        find(with(parameters, pages.get(n).previous().orElseThrow()));
                assertThat(ids(before)).as(String.join(" ", asked) + n).isEqualTo(ids(pages.get(n - 1)));
            }
        }
    }

    private static String[] with(List<String> parameters, Cursor cursor) {
        List<String> more = new ArrayList<>(parameters);
        more.addAll(List.of("cursor", cursor.write()));
        return more.toArray(String[]::new);
    }

    /** What looking at each one and sorting them gives. */
    private List<String> sorted(String... parameters) {
        EntityQuery query = query(parameters);
        Ordering ordering = query.ordering();
        return stored().stream()
                .filter(row -> query.matches(row.seen(), Stored.types(row.seen()), id -> null))
                .map(row -> {
                    ObjectNode document = row.document();
                    row.putTimes(document);
                    return Map.entry(row, ordering.keys(document));
                })
                .sorted((a, b) -> ordering.compare(
                        a.getValue(), a.getKey().iid(), b.getValue(), b.getKey().iid()))
                .map(one -> one.getKey().id())
                .toList();
    }

    private List<Stored> stored() {
        return hub.as(
                FIRE,
                () -> hub.transactions
                        .jdbc()
                        .sql("select %s from hub.entity e".formatted(EntityRows.COLUMNS))
                        .query((row, n) -> EntityRows.stored(row, hub.clock.instant()))
                        .list());
    }

    @Test
    void valuesAreOrderedByTheirKindAndWhatIsAbsentComesLast() {
        assertThat(find("type", "Mix", "orderBy", "m", "limit", "100").entities().stream()
                        .map(found -> found.document().path("m").path("value").toString())
                        .distinct()
                        .toList())
                .containsSubsequence(
                        "-7.5",
                        "3",
                        "\"a\"",
                        "\"b\"",
                        "\"\uFFFD\"",
                        "\"\uD83D\uDE00\"",
                        "{\"z\":1}",
                        "[2,1]",
                        "false",
                        "true");
    }

    @Test
    void theNearestComeFirstHoweverFarTheyAre() {
        for (String from : List.of("[7.5,43.5]", "[7.01,43.99]", "[20,50]")) {
            String[] asked = {"type", "Sensor", "orderBy", "location;dist-asc", "orderFrom", from, "limit", "25"};
            List<String> expected = sorted(asked);
            List<String> all = new ArrayList<>();
            Found.Page page = find(asked);
            for (int n = 0; n < 4; n++) {
                all.addAll(ids(page));
                page = find(with(List.of(asked), page.next().orElseThrow()));
            }
            assertThat(all).as(from).isEqualTo(expected.subList(0, 100));
        }
    }

    @Test
    void aPageCostsAsMuchAsItsAnswer() {
        for (String[] asked : new String[][] {
            {"type", "Sensor"},
            {"type", "Sensor", "q", "n==15000"},
            {"type", "Sensor", "q", "n>=19900"},
            {"type", "Sensor", "q", "half==true"},
            {"type", "Sensor", "q", "n>100;half==true"},
            {"type", "Sensor", "scopeQ", "/Alder/#"},
            {"type", "Sensor", "scopeQ", "/Alder/N15"},
            {"type", "Sensor", "scopeQ", "/+/N15,/Alder/N20"},
            {"type", "Sensor", "idPattern", "^urn:ngsi-ld:Sensor:1500"},
            {"type", "Sensor", "georel", "near;maxDistance==500", "geometry", "Point", "coordinates", "[7.5,43.5]"},
            {"type", "Sensor", "orderBy", "n"},
            {"type", "Sensor", "orderBy", "n;desc"},
            {"type", "Sensor", "orderBy", "tag;desc", "q", "half==true"},
            {"type", "Sensor", "orderBy", "nothing"},
            {"type", "Sensor", "orderBy", "location;dist-asc", "orderFrom", "[7.5,43.5]"},
        }) {
            List<String> parameters = new ArrayList<>(List.of(asked));
            parameters.addAll(List.of("limit", "10"));
            long read = hub.as(FIRE, () -> {
                long before = rowsRead();
                new EntityFinder(hub.transactions)
                        .find(
                                query(parameters.toArray(String[]::new)),
                                new Sight(access, Model.load(), Hub.DISPATCHER, hub.clock.instant()));
                return rowsRead() - before;
            });
            assertThat(read).as(String.join(" ", asked)).isLessThan(10_000);
        }
    }

    @Test
    void aChangeReadsWhatItChanges() {
        for (int value : new int[] {1, 2}) {
            long read = hub.as(FIRE, () -> {
                long before = rowsRead();
                hub.entities.put(
                        Hub.DISPATCHER,
                        Entity.of("urn:x:changed", "Changed", FIRE).with("changes", Attribute.property(value)));
                return rowsRead() - before;
            });
            assertThat(read).isLessThan(50);
        }
    }

    /** By this connection, since it last told PostgreSQL's statistics: maybe in transactions before this one, too. */
    private long rowsRead() {
        return hub.transactions.jdbc().sql("""
                        select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
                         where schemaname = 'hub'
                        """).query(Long.class).single();
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
        assertThat(plan("idPattern", "^urn:ngsi-ld:Sensor:1999")).contains("entity_tenant_id_key");
        assertThat(plan("q", "tag>=\"t999\"")).contains("attribute_text");
        assertThat(plan("scopeQ", "/Alder/N5")).contains("attribute_text");
        assertThat(plan("scopeQ", "/Alder/N5/#")).contains("attribute_text");
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
        return plan("q", q);
    }

    private String plan(String parameter, String value) {
        return planOf(EntityQuery.of(Map.of("type", "Sensor", parameter, value), LdContext.CORE));
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
                                .params(sql.params().byName())
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
