package org.conurb.server;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    /**
     * Several clients that open incidents and change each once, every call with a key of its own, and remember what was
     * answered.
     */
    private static final class Writers {
        private final TestSite site;
        private final Set<String> opened = ConcurrentHashMap.newKeySet();
        private final Set<String> changed = ConcurrentHashMap.newKeySet();
        private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
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
                        unanswered.add(id);
                        try {
                            if (!write(caller, id)) {
                                return;
                            }
                        } catch (UncheckedIOException killed) {
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

        /** As a client does: the same requests with the same keys until they are answered. */
        void retryUnanswered() {
            for (String id : List.copyOf(unanswered)) {
                TestSite.await("a retry is answered", () -> write(site.asInstaller(), id));
            }
        }

        /** Opens the incident where that was not answered yet, then changes it; whether both were answered. */
        private boolean write(TestSite.Call caller, String id) {
            if (!opened.contains(id)) {
                if (!taken(open(caller, id), 201)) {
                    return false;
                }
                opened.add(id);
            }
            if (!taken(change(caller, id), 200)) {
                return false;
            }
            changed.add(id);
            unanswered.remove(id);
            return true;
        }

        private static boolean taken(Reply reply, int wanted) {
            assertThat(reply.status() == wanted || reply.status() >= 500)
                    .as(reply.text())
                    .isTrue();
            return reply.status() == wanted;
        }

        private static Reply open(TestSite.Call caller, String id) {
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
                                    "First words of " + id));
        }

        private static Reply change(TestSite.Call caller, String id) {
            return caller.header("Idempotency-Key", id + "-change")
                    .patch("/api/incidents/" + id, Map.of("priority", 4, "description", text(id)));
        }

        private static String text(String id) {
            return "Last words of " + id;
        }

        void verify() throws Exception {
            assertThat(changed).hasSizeGreaterThan(KILLS * WRITERS).isEqualTo(opened);
            List<JsonNode> found = pages("/api/incidents?state=all&limit=500");
            assertThat(found.stream().map(Writers::id)).containsExactlyInAnyOrderElementsOf(changed);
            assertThat(found).allSatisfy(one -> {
                assertThat(one.path("description").asString()).isEqualTo(text(id(one)));
                assertThat(one.path("priority").asInt()).isEqualTo(4);
                assertThat(one.path("version").asInt()).as("changed once").isEqualTo(2);
            });
            for (String id : changed) {
                site.asInstaller()
                        .get("/ngsi-ld/v1/entities/urn:ngsi-ld:Incident:" + id)
                        .expect(200);
                assertThat(site.asInstaller()
                                .get("/api/incidents/" + id + "/timeline")
                                .expect(200)
                                .json()
                                .path("items")
                                .findValuesAsString("kind"))
                        .containsExactly("opened", "changed");
            }
            verifyAudit();
        }

        /** Each effect has one entry, and the log is what its signed checkpoints say. */
        private void verifyAudit() throws Exception {
            TestSite.await(
                    "every entry has its place",
                    () -> site.asInstaller()
                                    .get("/api/system")
                                    .json()
                                    .path("sequencers")
                                    .path("audit")
                                    .path("lag")
                                    .asLong(1)
                            == 0);
            Map<String, List<String>> entries = pages("/api/audit/entries?kind=Incident&limit=500").stream()
                    .filter(entry -> entry.path("thing").asString().startsWith("urn:")
                            && !entry.path("action").asString().endsWith(".read"))
                    .collect(groupingBy(
                            entry -> uuid(entry.path("thing")),
                            mapping(one -> one.path("action").asString(), toList())));
            assertThat(entries.keySet()).containsExactlyInAnyOrderElementsOf(changed);
            assertThat(entries.values())
                    .allSatisfy(actions ->
                            assertThat(actions).containsExactlyInAnyOrder("incident.opened", "incident.changed"));
            assertThat(TestSite.admin(site.data, "verify-audit")).contains("The audit log is sound");
        }

        private List<JsonNode> pages(String path) {
            List<JsonNode> found = new ArrayList<>();
            String after = "";
            do {
                JsonNode page = site.asInstaller().get(path + after).expect(200).json();
                page.path("items").forEach(found::add);
                after = page.path("next").isNull()
                        ? ""
                        : "&after=" + page.path("next").asString();
            } while (!after.isEmpty());
            return found;
        }

        private static String id(JsonNode incident) {
            return uuid(incident.path("id"));
        }

        private static String uuid(JsonNode urn) {
            return urn.asString().substring("urn:ngsi-ld:Incident:".length());
        }
    }
}
