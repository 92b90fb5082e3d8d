package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.AuditEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many who change single entities at one moment: as if each were alone. */
final class EntitiesAtOnceApiTest {
    private static final int MANY = 24;

    private final EntityDoors doors = new EntityDoors();
    private final ExecutorService threads = Executors.newFixedThreadPool(MANY);

    @AfterEach
    void close() throws Exception {
        threads.close();
        doors.close();
    }

    private List<Reply> atOnce(IntFunction<Reply> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(MANY);
        List<Future<Reply>> all = new ArrayList<>();
        for (int n = 0; n < MANY; n++) {
            int place = n;
            all.add(threads.submit(() -> {
                start.await();
                return call.apply(place);
            }));
        }
        List<Reply> replies = new ArrayList<>();
        for (Future<Reply> each : all) {
            replies.add(each.get());
        }
        return replies;
    }

    private static String id(int n) {
        return "urn:ngsi-ld:Lamp:" + n;
    }

    private static String lamp(int n) {
        return "{\"id\":\"%s\",\"type\":\"Lamp\",\"power\":%d}".formatted(id(n), n);
    }

    @Test
    void eachIsAnsweredForItselfAndHasItsOwnEntryInTheLog() throws Exception {
        List<Reply> made = atOnce(n -> doors.post("entities", lamp(n)));
        assertThat(made).allMatch(reply -> reply.status() == 201);
        for (int n = 0; n < MANY; n++) {
            assertThat(made.get(n).header("Location")).endsWith(id(n));
            assertThat(doors.read(id(n)).at("/power/value").intValue()).isEqualTo(n);
        }
        assertThat(atOnce(n -> doors.patch("entities/" + id(n) + "/attrs", "{\"power\":%d}".formatted(1_000 + n))))
                .allMatch(reply -> reply.status() == 204);
        for (int n = 0; n < MANY; n++) {
            assertThat(doors.read(id(n)).at("/power/value").intValue()).isEqualTo(1_000 + n);
        }
        List<String> ids =
                IntStream.range(0, MANY).mapToObj(EntitiesAtOnceApiTest::id).toList();
        for (String action : List.of("entity.created", "entity.changed")) {
            assertThat(doors.audit.entries().stream()
                            .filter(entry -> entry.action().equals(action))
                            .map(AuditEntry::id)
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void ofManyWhoCreateTheSameOneDoesAndTheOthersAreToldSo() throws Exception {
        List<Reply> replies = atOnce(n -> doors.post("entities", lamp(n % 2)));
        assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(2);
        assertThat(replies.stream().filter(reply -> reply.status() == 409)).hasSize(MANY - 2);
    }

    @Test
    void ofManyWhoChangeTheSameNoneIsLost() throws Exception {
        doors.post("entities", lamp(0));
        assertThat(atOnce(n -> doors.patch("entities/" + id(0), "{\"part%d\":%d}".formatted(n, n))))
                .allMatch(reply -> reply.status() == 204);
        JsonNode read = doors.read(id(0));
        for (int n = 0; n < MANY; n++) {
            assertThat(read.at("/part%d/value".formatted(n)).intValue()).isEqualTo(n);
        }
    }

    @Test
    void whatIsWrongOrAbsentSpoilsNothingForTheOthers() throws Exception {
        for (int n = 0; n < MANY; n += 3) {
            doors.post("entities", lamp(n));
        }
        List<Reply> replies = atOnce(n -> switch (n % 3) {
            case 0 -> doors.delete("entities/" + id(n));
            case 1 -> doors.patch("entities/" + id(n), "{\"power\":1}");
            default -> doors.post("entities", lamp(n));
        });
        for (int n = 0; n < MANY; n++) {
            assertThat(replies.get(n).status())
                    .as("%d", n)
                    .isEqualTo(List.of(204, 404, 201).get(n % 3));
            assertThat(doors.get("entities/" + id(n)).status()).isEqualTo(n % 3 == 2 ? 200 : 404);
        }
    }

    @Test
    void whoWaitsForALockedOneLetsTheOthersGo() throws Exception {
        doors.post("entities", lamp(1));
        doors.post("entities", lamp(2));
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Future<?> holder = threads.submit(() -> doors.hub.transactions.doAs(Set.of(Hub.FIRE), () -> {
            doors.hub.entities.drafts().lock(List.of(id(1)));
            locked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        locked.await();
        Future<Reply> waits = threads.submit(() -> doors.patch("entities/" + id(1), "{\"power\":7}"));
        for (int n = 0; n < 5; n++) {
            assertThat(doors.patch("entities/" + id(2), "{\"power\":%d}".formatted(n))
                            .status())
                    .isEqualTo(204);
        }
        assertThat(waits.isDone()).isFalse();
        over.countDown();
        holder.get();
        assertThat(waits.get().status()).isEqualTo(204);
        assertThat(doors.read(id(1)).at("/power/value").intValue()).isEqualTo(7);
    }
}
