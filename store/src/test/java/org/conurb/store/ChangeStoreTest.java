package org.conurb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.conurb.kernel.ConurbException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChangeStoreTest {
    private static final Sandbox SANDBOX = new Sandbox();
    private static Database database;
    private static Transactions store;

    @BeforeAll
    static void start() {
        database = SANDBOX.start("changes");
        store = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
        SANDBOX.close();
    }

    @Test
    void aRetryGetsTheFirstAnswerAndHasNoEffect() {
        Answer first = change("k1", "body").commit(() -> opened("retry"));
        Answer second = change("k1", "body").commit(() -> opened("retry"));

        assertThat(second.status()).isEqualTo(first.status()).isEqualTo(201);
        assertThat(second.headers()).isEqualTo(first.headers());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(count("retry")).isEqualTo(1);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        change("k2", "body").commit(() -> opened("other"));
        assertThatThrownBy(() -> change("k2", "another").commit(() -> opened("other")))
                .isInstanceOfSatisfying(
                        ConurbException.class,
                        e -> assertThat(e.category().status()).isEqualTo(422));
        assertThat(count("other")).isEqualTo(1);
    }

    @Test
    void aFailureLeavesNothingSoARetryTriesAgain() {
        assertThatThrownBy(() -> change("k3", "body").commit(() -> {
                    opened("failed");
                    throw new IllegalStateException("power");
                }))
                .hasMessage("power");
        assertThat(count("failed")).isZero();

        assertThat(change("k3", "body").commit(() -> opened("failed")).status()).isEqualTo(201);
        assertThat(count("failed")).isEqualTo(1);
    }

    @Test
    void withoutAKeyEachCallHasItsEffect() {
        for (int i = 0; i < 2; i++) {
            new Change(store, Sandbox.caller(Sandbox.FIRE), List.of(Sandbox.FIRE), Optional.empty(), new byte[32])
                    .commit(() -> opened("twice"));
        }
        assertThat(count("twice")).isEqualTo(2);
    }

    @Test
    void manyAtOnceWithOneKeyAreOneEffect() throws Exception {
        int callers = 16;
        CyclicBarrier together = new CyclicBarrier(callers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = IntStream.range(0, callers)
                    .mapToObj(n -> threads.submit((Callable<Answer>) () -> {
                        together.await(10, TimeUnit.SECONDS);
                        return change("k4", "body").commit(() -> opened("race"));
                    }))
                    .toList();
            String body = null;
            for (Future<Answer> answer : answers) {
                String got =
                        new String(answer.get(20, TimeUnit.SECONDS).body(), java.nio.charset.StandardCharsets.UTF_8);
                body = body == null ? got : body;
                assertThat(got).isEqualTo(body);
            }
        }
        assertThat(count("race")).isEqualTo(1);
    }

    @Test
    void theAnswerCarriesTheAuditEntryAndSoDoesItsRepetition() {
        UUID entry = UUID.randomUUID();
        Answer first = change("k5", "body").commit(() -> {
            store.audited(entry);
            return Answer.noContent();
        });
        assertThat(first.headers()).containsEntry("Conurb-Audit", entry.toString());
        assertThat(change("k5", "body").commit(Answer::noContent).headers())
                .containsEntry("Conurb-Audit", entry.toString());
        assertThat(change("k6", "body").commit(Answer::noContent).headers()).doesNotContainKey("Conurb-Audit");
    }

    @Test
    void aKeyThatIsTooLongOrEmptyIsRefusedAtTheDoor() {
        for (String key : List.of("", " ", "x".repeat(256), "a\u0000b")) {
            assertThatThrownBy(() -> change(key, "body"))
                    .isInstanceOfSatisfying(
                            ConurbException.class,
                            e -> assertThat(e.category().status()).isEqualTo(400));
        }
    }

    @Test
    void keysAreForgottenAfterAWeek() {
        change("k7", "body").commit(() -> opened("week"));
        Instant made = store.asSystem(() -> store.jdbc()
                .sql("select at from store.once where key = 'k7'")
                .query(OffsetDateTime.class)
                .single()
                .toInstant());
        forget(made);
        change("k7", "body").commit(() -> opened("week"));
        assertThat(count("week")).isEqualTo(1);
        assertThat(forget(made.plusMillis(1))).isPositive();
        change("k7", "body").commit(() -> opened("week"));
        assertThat(count("week")).isEqualTo(2);
    }

    private static int forget(Instant before) {
        return store.asSystem(() -> database.answers().forget().apply(before)).count();
    }

    private static Change change(String key, String body) {
        return new Change(
                store,
                Sandbox.caller(Sandbox.FIRE),
                List.of(Sandbox.FIRE),
                Optional.of(key),
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Answer opened(String note) {
        Sandbox.insert(store, Sandbox.FIRE, note);
        return Answer.created(java.net.URI.create("/things/1"), Map.of("id", UUID.randomUUID()));
    }

    private static long count(String note) {
        return Sandbox.notes(store).stream().filter(note::equals).count();
    }
}
