package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conurb.server.TestSite.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was acknowledged is there, once and unchanged, whatever was killed in mid-write. */
class KillFaultTest {
    private static final int KILLS = 10;
    private static final int WRITERS = 4;

    @Test
    void nothingAcknowledgedIsLostChangedOrDoubledWhenTheServerIsKilled() throws Exception {
        try (TestSite site = TestSite.up(TestSite.temporaryFolder("conurb kill "))) {
            Writers writers = new Writers(site);
            Random random = new Random(11);
            for (int kill = 0; kill < KILLS; kill++) {
                writers.run();
                TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(500));
                site.kill();
                writers.join();
                site.restart();
                writers.retryUnanswered();
            }
            writers.verify();
        }
    }

    @Test
    void nothingAcknowledgedIsLostChangedOrDoubledWhenPostgresIsKilled() throws Exception {
        try (TestSite site = TestSite.up(TestSite.temporaryFolder("conurb kill "))) {
            Writers writers = new Writers(site);
            Random random = new Random(13);
            for (int kill = 0; kill < KILLS; kill++) {
                writers.run();
                TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(500));
                long postgres = site.postgresPid();
                assertThat(ProcessHandle.of(postgres).orElseThrow().destroyForcibly())
                        .isTrue();
                writers.stop();
                writers.join();
                TestSite.await(
                        "the database is back",
                        () -> site.asInstaller().get("/api/incidents?limit=1").status() == 200);
                writers.retryUnanswered();
            }
            writers.verify();
        }
    }

    /** Several clients that post incidents, each with a key of its own, and remember what was answered. */
    private static final class Writers {
        private final TestSite site;
        private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
        private final Map<String, String> unanswered = new ConcurrentHashMap<>();
        private final AtomicBoolean on = new AtomicBoolean();
        private List<Thread> threads = List.of();

        Writers(TestSite site) {
            this.site = site;
        }

        void run() {
            TestSite.Call caller = site.asInstaller();
            on.set(true);
            threads = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    while (on.get()) {
                        String id = UUID.randomUUID().toString();
                        unanswered.put(id, text(id));
                        try {
                            if (!take(id, post(caller, id))) {
                                return;
                            }
                        } catch (RuntimeException killed) {
                            return;
                        }
                    }
                }));
            }
        }

        void stop() {
            on.set(false);
        }

        void join() throws InterruptedException {
            on.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        /** As a client does: the same request with the same key until it is answered. */
        void retryUnanswered() {
            for (String id : List.copyOf(unanswered.keySet())) {
                TestSite.await("a retry is answered", () -> take(id, post(site.asInstaller(), id)));
            }
        }

        private boolean take(String id, Reply reply) {
            if (reply.status() != 201) {
                assertThat(reply.status()).as(reply.text()).isGreaterThanOrEqualTo(500);
                return false;
            }
            acknowledged.put(id, text(id));
            unanswered.remove(id);
            return true;
        }

        private static Reply post(TestSite.Call caller, String id) {
            return caller.header("Idempotency-Key", id)
                    .post(
                            "/api/incidents",
                            Map.of(
                                    "id",
                                    id,
                                    "type",
                                    "fire.smoke",
                                    "place",
                                    IncidentsApiTest.PLACE,
                                    "description",
                                    text(id)));
        }

        private static String text(String id) {
            return "Words of " + id;
        }

        void verify() {
            assertThat(acknowledged).hasSizeGreaterThan(KILLS * WRITERS);
            List<JsonNode> found = new ArrayList<>();
            String after = "";
            do {
                JsonNode page = site.asInstaller()
                        .get("/api/incidents?state=all&limit=500" + after)
                        .expect(200)
                        .json();
                page.path("items").forEach(found::add);
                after = page.path("next").isNull()
                        ? ""
                        : "&after=" + page.path("next").asString();
            } while (!after.isEmpty());
            assertThat(found.stream().map(i -> i.path("id").asString().substring("urn:ngsi-ld:Incident:".length())))
                    .containsExactlyInAnyOrderElementsOf(acknowledged.keySet());
            assertThat(found)
                    .allSatisfy(i -> assertThat(i.path("description").asString())
                            .isEqualTo(text(i.path("id").asString().substring("urn:ngsi-ld:Incident:".length()))));
            for (String id : acknowledged.keySet()) {
                site.asInstaller()
                        .get("/ngsi-ld/v1/entities/urn:ngsi-ld:Incident:" + id)
                        .expect(200);
            }
            TestSite.await(
                    "the audit log is whole",
                    () -> site.asInstaller().get("/api/audit/checkpoint").status() == 200);
        }
    }
}
