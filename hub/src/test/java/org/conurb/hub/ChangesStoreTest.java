package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.hub.Hub.FIRE;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.conurb.store.Retained;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChangesStoreTest {
    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private static Entity sensor(int n, int value) {
        return Entity.of("urn:ngsi-ld:Sensor:" + n, "Sensor", FIRE).with("value", Attribute.property(value));
    }

    /** What a handler writes, to see that it is there exactly once. */
    private void note(long seq, String entity) {
        hub.transactions
                .jdbc()
                .sql(
                        "insert into hub.parked (cursor, seq, organisation_id, entity_id, fault, at) values ('test', :seq, 'fire', :id, '', now())")
                .param("seq", seq)
                .param("id", entity)
                .update();
    }

    private List<String> notes() {
        return hub.transactions.asSystem(() -> hub.transactions
                .jdbc()
                .sql("select entity_id from hub.parked where cursor = 'test' and fault = '' order by seq")
                .query(String.class)
                .list());
    }

    @Test
    void noChangeIsSkippedOrNumberedTwiceThoughSlowTransactionsCommitLate() throws Exception {
        Changes changes = hub.changes();
        List<Long> seen = new ArrayList<>();
        changes.followRows("test", types -> true, row -> {
            synchronized (seen) {
                seen.add(row.seq());
            }
        });
        int writers = 6;
        int each = 25;
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        Thread slow = Thread.ofVirtual()
                .start(() -> hub.transactions.doAs(Set.of(FIRE), () -> {
                    hub.entities.put(Hub.DISPATCHER, sensor(9_999, 0));
                    inside.countDown();
                    try {
                        commit.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int first = writer * each;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = first; n < first + each; n++) {
                    hub.put(sensor(n, n));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Hub.await("the quick ones are told", () -> count(seen) == writers * each);
        commit.countDown();
        slow.join();

        Hub.await("the slow one is told", () -> count(seen) == writers * each + 1);
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, writers * each + 1).boxed().toList());
        assertThat(changes.lag()).isZero();
    }

    private static int count(List<Long> seen) {
        synchronized (seen) {
            return seen.size();
        }
    }

    @Test
    void changesOfOneEntityAreToldInTheOrderTheyHappened() {
        Changes changes = hub.changes();
        List<Object> values = new ArrayList<>();
        changes.follow("test", Set.of("Sensor"), change -> {
            synchronized (values) {
                values.add(((Attribute.Property)
                                change.entity().orElseThrow().attributes().get("value"))
                        .value());
            }
        });
        for (int value = 0; value < 30; value++) {
            hub.put(sensor(1, value));
        }
        Hub.await("all told", () -> {
            synchronized (values) {
                return values.size() == 30;
            }
        });
        assertThat(values).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whatAHandlerWritesIsThereOnceThoughItFailsAndTheProgramRestarts() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        hub.transactions.doAsSystem(() -> hub.transactions
                .jdbc()
                .sql("insert into hub.cursor values ('test', 0, 0, null, now())")
                .update());
        try (Changes first = new Changes(hub.transactions, hub.clock, Hub.QUICK)) {
            hub.entities.onCommit(first.sequencer()::wake);
            first.follow("test", Set.of("Sensor"), change -> {
                note(change.seq(), change.id());
                if (calls.incrementAndGet() % 3 == 0) {
                    throw new IllegalStateException("as planned");
                }
            });
            for (int n = 0; n < 20; n++) {
                hub.put(sensor(n, n));
            }
            Hub.await("some are handled", () -> notes().size() > 3);
        }
        try (Changes second = new Changes(hub.transactions, hub.clock, Hub.QUICK)) {
            second.follow("test", Set.of("Sensor"), change -> note(change.seq(), change.id()));
            Hub.await("all are handled", () -> notes().size() >= 20);
        }
        assertThat(notes()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aPoisonChangeIsParkedAndShownAndTheNextOnesAreHandled() {
        Changes changes = hub.changes();
        Set<String> handled = new HashSet<>();
        changes.follow("poisoned", Set.of("Sensor"), change -> {
            if (change.id().endsWith(":1")) {
                throw new IllegalStateException("poison");
            }
            synchronized (handled) {
                handled.add(change.id());
            }
        });
        for (int n = 0; n < 3; n++) {
            hub.put(sensor(n, n));
        }
        Hub.await("the others are handled", () -> {
            synchronized (handled) {
                return handled.size() == 2;
            }
        });
        Hub.await(
                "it shows",
                () -> changes.followers().getFirst().read(3).detail().contains("1 changes"));
        assertThat(hub.count("parked")).isEqualTo(1);
    }

    @Test
    void handledChangesAreForgottenAfterAWhileAndOthersAreNot() throws Exception {
        Changes changes = hub.changes();
        hub.transactions.doAsSystem(() -> hub.transactions
                .jdbc()
                .sql("insert into hub.cursor values ('behind', 1, 0, null, now())")
                .update());
        hub.put(sensor(1, 1));
        hub.put(sensor(2, 2));
        Hub.await("numbered", () -> changes.sequencer().last() == 2);
        hub.transactions.doAsSystem(() -> hub.transactions
                .jdbc()
                .sql("update hub.change set at = at - interval '8 days'")
                .update());
        Retained kept = changes.retained();
        Instant weekAgo = Instant.now(hub.clock).minus(Duration.ofDays(7));
        assertThat(hub.transactions.asSystem(() -> kept.forget().apply(weekAgo)).owners())
                .containsExactly(Map.entry(Hub.FIRE, 1));
        assertThat(hub.count("change")).isEqualTo(1);
    }
}
