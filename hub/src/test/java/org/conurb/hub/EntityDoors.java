package org.conurb.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.conurb.hub.Doors.Reply;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import tools.jackson.databind.JsonNode;

/** A hub with its doors for entities, of which the fire brigade is the client. */
final class EntityDoors implements AutoCloseable {
    final Hub hub;
    final FakeAccess access = FakeAccess.to("fire");
    final FakeAudit audit = new FakeAudit();
    final EntityDoor door;
    final EntityBatch batch;
    private final Doors doors;
    private Caller caller = Hub.DISPATCHER;

    EntityDoors() {
        this(Clock.systemUTC());
    }

    EntityDoors(Clock clock) {
        hub = new Hub(clock);
        Model model = Model.load();
        door = new EntityDoor(hub.entities, model, access, audit);
        batch = new EntityBatch(door, audit);
        EntityRetrieval retrieval =
                new EntityRetrieval(hub.transactions, hub.entities, new EntityFinder(hub.transactions), model, access);
        doors = new Doors(
                hub,
                () -> caller,
                List.of(HubConfiguration.linkedDataPaths()),
                new EntityController(
                        door, new EntityPurge(door, retrieval, hub.transactions, access, audit), hub.contexts),
                new AttributeController(door, hub.contexts),
                new BatchController(batch, hub.contexts),
                new QueryController(retrieval, hub.contexts));
    }

    /** From now on the police asks, who has nothing to do with the fire brigade's. */
    void police() {
        caller = Hub.OFFICER;
        access.readable("police").writable("police");
    }

    Reply call(String method, String path, String body, String... headers) {
        return doors.call(method, path, body, headers);
    }

    Reply get(String path) {
        return doors.get(path);
    }

    Reply post(String path, String body) {
        return doors.post(path, body);
    }

    Reply patch(String path, String body) {
        return doors.patch(path, body);
    }

    Reply put(String path, String body) {
        return doors.put(path, body);
    }

    Reply delete(String path) {
        return doors.delete(path);
    }

    void created(String body) {
        Reply reply = post("entities", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    }

    /** The entity as it is read, normalized. */
    JsonNode read(String id) {
        Reply reply = get("entities/" + id);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    static JsonNode json(String text) {
        return Json.mapper().readTree(text);
    }

    static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    @Override
    public void close() throws Exception {
        hub.close();
    }
}
