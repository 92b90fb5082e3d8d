package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;
import static org.conurb.hub.Hub.POLICE;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names among 30,000 entities, nearly all of them another organisation's. */
final class DiscoveryStoreTest {
    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private void fill() {
        hub.transactions.doAs(Set.of(POLICE), () -> {
            hub.transactions.jdbc().sql("""
                    insert into hub.entity_type (tenant, kind, organisation_id, iid)
                    select '', 'K' || n % 3, 'police', n from generate_series(1, 30000) n
                    """).update();
            hub.transactions.jdbc().sql("""
                    insert into hub.attribute (iid, tenant, organisation_id, kind, name, path, dataset, n, listed, number)
                    select n, '', 'police', 'K' || n % 3, 'a' || n % 7, '', '', 0, false, n from generate_series(1, 30000) n
                    """).update();
        });
        for (int n = 0; n < 5; n++) {
            hub.put(Entity.of("urn:x:" + n, "K" + n, FIRE)
                    .with("b" + n, Attribute.property(n))
                    .with("a1", Attribute.property(n)));
        }
    }

    @Test
    void namesAreFoundByOneLookForEach() {
        fill();
        String kinds = plan(Discovery.KINDS, Map.of("owners", new String[] {"fire"}, "most", 100));
        assertThat(kinds).contains("entity_type_pkey").doesNotContain("Seq Scan on entity_type");
        assertThat(buffers(kinds)).as(kinds).isLessThan(150);
        String names = plan(
                Discovery.NAMES,
                Map.of(
                        "kinds", new String[] {"K0", "K1", "K2"},
                        "owners", new String[] {"fire", "fire", "fire"},
                        "most", 100));
        assertThat(names).doesNotContain("Seq Scan on attribute");
        assertThat(buffers(names)).as(names).isLessThan(150);
    }

    @Test
    void whatIsFoundIsWhatIsThere() {
        fill();
        Discovery discovery = new Discovery(hub.transactions, FakeAccess.to("fire", "police"));
        assertThat(discovery.attributesByType(Hub.DISPATCHER))
                .containsOnlyKeys("K0", "K1", "K2", "K3", "K4")
                .containsEntry("K3", Set.of("a1", "b3"))
                .containsEntry("K0", Set.of("a0", "a1", "a2", "a3", "a4", "a5", "a6", "b0"));
        Discovery own = new Discovery(hub.transactions, FakeAccess.to("fire"));
        assertThat(own.typesByAttribute(Hub.DISPATCHER))
                .containsOnlyKeys("a1", "b0", "b1", "b2", "b3", "b4")
                .containsEntry("a1", Set.of("K0", "K1", "K2", "K3", "K4"));
    }

    /** As the application role of one organisation. */
    private String plan(String sql, Map<String, Object> params) {
        return hub.as(
                FIRE,
                () -> String.join(
                        "\n",
                        hub.transactions
                                .jdbc()
                                .sql("explain (analyze, buffers, costs off) " + sql)
                                .params(params)
                                .query(String.class)
                                .list()));
    }

    private static int buffers(String plan) {
        Matcher hits = Pattern.compile("Buffers: shared hit=(\\d+)").matcher(plan);
        assertThat(hits.find()).as(plan).isTrue();
        return Integer.parseInt(hits.group(1));
    }
}
