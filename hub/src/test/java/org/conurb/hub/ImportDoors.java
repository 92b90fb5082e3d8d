package org.conurb.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestIds;
import tools.jackson.databind.JsonNode;

/** A hub with the door for imports and those for entities; runs go on only where a test lets them. */
final class ImportDoors implements AutoCloseable {
    static final String IMPORTS = "/api/hub/imports";

    final Hub hub = new Hub();
    final FakeAccess access = FakeAccess.to("fire");
    final FakeAudit audit = new FakeAudit();
    private final Model model = Model.load();
    private final EntityDoor door = new EntityDoor(hub.entities, model, access, audit);
    final ImportFiles files;
    final Doors doors;
    private final Path folder;
    private Standing standing = caller -> true;
    private Caller caller = Hub.DISPATCHER;

    ImportDoors(Path folder) {
        this.folder = folder;
        this.files = new ImportFiles(folder, 30 << 20);
        EntityRetrieval retrieval =
                new EntityRetrieval(hub.transactions, hub.entities, new EntityFinder(hub.transactions), model, access);
        this.doors = new Doors(
                hub,
                () -> caller,
                List.of(new TenantFilter(
                        new Tenants(hub.transactions, access, audit, hub.clock, new TenantSettings(true)))),
                new ImportController(new Imports(
                        hub.transactions,
                        files,
                        work(),
                        hub.entities,
                        model,
                        access,
                        audit,
                        TestIds.seeded(hub.clock),
                        ZoneId.of("America/New_York"))),
                new EntityController(
                        door, new EntityPurge(door, retrieval, hub.transactions, access, audit), hub.contexts),
                new AttributeController(door, hub.contexts),
                new QueryController(retrieval, hub.contexts));
    }

    /** Work as it is after a start of the program, where standing is looked up as the system. */
    ImportWork work() {
        Standing asSystem = asked -> hub.transactions.asSystem(() -> standing.holds(asked));
        return new ImportWork(hub.transactions, files, door, access, audit, asSystem, hub.clock);
    }

    void standing(Standing other) {
        standing = other;
    }

    /** From now on this one asks. */
    void as(Caller other) {
        caller = other;
    }

    Reply send(String name, String file, String... headers) {
        return doors.send("POST", IMPORTS + "?name=" + name, file.getBytes(UTF_8), headers);
    }

    /** The id of a file that was taken. */
    String taken(String name, String file) {
        Reply reply = send(name, file);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.json().path("id").stringValue();
    }

    Reply preview(String id, String mapping) {
        return doors.post(
                IMPORTS + "/" + id + "/preview", mapping == null ? "{}" : "{\"mapping\":%s}".formatted(mapping));
    }

    Reply start(String id, String mapping) {
        return doors.post(IMPORTS + "/" + id + "/start", "{\"mapping\":%s}".formatted(mapping));
    }

    /** Imports the file to the end; its run. */
    JsonNode imported(String name, String file, String mapping) {
        String id = taken(name, file);
        Reply reply = start(id, mapping);
        assertThat(reply.status()).as(reply.body()).isEqualTo(202);
        toTheEnd();
        return run(id);
    }

    JsonNode undone(String id) {
        Reply reply = doors.call("POST", IMPORTS + "/" + id + "/undo", null);
        assertThat(reply.status()).as(reply.body()).isEqualTo(202);
        toTheEnd();
        return run(id);
    }

    void toTheEnd() {
        ImportWork work = work();
        while (work.step()) {
            // the next run
        }
    }

    JsonNode run(String id) {
        return doors.get(IMPORTS + "/" + id).json();
    }

    /** As row, column and reason. */
    List<String> faults(String id) {
        List<String> told = new ArrayList<>();
        doors.get(IMPORTS + "/" + id + "/errors")
                .json()
                .path("items")
                .forEach(fault -> told.add("%s %s %s"
                        .formatted(
                                fault.path("row").asString("-"),
                                fault.path("column").asString("-"),
                                fault.path("reason").asString())));
        return told;
    }

    static String counts(JsonNode run) {
        JsonNode counts = run.path("counts");
        return "%d read, %d created, %d updated, %d unchanged, %d refused"
                .formatted(
                        counts.path("read").asInt(),
                        counts.path("created").asInt(),
                        counts.path("updated").asInt(),
                        counts.path("unchanged").asInt(),
                        counts.path("refused").asInt());
    }

    JsonNode entity(String id) {
        Reply reply = doors.get("entities/" + id);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    long filesKept() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Override
    public void close() throws Exception {
        hub.close();
    }
}
