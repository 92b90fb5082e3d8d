package org.conurb.agreements;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.agreements.Cities.CASE;
import static org.conurb.agreements.Cities.CONTROL;
import static org.conurb.agreements.Cities.FIRE;
import static org.conurb.agreements.Cities.OTHER_CASE;
import static org.conurb.agreements.Cities.client;
import static org.conurb.agreements.Cities.naming;
import static org.conurb.agreements.Cities.person;
import static org.conurb.agreements.Cities.seated;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.FakeCaseStatus;
import org.conurb.testkit.TestClock;
import org.conurb.testkit.TestIds;
import org.conurb.testkit.TestStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PurposesStoreTest {
    private static final Optional<String> IN_CASE = Optional.of(CASE);
    private static final Optional<String> NO_CASE = Optional.empty();

    private final TestClock clock = TestClock.at("2026-03-01T08:10:00Z");
    private final Transactions transactions = TestStore.with("agreements");
    private final FakeAudit audit = new FakeAudit();
    private final FakeCaseStatus cases = new FakeCaseStatus();
    private final Caller dispatcher = seated(person("ada", CONTROL, Role.DISPATCHER), "desk-1");
    private Room room = new Room();

    /** One process: its memory, on the database that all share. */
    private final class Room {
        final City city = Cities.elm();
        final Ids ids = TestIds.seeded(clock, System.identityHashCode(this));
        final Rules rules = new Rules(city);
        final Remembered remembered = new Remembered(transactions);
        final Purposes purposes = new Purposes(city, rules, transactions, remembered, audit, () -> cases, clock, ids);
        final Grants grants = new Grants(city, rules, purposes, remembered, transactions, audit, clock, ids);
        final Agreements agreements = new Agreements(rules, purposes);
        final GrantController controller = new GrantController(grants, agreements, transactions);
    }

    @AfterEach
    void giveBack() {
        TestStore.giveBack(transactions);
    }

    @BeforeEach
    void caseIsOpen() {
        cases.open(CASE);
    }

    @Test
    void camerasAreSeenForACaseWhileItIsOpenAndNotWithoutOne() {
        assertThat(purpose(dispatcher, "Camera", NO_CASE)).isEmpty();
        UUID grant = purpose(dispatcher, "Camera", IN_CASE).orElseThrow();
        assertThat(purpose(naming(dispatcher, grant), "Camera", NO_CASE)).contains(grant);
        assertThat(audit.actions()).containsExactly("grant.derived"); // what is seen is written by the room, by camera

        cases.close(CASE);
        clock.advance(Duration.ofSeconds(2));
        assertThat(purpose(naming(dispatcher, grant), "Camera", NO_CASE)).isEmpty();
        assertThat(purpose(dispatcher, "Camera", IN_CASE)).isEmpty();
    }

    @Test
    void grantsThatWereOverLongAgoAreForgottenAndStandingOnesAreNot() {
        purpose(dispatcher, "Incident", IN_CASE);
        clock.advance(Duration.ofDays(30));
        purpose(dispatcher, "Incident", IN_CASE);
        GrantRows rows = new GrantRows(transactions.jdbc());
        Instant monthAgo = clock.instant().minus(Duration.ofDays(29));

        assertThat(transactions.asSystem(() -> rows.forget(monthAgo.minus(Duration.ofDays(2)))))
                .isEqualTo(Retained.Forgotten.NOTHING);
        assertThat(transactions.asSystem(() -> rows.forget(monthAgo)).owners()).isEqualTo(Map.of(CONTROL, 1));
        assertThat(transactions.asSystem(() -> rows.forget(clock.instant())).count())
                .isZero();
        assertThat(rows()).isOne();
    }

    @Test
    void forgettingGrantsWalksItsIndex() {
        String plan = transactions.asSystem(() -> {
            transactions.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    transactions
                            .jdbc()
                            .sql("explain " + GrantRows.FORGET)
                            .param("before", clock.instant().atOffset(java.time.ZoneOffset.UTC))
                            .param("most", Retained.BATCH)
                            .query(String.class)
                            .list());
        });
        assertThat(plan).contains("purpose_grant_until");
    }

    @Test
    void theAuditorsOfReaderAndProviderBothSeeThatItWasRead() {
        cases.belongs(CASE, CONTROL);
        Caller officer = seated(person("finn", FIRE, Role.DISPATCHER), "fire-desk");
        purpose(officer, "Incident", IN_CASE);
        purpose(officer, "Incident", IN_CASE);

        assertThat(reads("incident.read")).containsExactly(CONTROL, FIRE); // once each, the reader's own last
        assertThat(audit.entries().stream().filter(entry -> entry.owner().equals(CONTROL)))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.caller()).isEqualTo(officer);
                    assertThat(entry.facts()).containsEntry("reader", "fire").containsEntry("purpose", "dispatch");
                });
    }

    @Test
    void ofUnitsEachProviderWhoseUnitsAreShownSeesIt() {
        purpose(dispatcher, "Unit", NO_CASE);
        assertThat(reads("unit.read")).containsExactly(FIRE, CONTROL);
        audit.clear();
        purpose(seated(person("finn", FIRE, Role.DISPATCHER), "fire-desk"), "Unit", NO_CASE);
        assertThat(reads("unit.read")).contains(FIRE).doesNotContain(CONTROL); // which lets fire see incidents only
    }

    private List<OrganisationId> reads(String action) {
        return audit.entries().stream()
                .filter(entry -> entry.action().equals(action))
                .map(AuditEntry::owner)
                .toList();
    }

    @Test
    void dispatcherSeesAnOpenCaseUnderADerivedGrantMadeOnceAndAuditedOnce() {
        Optional<UUID> grant = purpose(dispatcher, "Incident", IN_CASE);
        assertThat(grant).isPresent();
        assertThat(purpose(dispatcher, "Incident", IN_CASE)).isEqualTo(grant);
        assertThat(audit.actions()).containsExactly("grant.derived", "incident.read");
        assertThat(audit.entries())
                .allSatisfy(entry -> assertThat(entry.grant()).isEqualTo(grant));
        assertThat(audit.entries().getFirst().facts())
                .containsEntry("case", CASE)
                .containsEntry("seat", "desk-1")
                .containsEntry("purpose", "dispatch");
    }

    @Test
    void whatIsRememberedAsksNeitherDatabaseNorAudit() {
        Optional<UUID> grant = purpose(dispatcher, "Incident", IN_CASE);
        audit.clear();
        // behind a wall without owners no row could be read or written
        transactions.doAs(
                Set.of(),
                () -> assertThat(room.agreements.purpose(dispatcher, "Incident", IN_CASE))
                        .isEqualTo(grant));
        assertThat(audit.entries()).isEmpty();
    }

    @Test
    void withoutATransactionItOpensOneOfItsOwn() {
        Optional<UUID> grant = room.agreements.purpose(dispatcher, "Incident", IN_CASE);
        assertThat(grant).isPresent();
        assertThat(rows()).isOne();
    }

    @Test
    void manyStreamsOfOnePersonMakeOneGrant() throws Exception {
        try (ExecutorService streams = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<UUID>>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> streams.submit(() -> room.agreements.purpose(dispatcher, "Incident", IN_CASE)))
                    .toList();
            Set<Optional<UUID>> distinct = new HashSet<>();
            for (Future<Optional<UUID>> answer : answers) {
                distinct.add(answer.get());
            }
            assertThat(distinct).hasSize(1).doesNotContain(Optional.empty());
        }
        assertThat(audit.actions()).containsExactly("grant.derived", "incident.read");
    }

    @Test
    void aListOfUnitsIsOneUse() {
        transactions.doAs(room.agreements.owners(dispatcher), () -> {
            for (int i = 0; i < 50; i++) {
                assertThat(room.agreements.purpose(dispatcher, "Unit", NO_CASE)).isPresent();
            }
        });
        assertThat(audit.actions()).containsExactly("grant.derived", "unit.read", "unit.read"); // fire's and the own
        assertThat(purpose(dispatcher, "Incident", NO_CASE)).isEmpty();
    }

    @Test
    void usesAreAuditedAgainInTheNextHour() {
        purpose(dispatcher, "Incident", IN_CASE);
        clock.advance(Duration.ofHours(1));
        purpose(dispatcher, "Incident", IN_CASE);
        purpose(dispatcher, "Video", IN_CASE);
        assertThat(audit.actions()).containsExactly("grant.derived", "incident.read", "incident.read", "video.read");
    }

    @Test
    void whatWasRolledBackIsForgotten() {
        assertThatThrownBy(() -> transactions.doAs(room.agreements.owners(dispatcher), () -> {
                    room.agreements.purpose(dispatcher, "Incident", IN_CASE);
                    throw new IllegalStateException("power fails");
                }))
                .hasMessage("power fails");
        assertThat(rows()).isZero();
        audit.clear();
        assertThat(purpose(dispatcher, "Incident", IN_CASE)).isPresent();
        assertThat(audit.actions()).containsExactly("grant.derived", "incident.read");
        assertThat(rows()).isOne();
    }

    @Test
    void closedAndUnknownCasesShowNothing() {
        assertThat(purpose(dispatcher, "Incident", Optional.of(OTHER_CASE))).isEmpty();
        assertThat(purpose(dispatcher, "Incident", IN_CASE)).isPresent();
        cases.close(CASE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(purpose(dispatcher, "Incident", IN_CASE)).isEmpty();
        assertThat(room.agreements.purpose(dispatcher, "Incident", IN_CASE)).isEmpty();
    }

    @Test
    void aDerivedGrantIsRenewedWhenItsTimeIsOver() {
        Optional<UUID> morning = purpose(dispatcher, "Incident", IN_CASE);
        clock.advance(Duration.ofHours(13));
        Optional<UUID> evening = purpose(dispatcher, "Incident", IN_CASE);
        assertThat(evening).isPresent().isNotEqualTo(morning);
    }

    @Test
    void anotherProcessUsesTheSameDerivedGrant() {
        Optional<UUID> grant = purpose(dispatcher, "Incident", IN_CASE);
        room = new Room();
        assertThat(purpose(dispatcher, "Incident", IN_CASE)).isEqualTo(grant);
        assertThat(rows()).isOne();
    }

    @Test
    void rolesThatDoNotRespondDeriveNothing() {
        for (Role role : List.of(Role.DATA_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)) {
            assertThat(purpose(person("p", CONTROL, role), "Incident", IN_CASE)).isEmpty();
            assertThat(purpose(person("p", CONTROL, role), "Unit", NO_CASE)).isEmpty();
        }
        assertThat(audit.entries()).isEmpty();
    }

    @Test
    void aClientStandsUnderItsDefaultPurposeOncePerDay() {
        Caller installer = client("installer", CONTROL, "maintenance");
        Optional<UUID> grant = purpose(installer, "Incident", IN_CASE);
        assertThat(purpose(installer, "Incident", Optional.of(OTHER_CASE))).isEqualTo(grant);
        assertThat(purpose(installer, "Unit", NO_CASE)).isEqualTo(grant);
        assertThat(audit.actions())
                .containsExactly("grant.derived", "incident.read", "incident.read", "unit.read", "unit.read");
        clock.advance(Duration.ofHours(16));
        assertThat(purpose(installer, "Unit", NO_CASE)).isPresent().isNotEqualTo(grant);
        assertThat(purpose(client("other", CONTROL, "sightseeing"), "Unit", NO_CASE))
                .isEmpty();
    }

    @Test
    void partsOfTheProgramStandUnderOperation() {
        Optional<UUID> grant =
                transactions.asSystem(() -> room.agreements.purpose(Caller.system("feed", FIRE), "Unit", NO_CASE));
        assertThat(grant).isPresent();
        assertThat(audit.entries().getFirst().facts()).containsEntry("purpose", "operation");
    }

    @Test
    void aNamedGrantCoversItsCaseOnly() {
        UUID grant = take(dispatcher, "dispatch", IN_CASE).id();
        cases.open(OTHER_CASE);
        Caller naming = naming(dispatcher, grant);
        assertThat(purpose(naming, "Incident", IN_CASE)).contains(grant);
        assertThat(purpose(naming, "Incident", Optional.of(OTHER_CASE))).isEmpty();
        assertThat(purpose(naming, "Unit", NO_CASE)).isEmpty();
        cases.close(CASE);
        clock.advance(Duration.ofSeconds(2));
        assertThat(purpose(naming, "Incident", IN_CASE)).isEmpty();
    }

    @Test
    void aNamedGrantWithoutCaseCoversAllThatTheRoleMayRead() {
        Caller commander = person("cora", CONTROL, Role.COMMANDER);
        Caller naming =
                naming(commander, take(commander, "supervision", NO_CASE).id());
        assertThat(purpose(naming, "Incident", Optional.of(OTHER_CASE))).isPresent();
        assertThat(purpose(naming, "Unit", NO_CASE)).isPresent();
        assertThat(purpose(naming, "AuditEntry", NO_CASE)).isEmpty();
        clock.advance(Duration.ofHours(8));
        assertThat(purpose(naming, "Unit", NO_CASE)).isEmpty();
    }

    @Test
    void anothersGrantIsRefusedHoweverItIsNamed() {
        Caller commander = person("cora", CONTROL, Role.COMMANDER);
        UUID grant = take(commander, "supervision", NO_CASE).id();
        Caller thief = naming(person("tom", CONTROL, Role.COMMANDER), grant);
        Caller sameInFire = naming(person("cora", FIRE, Role.COMMANDER), grant);
        Caller demoted = naming(person("cora", CONTROL, Role.RESPONDER), grant);
        assertThat(purpose(thief, "Incident", IN_CASE)).isEmpty();
        assertThat(purpose(sameInFire, "Incident", IN_CASE)).isEmpty();
        assertThat(purpose(demoted, "Incident", IN_CASE)).isEmpty();
        assertThat(purpose(naming(dispatcher, UUID.randomUUID()), "Incident", IN_CASE))
                .isEmpty();
    }

    @Test
    void anEndedGrantIsOverAtOnceHereAndWithinFiveSecondsElsewhere() {
        Caller commander = person("cora", CONTROL, Role.COMMANDER);
        UUID grant = take(commander, "supervision", NO_CASE).id();
        Caller naming = naming(commander, grant);
        Room elsewhere = new Room();
        assertThat(elsewhere.agreements.purpose(naming, "Unit", NO_CASE)).contains(grant);
        assertThat(purpose(naming, "Unit", NO_CASE)).contains(grant);
        transactions.doAs(owners(commander), () -> room.grants.end(commander, grant));
        assertThat(purpose(naming, "Unit", NO_CASE)).isEmpty();
        clock.advance(Duration.ofSeconds(3)); // and up to a second until a stream asks
        assertThat(elsewhere.agreements.purpose(naming, "Unit", NO_CASE)).isEmpty();
        assertThat(audit.actions()).contains("purpose.ended");
    }

    @Test
    void anEndThatRolledBackEndsNothing() {
        Caller commander = person("cora", CONTROL, Role.COMMANDER);
        UUID grant = take(commander, "supervision", NO_CASE).id();
        assertThatThrownBy(() -> transactions.doAs(owners(commander), () -> {
                    room.grants.end(commander, grant);
                    assertThat(room.agreements.purpose(naming(commander, grant), "Unit", NO_CASE))
                            .isEmpty();
                    throw new IllegalStateException("power fails");
                }))
                .hasMessage("power fails");
        assertThat(purpose(naming(commander, grant), "Unit", NO_CASE)).contains(grant);
    }

    @Test
    void onlyTheHolderAndAnAdministratorOfTheOrganisationEndAGrant() {
        UUID grant = take(dispatcher, "dispatch", IN_CASE).id();
        Caller colleague = person("bob", CONTROL, Role.DISPATCHER);
        Caller stranger = person("mallory", FIRE, Role.ADMINISTRATOR);
        for (Caller other : List.of(colleague, stranger)) {
            assertThatThrownBy(() -> transactions.doAs(owners(other), () -> room.grants.end(other, grant)))
                    .isInstanceOf(NotFound.class);
        }
        Caller administrator = person("root", CONTROL, Role.ADMINISTRATOR);
        transactions.doAs(owners(administrator), () -> room.grants.end(administrator, grant));
        assertThat(purpose(naming(dispatcher, grant), "Incident", IN_CASE)).isEmpty();
    }

    @Test
    void aGrantIsRefusedWithTheReasonAndTheRemedy() {
        assertThatThrownBy(() -> take(dispatcher, "sightseeing", NO_CASE))
                .isInstanceOfSatisfying(
                        BadRequest.class, e -> assertThat(e.remedy()).contains("dispatch"));
        assertThatThrownBy(() -> take(dispatcher, "audit", NO_CASE)).isInstanceOf(Denied.class);
        assertThatThrownBy(() -> take(dispatcher, "dispatch", NO_CASE)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> take(dispatcher, "dispatch", Optional.of(OTHER_CASE)))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> take(dispatcher, "dispatch", Optional.of("x".repeat(300))))
                .isInstanceOf(Conflict.class);
        assertThat(rows()).isZero();
    }

    @Test
    void nobodyHoldsGrantsWithoutEnd() {
        for (int i = 0; i < 100; i++) {
            take(dispatcher, "dispatch", IN_CASE);
        }
        assertThatThrownBy(() -> take(dispatcher, "dispatch", IN_CASE))
                .isInstanceOfSatisfying(
                        Conflict.class, e -> assertThat(e.code()).isEqualTo("grants-many"));
    }

    @Test
    void theDoorTakesListsAndEndsGrantsOncePerKey() {
        GrantController.NewGrant wanted = new GrantController.NewGrant("dispatch", CASE);
        Answer first = room.controller.take(wanted, dispatcher, change("k1"));
        Answer again = room.controller.take(wanted, dispatcher, change("k1"));
        assertThat(first.status()).isEqualTo(201);
        assertThat(new String(first.body(), UTF_8)).contains("\"until\":\"2026-03-01T20:10:00Z\"");
        assertThat(again.body()).isEqualTo(first.body());
        List<GrantController.Shown> own = room.controller.own(dispatcher).get("items");
        assertThat(own).hasSize(1);
        assertThat(own.getFirst().caseId()).isEqualTo(CASE);
        assertThat(room.controller.own(person("bob", CONTROL, Role.DISPATCHER))).isEqualTo(Map.of("items", List.of()));
        String id = own.getFirst().id().toString();
        assertThat(room.controller.end(id, dispatcher, change("k2")).status()).isEqualTo(204);
        assertThat(room.controller.own(dispatcher).get("items")).isEmpty();
        assertThatThrownBy(() -> room.controller.end("nonsense", dispatcher, change("k3")))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(
                        () -> room.controller.take(new GrantController.NewGrant(null, null), dispatcher, change("k4")))
                .isInstanceOf(BadRequest.class);
    }

    @Test
    void grantsOfOthersAreBehindTheSecondWall() {
        take(dispatcher, "dispatch", IN_CASE);
        Integer seen = transactions.as(
                Set.of(new OrganisationId("school")),
                () -> transactions
                        .jdbc()
                        .sql("select count(*) from agreements.purpose_grant")
                        .query(Integer.class)
                        .single());
        assertThat(seen).isZero();
    }

    private Optional<UUID> purpose(Caller caller, String kind, Optional<String> caseId) {
        return transactions.as(owners(caller), () -> room.agreements.purpose(caller, kind, caseId));
    }

    private PurposeGrant take(Caller caller, String purpose, Optional<String> caseId) {
        return transactions.as(owners(caller), () -> room.grants.take(caller, purpose, caseId));
    }

    private Set<OrganisationId> owners(Caller caller) {
        return room.agreements.owners(caller);
    }

    private Change change(String key) {
        return new Change(transactions, dispatcher, owners(dispatcher), Optional.of(key), key.getBytes(UTF_8));
    }

    private int rows() {
        return transactions.asSystem(() -> transactions
                .jdbc()
                .sql("select count(*) from agreements.purpose_grant")
                .query(Integer.class)
                .single());
    }
}
