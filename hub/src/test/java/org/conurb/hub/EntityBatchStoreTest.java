package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EntityBatchStoreTest {
    private static final int THREADS = 20;
    private static final int IDS = 60;

    private final Hub hub = new Hub();

    @AfterEach
    void close() throws Exception {
        hub.close();
    }

    private Answer upsert(OrganisationId owner, List<Integer> ids, int value) {
        String body = ids.stream()
                .map(n -> "{\"id\":\"urn:ngsi-ld:Lamp:%d\",\"type\":\"Lamp\",\"power\":%d}".formatted(n, value))
                .collect(Collectors.joining(",", "[", "]"));
        FakeAudit audit = new FakeAudit();
        EntityBatch batch =
                new EntityBatch(new EntityDoor(hub.entities, Model.load(), FakeAccess.to(owner.value()), audit), audit);
        Caller caller = Caller.system("test", owner);
        Change change = new Change(hub.transactions, caller, Set.of(owner), Optional.empty(), new byte[32]);
        LdBody read = new LdBody(Json.mapper().readTree(body), LdContext.CORE);
        return batch.run(
                caller, change, BatchItem.of(read, one -> LdContext.CORE, true, Nulls.REFUSED), EntityBatch::replace);
    }

    private static List<Integer> shuffled(int seed) {
        List<Integer> ids = new ArrayList<>();
        for (int n = 0; n < IDS; n++) {
            ids.add(n);
        }
        Collections.shuffle(ids, new Random(seed));
        return ids;
    }

    /** Runs one task a thread, all at once. */
    private static List<Answer> together(java.util.function.IntFunction<Answer> task) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Answer>> running = new ArrayList<>();
            for (int n = 0; n < THREADS; n++) {
                int thread = n;
                running.add(threads.submit(() -> {
                    start.await();
                    return task.apply(thread);
                }));
            }
            start.countDown();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> one : running) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    @Test
    void manyWhoUpsertTheSameNeverWaitInACircleAndEachCreationIsToldOnce() throws Exception {
        List<Answer> first = together(thread -> upsert(Hub.FIRE, shuffled(thread), thread));
        assertThat(first).extracting(Answer::status).containsOnly(201, 204).contains(201);
        assertThat(hub.count("entity")).isEqualTo(IDS);
        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql("select count(*) from hub.change where what = 'C'")
                        .query(Long.class)
                        .single()))
                .isEqualTo(IDS);

        for (int round = 1; round < 4; round++) {
            int base = round * 1_000;
            List<Answer> later = together(thread -> upsert(Hub.FIRE, shuffled(base + thread), base + thread));
            assertThat(later).extracting(Answer::status).containsOnly(204);
        }
        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql("select count(distinct number) from hub.attribute where name = 'power'")
                        .query(Long.class)
                        .single()))
                .as("batches are whole")
                .isEqualTo(1);
    }

    @Test
    void idsOfAnotherOrganisationAreTakenAndTheRestIsDone() throws Exception {
        List<Answer> answers =
                together(thread -> upsert(thread % 2 == 0 ? Hub.FIRE : Hub.POLICE, shuffled(thread), thread));
        assertThat(answers)
                .extracting(Answer::status)
                .containsOnly(201, 204, 207)
                .contains(207);
        assertThat(hub.count("entity")).isEqualTo(IDS);
        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql(
                                "select count(*) from hub.entity e join hub.attribute a using (iid) where a.organisation_id <> e.organisation_id")
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    @Test
    void aBatchIsOneTransaction() {
        List<Integer> many = shuffled(1);
        upsert(Hub.FIRE, many.subList(0, 10), 1);
        upsert(Hub.FIRE, many, 2);
        assertThat(hub.transactions.asSystem(() -> hub.transactions
                        .jdbc()
                        .sql("select count(distinct xmin::text) from hub.entity")
                        .query(Long.class)
                        .single()))
                .isEqualTo(1);
    }
}
