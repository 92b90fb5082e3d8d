package org.conurb.warnings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.warnings.WarningsFixture.FIRE;
import static org.conurb.warnings.WarningsFixture.WEATHER;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Retained;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WarningsStoreTest {
    @AutoClose
    private final WarningsFixture room = new WarningsFixture();

    @Test
    void aWarningIsKeptListedAndToldAsAnEntity() {
        Answer answer = room.post(Cap.alert("A1"));
        assertThat(answer.status()).isEqualTo(201);
        String urn = Json.mapper().readTree(answer.body()).get("id").asString();
        assertThat(Json.mapper().readTree(answer.body()).get("state").asString())
                .isEqualTo("active");
        assertThat(answer.headers()).containsEntry("Location", "/api/warnings/" + urn);
        WarningView view = room.controller.find(urn, WarningsFixture.caller());
        assertThat(view.identifier()).isEqualTo("A1");
        assertThat(view.state()).isEqualTo(WarningState.ACTIVE);
        assertThat(view.real()).isTrue();
        assertThat(view.expiresAssumed()).isFalse();
        assertThat(view.areas().getFirst().name()).isEqualTo("Alder");
        assertThat(view.areas().getFirst().polygon()).containsEntry("type", "Polygon");
        assertThat(room.controller.document(urn, WarningsFixture.caller()).getBody())
                .isEqualTo(Cap.alert("A1").bytes());
        Entity entity = entity(urn);
        assertThat(entity.attribute("state")).contains(Attribute.property("active"));
        assertThat(entity.attribute("real")).contains(Attribute.property(true));
        assertThat(entity.attribute("areaNames")).isPresent();
        assertThat(entity.attribute("location")).containsInstanceOf(Attribute.GeoProperty.class);
        assertThat(room.audit.actions()).containsExactly("warning.received");
    }

    @Test
    void theViewIsTheContractsJson() {
        room.post(Cap.alert("A1"));
        var json = Json.mapper()
                .readTree(Json.mapper().writeValueAsString(room.all().getFirst()));
        assertThat(json.get("state").asString()).isEqualTo("active");
        assertThat(json.get("sent").asString()).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(json.get("infos").get(0).get("headline").asString()).isEqualTo("Storm over Alder");
        assertThat(json.get("description").isNull()).isTrue();
        assertThat(json.get("expiresAssumed").asBoolean()).isFalse();
    }

    @Test
    void withoutExpiresItHolds24HoursFromReceipt() {
        room.post(Cap.alert("A1").without("expires").with("sent", "2026-02-01T08:00:00-00:00"));
        WarningView view = room.only("A1");
        assertThat(view.expires()).isEqualTo(Instant.parse("2026-03-02T08:00:00Z"));
        assertThat(view.expiresAssumed()).isTrue();
        room.clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(room.warnings.endDue()).isZero();
        room.clock.advance(Duration.ofSeconds(1));
        assertThat(room.warnings.endDue()).isEqualTo(1);
        assertThat(room.only("A1").state()).isEqualTo(WarningState.ENDED);
    }

    @Test
    void itEndsWhenItExpiresAndStaysToBeRead() {
        room.post(Cap.alert("A1"));
        room.clock.set(Instant.parse("2026-03-01T11:59:59Z"));
        assertThat(room.warnings.endDue()).isZero();
        room.clock.set(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(room.warnings.endDue()).isEqualTo(1);
        assertThat(room.warnings.endDue()).isZero();
        assertThat(room.active()).isEmpty();
        WarningView view = room.only("A1");
        assertThat(view.state()).isEqualTo(WarningState.ENDED);
        assertThat(room.controller
                        .list(WarningsFixture.caller(), "ended", null, null)
                        .items())
                .containsExactly(view);
        assertThat(entity(view.id()).attribute("state")).contains(Attribute.property("ended"));
        assertThat(room.audit.actions()).containsExactly("warning.received", "warning.ended");
    }

    @Test
    void manyEndAtOnce() {
        for (int i = 0; i < 250; i++) {
            room.take(WEATHER, Cap.alert("A" + i));
        }
        room.clock.advance(Duration.ofDays(1));
        assertThat(room.warnings.endDue()).isEqualTo(250);
        assertThat(room.active()).isEmpty();
    }

    @Test
    void oneThatIsOverWhenItComesIsKeptAsEnded() {
        room.clock.advance(Duration.ofDays(3));
        Answer answer = room.post(Cap.alert("A1"));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(room.only("A1").state()).isEqualTo(WarningState.ENDED);
    }

    @Test
    void anUpdateTakesThePlaceOfWhatItUpdates() {
        room.post(Cap.alert("A1"));
        room.post(Cap.alert("A2").update("A1"));
        assertThat(room.only("A1").state()).isEqualTo(WarningState.SUPERSEDED);
        assertThat(room.active()).containsExactly("A2");
        assertThat(entity(room.only("A1").id()).attribute("state")).contains(Attribute.property("superseded"));
        assertThat(room.audit.actions()).containsExactly("warning.received", "warning.superseded", "warning.received");
    }

    @Test
    void aCancelEndsWhatItCancelsAndIsNoWarningItself() {
        room.post(Cap.alert("A1"));
        room.post(Cap.alert("A2").cancel("A1"));
        assertThat(room.only("A1").state()).isEqualTo(WarningState.CANCELLED);
        assertThat(room.only("A2").state()).isEqualTo(WarningState.ENDED);
        assertThat(room.active()).isEmpty();
    }

    @Test
    void anUpdateThatComesBeforeItsOriginalCountsToo() {
        room.post(Cap.alert("A2").update("A1"));
        room.post(Cap.alert("A1"));
        assertThat(room.only("A1").state()).isEqualTo(WarningState.SUPERSEDED);
        room.post(Cap.alert("B2").cancel("B1"));
        room.post(Cap.alert("B1"));
        assertThat(room.only("B1").state()).isEqualTo(WarningState.CANCELLED);
        assertThat(room.active()).containsExactly("A2");
    }

    @Test
    void anyOrderOfAlertUpdateAndCancelEndsTheSame() {
        List<Cap> messages = List.of(
                Cap.alert("A1"), Cap.alert("A2").update("A1"), Cap.alert("A3").cancel("A1"));
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            WarningsFixture fresh = new WarningsFixture();
            for (int i : order) {
                fresh.post(messages.get(i));
            }
            assertThat(fresh.only("A1").state()).isEqualTo(WarningState.CANCELLED);
            assertThat(fresh.only("A2").state()).isEqualTo(WarningState.ACTIVE);
        }
    }

    @Test
    void aTestNeverTouchesWhatIsMeant() {
        room.post(Cap.alert("A1"));
        room.post(Cap.alert("T1").cancel("A1").with("status", "Test"));
        room.post(Cap.alert("T2").update("A1").with("status", "Exercise"));
        room.post(Cap.alert("T3").cancel("LATE").with("status", "Test"));
        room.post(Cap.alert("LATE"));
        assertThat(room.only("A1").state()).isEqualTo(WarningState.ACTIVE);
        assertThat(room.only("LATE").state()).isEqualTo(WarningState.ACTIVE);
        assertThat(room.only("T2").real()).isFalse();
        assertThat(room.only("T2").state()).isEqualTo(WarningState.ACTIVE);
        assertThat(entity(room.only("T2").id()).attribute("real")).contains(Attribute.property(false));
    }

    @Test
    void everyStatusButActualIsMarkedAsNotReal() {
        for (String status : List.of("Exercise", "System", "Test", "Draft")) {
            room.post(Cap.alert(status).with("status", status));
            assertThat(room.only(status).real()).isFalse();
        }
    }

    @Test
    void acknowledgementsAndErrorsAreKeptAndNeverActive() {
        room.post(Cap.alert("A1"));
        room.post(Cap.alert("K1").update("A1").with("msgType", "Ack"));
        room.post(Cap.alert("E1").update("A1").with("msgType", "Error"));
        assertThat(room.active()).containsExactly("A1");
        assertThat(room.only("K1").state()).isEqualTo(WarningState.ENDED);
        assertThat(room.only("E1").state()).isEqualTo(WarningState.ENDED);
    }

    @Test
    void theSameMessageAgainChangesNothing() {
        Answer first = room.post(Cap.alert("A1"));
        Answer again = room.post(Cap.alert("A1"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(room.all()).hasSize(1);
        assertThat(room.audit.actions()).containsExactly("warning.received");
    }

    @Test
    void theSameMessageWithOtherContentIsAConflict() {
        room.post(Cap.alert("A1"));
        Cap other = Cap.alert("A1").with("headline", "No storm at all");
        assertThatThrownBy(() -> room.post(other)).isInstanceOf(Conflict.class).hasMessageContaining("A1");
        assertThat(room.only("A1").headline()).isEqualTo("Storm over Alder");
    }

    @Test
    void oneOrganisationNeitherSeesNorTouchesAnothersWarnings() {
        room.take(FIRE, Cap.alert("A1"));
        room.take(WEATHER, Cap.alert("C1").cancel("A1"));
        assertThat(room.only("A1").state()).isEqualTo(WarningState.ACTIVE);
        String urn = room.only("A1").id();
        room.access.readable("weather").writable("weather");
        assertThat(room.all()).extracting(WarningView::identifier).containsExactly("C1");
        assertThatThrownBy(() -> room.controller.find(urn, WarningsFixture.caller()))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> room.controller.document(urn, WarningsFixture.caller()))
                .isInstanceOf(NotFound.class);
        Cap cap = Cap.alert("A9");
        assertThatThrownBy(() -> room.controller.post(
                        cap.bytes(), "fire", WarningsFixture.caller(), room.change(Optional.empty(), cap.bytes())))
                .isInstanceOf(Denied.class);
        assertThat(room.transactions.<Integer>as(
                        List.of(WEATHER),
                        () -> room.transactions
                                .jdbc()
                                .sql("select count(*)::int from warnings.warning")
                                .query(Integer.class)
                                .single()))
                .isEqualTo(1);
    }

    @Test
    void itMayBeTakenInForAnotherOrganisationOneMayWriteFor() {
        Cap cap = Cap.alert("A1");
        room.controller.post(cap.bytes(), "fire", WarningsFixture.caller(), room.change(Optional.empty(), cap.bytes()));
        assertThat(room.only("A1").organisation()).isEqualTo("fire");
    }

    @Test
    void listsArePagedNewestFirst() {
        for (int i = 0; i < 7; i++) {
            room.clock.advance(Duration.ofSeconds(1));
            room.take(i % 2 == 0 ? WEATHER : FIRE, Cap.alert("A" + i));
        }
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            var page = room.controller.list(WarningsFixture.caller(), "active", 3, after);
            page.items().forEach(view -> seen.add(view.identifier()));
            after = page.next();
        } while (after != null);
        assertThat(seen).containsExactly("A6", "A5", "A4", "A3", "A2", "A1", "A0");
    }

    @Test
    void aPageOfLargeWarningsIsCutBySizeAndNothingIsLost() {
        for (int i = 0; i < 14; i++) {
            room.take(
                    WEATHER,
                    Cap.alert("A" + i).before("area", "<description>" + "x".repeat(900_000) + "</description>"));
        }
        var first = room.controller.list(WarningsFixture.caller(), "all", 500, null);
        assertThat(first.items()).hasSizeBetween(1, 9);
        assertThat(first.next()).isNotNull();
        var second = room.controller.list(WarningsFixture.caller(), "all", 500, first.next());
        assertThat(first.items().size() + second.items().size()).isEqualTo(14);
        assertThat(second.next()).isNull();
    }

    @Test
    void unknownIdsStatesAndCursorsAreRefused() {
        for (String id :
                List.of("x", Ids.urn("Alert", new UUID(1, 1)), Ids.urn("Incident", new UUID(1, 1)), "' or 1=1")) {
            assertThatThrownBy(() -> room.controller.find(id, WarningsFixture.caller()))
                    .isInstanceOf(NotFound.class);
        }
        assertThatThrownBy(() -> room.controller.list(WarningsFixture.caller(), "new", null, null))
                .hasMessageContaining("new");
        assertThatThrownBy(() -> room.controller.list(WarningsFixture.caller(), "all", 501, null))
                .hasMessageContaining("501");
        assertThatThrownBy(() -> room.controller.list(WarningsFixture.caller(), "all", 1, "x"))
                .hasMessageContaining("after");
    }

    @Test
    void aRefusedDocumentLeavesNothing() {
        assertThatThrownBy(() -> room.post(Cap.alert("A1").without("scope"))).isInstanceOf(CapRefused.class);
        assertThat(room.all()).isEmpty();
        assertThat(room.audit.entries()).isEmpty();
    }

    @Test
    void alertsAndUpdatesThatArriveTogetherSeeOneAnother() throws Exception {
        int pairs = 20;
        CountDownLatch go = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                for (Cap cap : List.of(Cap.alert("A" + i), Cap.alert("U" + i).update("A" + i))) {
                    Callable<Object> work = () -> {
                        go.await();
                        return room.take(WEATHER, cap);
                    };
                    all.add(threads.submit(work));
                }
            }
            go.countDown();
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(room.active()).hasSize(pairs).allMatch(id -> id.startsWith("U"));
    }

    @Test
    void all501RealAlertsGoInQuicklyAndAreListed() throws Exception {
        List<byte[]> alerts = CapSamples.weather();
        long start = System.nanoTime();
        for (byte[] alert : alerts) {
            assertThat(room.post(new Cap(new String(alert, java.nio.charset.StandardCharsets.UTF_8)))
                            .status())
                    .isEqualTo(201);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        List<WarningView> first = room.controller
                .list(WarningsFixture.caller(), "active", 500, null)
                .items();
        assertThat(first).hasSize(500).allMatch(WarningView::expiresAssumed);
        List<WarningView> all = new ArrayList<>(first);
        String next = room.controller
                .list(WarningsFixture.caller(), "active", 500, null)
                .next();
        all.addAll(room.controller
                .list(WarningsFixture.caller(), "active", 500, next)
                .items());
        assertThat(all)
                .hasSize(501)
                .allMatch(view -> !view.areas().getFirst().name().isEmpty());
        assertThat(all.stream().filter(view -> !view.real())).hasSize(83);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void listsBehindTheWallUseTheirIndexes() {
        room.transactions.doAs(
                List.of(WEATHER), () -> room.transactions.jdbc().sql("""
                        insert into warnings.warning (id, organisation_id, kind, at, identifier, sender, sent, status,
                               state, expires, expires_assumed, media_type, document, content, content_bytes)
                            select gen_random_uuid(), 'weather', 'Alert', now(), 'n' || n, 's', now(), 'Actual',
                                   case when n % 500 = 0 then 'active' else 'ended' end, now(), true, 'x', '', '{}', 2
                              from generate_series(1, 20000) n
                        """).update());
        assertThat(plan(Optional.of(true))).contains("warning_active").doesNotContain("Seq Scan");
        assertThat(plan(Optional.of(false)))
                .containsAnyOf("warning_list", "warning_pkey")
                .doesNotContain("Seq Scan");
        assertThat(plan(Optional.empty()))
                .containsAnyOf("warning_list", "warning_pkey")
                .doesNotContain("Seq Scan");
    }

    private String plan(Optional<Boolean> active) {
        return room.transactions.as(
                List.of(WEATHER),
                () -> String.join(
                        "\n",
                        room.transactions
                                .jdbc()
                                .sql("explain " + WarningStore.listing(active))
                                .param("owners", List.of("weather"))
                                .param("after", new UUID(-1, -1))
                                .param("most", 101)
                                .param("bytes", 8_000_000)
                                .query(String.class)
                                .list()));
    }

    @Test
    void warningsThatEndedLongAgoGoWithTheirEntityAndActiveOnesStay() {
        room.take(WEATHER, Cap.alert("old").with("expires", "2026-03-01T09:00:00-00:00"));
        room.take(WEATHER, Cap.alert("active").with("expires", "2030-03-01T09:00:00-00:00"));
        String old = room.only("old").id();
        room.clock.advance(Duration.ofHours(2));
        room.warnings.endDue();
        room.clock.advance(Duration.ofDays(30));

        assertThat(forget(Duration.ofDays(31)).count()).isZero();
        assertThat(forget(Duration.ofDays(29)).owners()).isEqualTo(Map.of(WEATHER, 1));
        assertThat(room.all()).extracting(WarningView::identifier).containsExactly("active");
        assertThat(room.transactions.as(List.of(WEATHER), () -> room.entities.find(old)))
                .isEmpty();
    }

    @Test
    void aCancelGoesWithWhatItSaysOfOthers() {
        room.take(WEATHER, Cap.alert("first"));
        room.take(WEATHER, Cap.alert("cancel").cancel("first"));
        room.clock.advance(Duration.ofDays(30));
        room.warnings.endDue();
        room.clock.advance(Duration.ofDays(30));
        assertThat(forget(Duration.ofDays(20)).count()).isEqualTo(2);
        assertThat(room.all()).isEmpty();
    }

    @Test
    void forgettingWalksItsIndex() {
        String plan = room.transactions.asSystem(() -> {
            room.transactions.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    room.transactions
                            .jdbc()
                            .sql("explain " + WarningStore.FORGOTTEN)
                            .param("before", room.clock.instant().atOffset(java.time.ZoneOffset.UTC))
                            .param("most", 100)
                            .query(String.class)
                            .list());
        });
        assertThat(plan).contains("warning_ended");
    }

    private Retained.Forgotten forget(Duration kept) {
        return room.transactions.asSystem(() ->
                room.warnings.retained().forget().apply(room.clock.instant().minus(kept)));
    }

    private Entity entity(String urn) {
        return room.transactions
                .as(List.of(WEATHER, FIRE), () -> room.entities.find(urn))
                .orElseThrow();
    }
}
