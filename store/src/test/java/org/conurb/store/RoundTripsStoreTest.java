package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wall comes with the first statement and the commit with the last, and neither gives anything away. */
class RoundTripsStoreTest {
    private static final Sandbox SANDBOX = new Sandbox();
    private static Database database;
    private static Transactions store;

    @BeforeAll
    static void start() {
        database = SANDBOX.start("round trips");
        store = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
        SANDBOX.close();
    }

    @BeforeEach
    void two() {
        Sandbox.clear(store);
        store.doAsSystem(() -> {
            Sandbox.insert(store, Sandbox.FIRE, "of fire");
            Sandbox.insert(store, Sandbox.POLICE, "of police");
        });
    }

    private static List<String> seen() {
        return store.jdbc()
                .sql("select note from trial.thing where cell = :cell and kind = :kind order by note")
                .param("cell", 1)
                .param("kind", "Incident")
                .query(String.class)
                .list();
    }

    private static int renamed(String to) {
        return store.jdbc()
                .sql("update trial.thing set note = :to")
                .param("to", to)
                .update();
    }

    @Test
    void everyStatementStandsBehindTheWall() {
        List<List<String>> all = store.as(List.of(Sandbox.FIRE), () -> List.of(seen(), seen()));
        assertThat(all).containsExactly(List.of("of fire"), List.of("of fire"));
        assertThat(store.as(List.of(Sandbox.POLICE), () -> renamed("changed"))).isEqualTo(1);
        assertThat(store.as(List.of(), RoundTripsStoreTest::seen)).isEmpty();
    }

    @Test
    void anInnerWallHoldsFromItsFirstStatementOn() {
        store.doAs(List.of(Sandbox.FIRE), () -> {
            assertThat(seen()).containsExactly("of fire");
            store.doAs(List.of(Sandbox.POLICE), () -> assertThat(seen()).containsExactly("of police"));
        });
    }

    @Test
    void readsStandBehindTheWallEachOnItsOwn() {
        store.read(List.of(Sandbox.FIRE), () -> {
            assertThat(store.active()).isFalse();
            assertThat(seen()).containsExactly("of fire");
            store.doAsSystem(() -> Sandbox.insert(store, Sandbox.FIRE, "of this moment"));
            return assertThat(seen()).containsExactly("of fire", "of this moment");
        });
        assertThat(store.read(List.of(), RoundTripsStoreTest::seen)).isEmpty();
    }

    @Test
    void aReadCannotWriteAndLeavesNothingBehindItself() {
        assertThatThrownBy(() -> store.read(List.of(Sandbox.FIRE), () -> renamed("no")))
                .rootCause()
                .hasMessageContaining("read-only transaction");
        assertThat(store.as(List.of(Sandbox.FIRE), () -> renamed("yes"))).isEqualTo(1);
        assertThat(store.asSystem(() -> store.jdbc()
                        .sql("select cardinality(store.owners())")
                        .query(Integer.class)
                        .single()))
                .isZero();
    }

    @Test
    void aReadInsideATransactionJoinsIt() {
        store.doAs(List.of(Sandbox.FIRE), () -> {
            renamed("not yet committed");
            assertThat(store.read(List.of(Sandbox.FIRE), RoundTripsStoreTest::seen))
                    .containsExactly("not yet committed");
        });
    }

    @Test
    void whatIsGatheredToBeLastIsWrittenLastAndTakesTheCommitWithIt() {
        List<String> others = new ArrayList<>();
        Consumer<List<String>> writer = rows -> {
            Sandbox.insert(store, Sandbox.FIRE, rows.getFirst());
            others.addAll(
                    CompletableFuture.supplyAsync(() -> Sandbox.notes(store)).join());
        };
        store.doAs(List.of(Sandbox.FIRE), () -> {
            renamed("first");
            store.gatherLast(writer, "last");
            store.gather(rows -> Sandbox.insert(store, Sandbox.FIRE, "before"), "gathered later, written before");
        });
        assertThat(others).containsExactly("before", "first", "last", "of police");
    }

    @Test
    void whereTheLastStatementFailsNothingIsCommitted() {
        Consumer<List<String>> writer = rows -> Sandbox.insert(store, Sandbox.POLICE, rows.getFirst());
        assertThatThrownBy(() -> store.doAs(List.of(Sandbox.FIRE), () -> {
                    renamed("first");
                    store.gatherLast(writer, "not mine");
                }))
                .hasRootCauseMessage("ERROR: new row violates row-level security policy for table \"thing\"");
        assertThat(Sandbox.notes(store)).containsExactly("of fire", "of police");
    }

    @Test
    void nothingComesAfterTheStatementThatCommitted() {
        Consumer<List<String>> twice = rows -> {
            renamed("first");
            renamed("second");
        };
        assertThatThrownBy(() -> store.doAs(List.of(Sandbox.FIRE), () -> store.gatherLast(twice, "")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.as(List.of(Sandbox.FIRE), RoundTripsStoreTest::seen)).containsExactly("first");
    }
}
