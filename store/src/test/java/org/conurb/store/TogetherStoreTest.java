package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.OrganisationId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TogetherStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Sandbox SANDBOX = new Sandbox();
    private static Database database;
    private static Transactions store;

    private final Writing writing = new Writing();
    private final Together<String> together = new Together<>(store, writing);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void start() {
        database = SANDBOX.start("together");
        store = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
        SANDBOX.close();
    }

    @AfterEach
    void clear() {
        writing.go.countDown();
        threads.close();
        Sandbox.clear(store);
    }

    /** Writes notes; the one that is called {@code first} takes its time. */
    private static final class Writing implements Together.Work<String> {
        private final CountDownLatch began = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
        private final List<String> alone = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Answer alone(String one) {
            alone.add(one);
            return write(one);
        }

        @Override
        public List<Optional<Supplier<Answer>>> all(List<String> wishes) {
            groups.add(wishes);
            List<Optional<Supplier<Answer>>> answers = new ArrayList<>();
            for (String wish : wishes) {
                if (wish.equals("lonely")) {
                    answers.add(Optional.empty());
                } else if (wish.equals("wrong")) {
                    answers.add(Optional.of(() -> {
                        throw new BadRequest("wrong", "That is wrong.", "Send another.");
                    }));
                } else {
                    Answer answer = write(wish);
                    answers.add(Optional.of(() -> answer));
                }
            }
            if (wishes.contains("unknown")) {
                store.gather(
                        rows -> {
                            throw new IllegalStateException("the commit was lost");
                        },
                        "row");
            }
            if (wishes.contains("broken")) {
                throw new IllegalStateException("all of it is undone");
            }
            return answers;
        }

        private Answer write(String note) {
            Sandbox.insert(store, Sandbox.FIRE, note);
            if (note.equals("first")) {
                began.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Answer.noContent().with("Note", note);
        }
    }

    private Future<Answer> commit(OrganisationId owner, String note) {
        return threads.submit(() -> together.commit(List.of(owner), note));
    }

    /** These come, in this order, while the first is being written. */
    private List<Future<Answer>> meanwhile(List<String> notes) throws Exception {
        Future<Answer> first = commit(Sandbox.FIRE, "first");
        writing.began.await();
        List<Future<Answer>> all = new ArrayList<>();
        for (String note : notes) {
            all.add(commit(Sandbox.FIRE, note));
            assertThat(Sandbox.within(PATIENCE, () -> together.waiting() == all.size()))
                    .isTrue();
        }
        writing.go.countDown();
        assertThat(first.get().headers()).containsEntry("Note", "first");
        return all;
    }

    private static long count(String note) {
        return store.asSystem(() -> store.jdbc()
                .sql("select count(*) from trial.thing where note = :note")
                .param("note", note)
                .query(Long.class)
                .single());
    }

    @Test
    void whatComesWhileOneIsWrittenIsWrittenTogetherAndEachIsAnsweredForItself() throws Exception {
        List<Future<Answer>> all = meanwhile(List.of("a", "b", "c"));
        for (int i = 0; i < 3; i++) {
            assertThat(all.get(i).get().headers())
                    .containsEntry("Note", List.of("a", "b", "c").get(i));
        }
        assertThat(writing.groups).containsExactly(List.of("first"), List.of("a", "b", "c"));
        assertThat(count("a") + count("b") + count("c")).isEqualTo(3);
        assertThat(together.waiting()).isZero();
    }

    @Test
    void oneThatIsRefusedOrMustBeAloneLeavesTheOthersAsTheyAre() throws Exception {
        List<Future<Answer>> all = meanwhile(List.of("a", "wrong", "lonely", "b"));
        assertThatThrownBy(() -> all.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(BadRequest.class);
        assertThat(all.get(2).get().headers()).containsEntry("Note", "lonely");
        assertThat(all.get(0).get().status() + all.get(3).get().status()).isEqualTo(408);
        assertThat(count("a") + count("b") + count("lonely")).isEqualTo(3);
        assertThat(writing.alone).containsExactly("lonely");
    }

    @Test
    void whereTheWholeFailsEachIsDoneAloneAndOnce() throws Exception {
        List<Future<Answer>> all = meanwhile(List.of("a", "broken", "b"));
        for (Future<Answer> each : all) {
            assertThat(each.get().status()).isEqualTo(204);
        }
        assertThat(writing.alone).containsExactlyInAnyOrder("a", "broken", "b");
        assertThat(List.of(count("a"), count("broken"), count("b"))).containsOnly(1L);
    }

    @Test
    void whereTheCommitFailsNobodyDoesItAgain() throws Exception {
        for (Future<Answer> each : meanwhile(List.of("a", "unknown", "b"))) {
            assertThatThrownBy(each::get).hasRootCauseMessage("the commit was lost");
        }
        assertThat(writing.alone).isEmpty();
        assertThat(count("a") + count("unknown") + count("b")).isZero();
    }

    @Test
    void behindAnotherWallNobodyWaits() throws Exception {
        Future<Answer> first = commit(Sandbox.FIRE, "first");
        writing.began.await();
        assertThatThrownBy(() -> together.commit(List.of(Sandbox.POLICE), "wrong"))
                .isInstanceOf(BadRequest.class);
        Answer ofAnotherTenant = Transactions.within("other", () -> together.commit(List.of(Sandbox.FIRE), "a"));
        assertThat(ofAnotherTenant.headers()).containsEntry("Note", "a");
        assertThat(first.isDone()).isFalse();
        writing.go.countDown();
        assertThat(first.get().status()).isEqualTo(204);
    }

    @Test
    void aGroupHasABound() throws Exception {
        List<String> notes =
                IntStream.range(0, Together.MOST + 3).mapToObj(n -> "n" + n).toList();
        for (Future<Answer> each : meanwhile(notes)) {
            assertThat(each.get().status()).isEqualTo(204);
        }
        assertThat(writing.groups.stream().map(List::size)).containsExactly(1, Together.MOST, 3);
    }
}
