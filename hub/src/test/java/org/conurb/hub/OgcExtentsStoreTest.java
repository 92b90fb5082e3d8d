package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import java.util.Map;
import org.conurb.testkit.FakeAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;

/** The box around 30,000 places, each in a cell of its own. */
final class OgcExtentsStoreTest {
    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    @Test
    void aBoxIsFoundByLookingIntoCellsAlone() {
        Envelope all = new Envelope();
        Long[] cells = new Long[30_000];
        for (int n = 0; n < cells.length; n++) {
            double longitude = 7.4 + n % 173 * 0.0005;
            double latitude = 43.7 + n / 173 * 0.0005;
            all.expandToInclude(longitude, latitude);
            cells[n] = org.conurb.kernel.Cell.of(new org.conurb.kernel.Epsg4326Point(latitude, longitude))
                    .id();
        }
        hub.as(
                FIRE,
                () -> hub.transactions.jdbc().sql("""
                        insert into hub.place (tenant, organisation_id, kind, name, cell, iid)
                        select '', 'fire', 'Tree', 'location', c, n from unnest(:cells) with ordinality x (c, n)
                        """).param("cells", cells).update());

        Envelope box = new OgcExtents(hub.transactions, FakeAccess.to("fire", "police"), Model.load())
                .of(Hub.DISPATCHER, "Tree")
                .orElseThrow();
        assertThat(box.covers(all)).isTrue();
        assertThat(box.getWidth()).isLessThan(all.getWidth() + 0.02);
        assertThat(box.getHeight()).isLessThan(all.getHeight() + 0.02);

        String plan = hub.as(
                FIRE,
                () -> String.join(
                        "\n",
                        hub.transactions
                                .jdbc()
                                .sql("explain (costs off) " + OgcExtents.OCCUPIED)
                                .params(Map.of(
                                        "lows", new Long[] {1L, 5L},
                                        "highs", new Long[] {3L, 7L},
                                        "owners", new String[] {"fire"},
                                        "kind", "Tree",
                                        "name", "location"))
                                .query(String.class)
                                .list()));
        assertThat(plan).contains("place_pkey").doesNotContain("Seq Scan on place");
    }
}
