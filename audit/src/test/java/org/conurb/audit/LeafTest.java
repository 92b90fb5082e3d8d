package org.conurb.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;

class LeafTest {
    private static final UUID ID = UUID.fromString("0190a1b2-c3d4-7000-8000-000000000001");
    private static final Instant AT = Instant.parse("2026-03-01T08:00:00Z");

    @Test
    void theBytesAreTheSameForTheSameEntry() {
        AuditEntry entry = AuditEntry.of(
                        AuditFixtures.client(AuditFixtures.POLICE),
                        "unit.changed",
                        "Unit",
                        "urn:ngsi-ld:Unit:1",
                        AuditFixtures.FIRE)
                .with(Map.of("b", "2", "a", "1"));
        assertThat(new String(Leaf.of(ID, AT, "alder", entry, new Random(1)).bytes(), UTF_8))
                .isEqualTo(
                        "{\"action\":\"unit.changed\",\"at\":\"2026-03-01T08:00:00.000Z\",\"facts\":{\"a\":\"1\",\"b\":\"2\"},"
                                + "\"id\":\"0190a1b2-c3d4-7000-8000-000000000001\",\"kind\":\"Unit\",\"organisation\":\"police\",\"owner\":\"fire\","
                                + "\"personal\":{},\"roles\":[\"dispatcher\"],\"site\":\"alder\",\"subject\":\"client:crm\","
                                + "\"thing\":\"urn:ngsi-ld:Unit:1\",\"v\":1}");
    }

    @Test
    void nothingThatConcernsPersonsStandsInTheClear() {
        Leaf leaf = Leaf.of(ID, AT, "alder", AuditFixtures.opened(1), new Random(1));
        String text = new String(leaf.bytes(), UTF_8);
        assertThat(text)
                .doesNotContain(AuditFixtures.ANNE)
                .doesNotContain("0190a1b2-0000-7000-8000-00000000a00e")
                .doesNotContain("Anne")
                .doesNotContain("1234567");
        assertThat(leaf.personal())
                .extracting(Leaf.Personal::value)
                .containsExactlyInAnyOrder(AuditFixtures.ANNE, AuditFixtures.PHONE);
        leaf.personal().forEach(personal -> assertThat(text).contains(personal.commitment()));
    }

    @Test
    void theSameValueIsCommittedToDifferentlyEachTime() {
        Random salts = new Random(1);
        Leaf one = Leaf.of(ID, AT, "alder", AuditFixtures.opened(1), salts);
        Leaf two = Leaf.of(ID, AT, "alder", AuditFixtures.opened(1), salts);
        assertThat(one.bytes()).isNotEqualTo(two.bytes());
    }

    @Test
    void hostileTextIsHeldAndGivenBackTheSame() {
        AuditEntry hostile = AuditEntry.of(
                        AuditFixtures.client(AuditFixtures.FIRE),
                        "x.y",
                        "T\0",
                        "\ud800 \u2028 \" \\ \u0001 " + "z".repeat(3_000),
                        AuditFixtures.FIRE)
                .with(Map.of("long", "l".repeat(100_000)))
                .concerning(Map.of("text", "\udfff\0"));
        Leaf leaf = Leaf.of(ID, AT, "alder", hostile, new Random(1));
        String text = new String(leaf.bytes(), UTF_8);
        assertThat(text.getBytes(UTF_8)).isEqualTo(leaf.bytes());
        assertThat(Json.mapper()
                        .readTree(leaf.bytes())
                        .path("facts")
                        .path("long")
                        .asString())
                .hasSize(512);
        assertThat(leaf.personal().getFirst().value()).doesNotContain("\0");
    }

    @Test
    void anEntryThatNoBundleHoldsIsRefused() {
        AuditEntry huge = AuditEntry.of(
                AuditFixtures.client(AuditFixtures.FIRE), "x.y", "T", "z".repeat(70_000), AuditFixtures.FIRE);
        assertThatThrownBy(() -> Leaf.of(ID, AT, "alder", huge, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("f" + i, "");
        }
        assertThatThrownBy(
                        () -> Leaf.of(ID, AT, "alder", AuditFixtures.opened(1).with(many), new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
        AuditEntry reserved = AuditFixtures.opened(1).concerning(Map.of("$subject", "x"));
        assertThatThrownBy(() -> Leaf.of(ID, AT, "alder", reserved, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
