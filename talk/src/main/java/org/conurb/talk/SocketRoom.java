package org.conurb.talk;

import jakarta.websocket.CloseReason.CloseCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Role;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All sockets of the site: understands what they say and hands it to the controlling function. Safe for many threads. */
final class SocketRoom implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketRoom.class);
    private static final long HELLO_WITHIN_MILLIS = 15_000;
    private static final long LOOK_MILLIS = 1_000;

    private final ControllingFunction site;
    private final Participants participants;
    private final VoiceSessions voices;
    private final Access access;
    private final Audit audit;
    private final Transactions transactions;
    private final NoticeTexts texts;
    private final Set<SocketClient> clients = ConcurrentHashMap.newKeySet();
    private final Map<SocketClient, Long> nameless = new ConcurrentHashMap<>();
    private final List<Runnable> others = new CopyOnWriteArrayList<>();
    private volatile @Nullable ShortData data;
    private volatile boolean closed;
    private @Nullable Thread thread;

    SocketRoom(
            ControllingFunction site,
            Participants participants,
            VoiceSessions voices,
            Access access,
            Audit audit,
            Transactions transactions) {
        this.site = site;
        this.participants = participants;
        this.voices = voices;
        this.access = access;
        this.audit = audit;
        this.transactions = transactions;
        this.texts = new NoticeTexts(participants);
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("talk-sockets").start(this::look);
    }

    /** Each second: those whose sign-in has ended, and who never said who they are, go. */
    private void look() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                long now = System.nanoTime();
                nameless.forEach((client, since) -> {
                    if (now - since > TimeUnit.MILLISECONDS.toNanos(HELLO_WITHIN_MILLIS)) {
                        nameless.remove(client);
                        client.close(CloseCodes.VIOLATED_POLICY, "No hello came.");
                    }
                });
                for (SocketClient client : clients) {
                    if (!client.holds()) {
                        client.close(CloseCodes.VIOLATED_POLICY, "The sign-in has ended.");
                        closed(client);
                    }
                }
                others.forEach(Runnable::run);
            } catch (InterruptedException stop) {
                return;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("talk.look-failed");
            }
        }
    }

    /** Run each second too, for other doors. */
    void alsoLook(Runnable look) {
        others.add(look);
    }

    /** Messages too, and who follows what over restarts; named before the first socket comes. */
    void data(ShortData now) {
        data = now;
    }

    /** Devices of this participant that have said hello. */
    List<SocketClient> clientsOf(Participant who) {
        return clients.stream()
                .filter(client -> client.participant().equals(who))
                .toList();
    }

    void opened(SocketClient client) {
        nameless.put(client, System.nanoTime());
    }

    void closed(SocketClient client) {
        nameless.remove(client);
        client.gone();
        if (clients.remove(client)) {
            site.disconnect(client);
        }
        voices.end(client);
    }

    /** A fault is told and changes nothing; the socket stays. */
    void said(SocketClient client, String text) {
        Optional<String> id = Optional.empty();
        try {
            SocketMessage message = SocketMessage.of(text);
            id = message.optional("id");
            if (message.type().equals("hello")) {
                hello(client, message);
            } else if (!client.isGreeted()) {
                throw SocketMessage.fault("The first message is hello.");
            } else {
                handle(client, message, id);
            }
        } catch (ConurbException fault) {
            client.say(problem(fault, id));
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("talk.message-failed");
            client.say(NoticeTexts.object()
                    .put("type", "problem")
                    .put("status", 500)
                    .put("title", "internal")
                    .put("detail", "This message could not be handled.")
                    .put("remedy", "Try again; the log tells more."));
        }
    }

    private static ObjectNode problem(ConurbException fault, Optional<String> id) {
        ObjectNode problem = NoticeTexts.object().put("type", "problem");
        id.ifPresent(re -> problem.put("re", re));
        return problem.put("status", fault.category().status())
                .put("title", fault.code())
                .put("detail", fault.detail())
                .put("remedy", fault.remedy());
    }

    private void hello(SocketClient client, SocketMessage message) {
        if (client.isGreeted()) {
            throw SocketMessage.fault("It has said hello already.");
        }
        Participant as = transactions.as(access.owners(client.caller()), () -> {
            Participant found = participants.of(client.caller(), message.optional("unit"));
            audit.record(AuditEntry.of(
                    client.caller(), "talk.connected", "TalkClient", found.mcpttId(), found.organisation()));
            return found;
        });
        client.greet(as, message.text("client"), texts);
        nameless.remove(client);
        clients.stream()
                .filter(other -> other.device().equals(client.device())
                        && other.caller().subject().equals(client.caller().subject()))
                .forEach(older -> {
                    older.close(CloseCodes.NORMAL_CLOSURE, "The same device has come again.");
                    closed(older);
                });
        ObjectNode welcome = NoticeTexts.object().put("type", "welcome").put("hears", VoiceSessions.MOST_EARS);
        welcome.set("participant", texts.party(as));
        welcome.putArray("groups"); // each follows by itself
        client.say(welcome);
        clients.add(client);
        ShortData kept = data;
        if (kept != null) {
            kept.greeted(client);
        }
        site.connect(client).thenAccept(in -> {
            if (!in) {
                client.close(CloseCodes.TRY_AGAIN_LATER, "%d devices are connected.".formatted(Station.MOST_CLIENTS));
            }
        });
    }

    private void handle(SocketClient client, SocketMessage message, Optional<String> id) {
        switch (message.type()) {
            case "ping" -> client.say(NoticeTexts.object().put("type", "pong"));
            case "offer" -> {
                String answer = voices.offer(client, message.body("sdp"), message.flag("restart"));
                ObjectNode said = NoticeTexts.object().put("type", "answer").put("sdp", answer);
                id.ifPresent(re -> said.put("re", re));
                client.say(said);
            }
            case "affiliate" -> answer(client, id, affiliate(client, message.text("group")), NOT_A_MEMBER);
            case "deaffiliate" -> deaffiliate(client, message.text("group"));
            case "message", "read" -> data(client, message, id);
            case "scan" -> scan(client, message);
            case "request" ->
                site.request(client, message.text("group"), message.number("priority", 0, 255, 255), message.urgency());
            case "release" -> site.release(client, message.text("group"));
            case "queue" -> site.queuePosition(client, message.text("group"));
            case "cancel-request" ->
                answer(client, id, site.cancelQueued(client, message.text("group"), other(message)), NOT_ALLOWED);
            case "force-release" ->
                answer(client, id, site.forcedRelease(client, message.text("group"), other(message)), NOT_ALLOWED);
            case "emergency" -> {
                Urgency urgency = Urgency.higher(message.urgency(), Urgency.IMMINENT_PERIL);
                boolean peril = message.optional("urgency").isPresent();
                answer(
                        client,
                        id,
                        site.emergency(
                                client, message.text("group"), peril ? urgency : Urgency.EMERGENCY, message.place()),
                        NOT_ALLOWED);
            }
            case "alert" -> answer(client, id, site.alert(client, message.text("group"), message.place()), NOT_ALLOWED);
            case "cancel-emergency" -> cancel(client, message, id);
            case "call" -> call(client, message, id);
            case "accept" -> answer(client, id, site.accept(client, message.text("group")), NOT_ALLOWED);
            case "refuse", "end" -> answer(client, id, site.end(client, message.text("group")), NOT_ALLOWED);
            case "patch" -> {
                demandDispatch(client);
                answer(client, id, site.patch(message.text("group"), message.text("other")), NO_PATCH);
            }
            case "unpatch" -> {
                demandDispatch(client);
                answer(client, id, site.unpatch(message.text("group"), message.text("other")), NO_PATCH);
            }
            default -> throw SocketMessage.fault("There is no message %s.".formatted(message.type()));
        }
    }

    private CompletableFuture<Boolean> affiliate(SocketClient client, String group) {
        ShortData kept = data;
        return kept == null
                ? site.affiliate(client.participant(), group)
                : CompletableFuture.completedFuture(kept.affiliate(client, group));
    }

    private void deaffiliate(SocketClient client, String group) {
        ShortData kept = data;
        if (kept == null) {
            site.deaffiliate(client.participant(), group);
        } else {
            kept.deaffiliate(client, group);
        }
    }

    private void data(SocketClient client, SocketMessage message, Optional<String> id) {
        ShortData kept = data;
        if (kept == null) {
            throw SocketMessage.fault("This site keeps no messages.");
        }
        if (message.type().equals("message")) {
            kept.send(client, message);
        } else {
            kept.read(client, message);
        }
        id.ifPresent(re -> client.say(NoticeTexts.object().put("type", "done").put("re", re)));
    }

    private void scan(SocketClient client, SocketMessage message) {
        if (!(message.node().path("groups") instanceof ArrayNode groups) || groups.size() > Scan.MOST_GROUPS) {
            throw SocketMessage.fault("groups is no list of at most %d.".formatted(Scan.MOST_GROUPS));
        }
        groups.forEach(each -> {
            if (!(each instanceof ObjectNode one)) {
                throw SocketMessage.fault("groups has something that is no object.");
            }
            SocketMessage wish = new SocketMessage(one);
            site.prefer(client, wish.text("group"), wish.number("priority", 0, 255, 0), wish.flag("muted"));
        });
    }

    private void cancel(SocketClient client, SocketMessage message, Optional<String> id) {
        String group = message.text("group");
        Participant whom = other(message);
        audited(client, "talk.emergency-cancelled", group, Map.of("participant", whom.mcpttId()));
        answer(client, id, site.cancel(client.participant(), group, whom), NOT_ALLOWED);
    }

    private void call(SocketClient client, SocketMessage message, Optional<String> id) {
        Participant callee = other(message);
        boolean withFloor = message.flag("floor");
        audited(client, "talk.called", callee.mcpttId(), Map.of());
        site.callPrivately(client, callee, withFloor, client.participant().organisation())
                .thenAccept(group -> {
                    if (group.isEmpty()) {
                        client.say(problem(NOT_THERE, id));
                        return;
                    }
                    ObjectNode said = NoticeTexts.object().put("type", "call").put("group", group.get());
                    id.ifPresent(re -> said.put("re", re));
                    client.say(said);
                });
    }

    private void audited(SocketClient client, String action, String what, Map<String, String> facts) {
        transactions.doAs(
                access.owners(client.caller()),
                () -> audit.record(AuditEntry.of(
                                client.caller(),
                                action,
                                "TalkGroup",
                                what,
                                client.caller().organisation())
                        .with(facts)));
    }

    private void demandDispatch(SocketClient client) {
        boolean may = client.caller().has(Role.DISPATCHER) || client.caller().has(Role.COMMANDER);
        if (!may) {
            throw new Denied("Only dispatchers and commanders join groups.", "Ask one of them.");
        }
    }

    private Participant other(SocketMessage message) {
        return participants.find(message.text("participant")).orElseThrow(() -> NOT_THERE);
    }

    private static void answer(
            SocketClient client, Optional<String> id, CompletableFuture<Boolean> done, ConurbException otherwise) {
        done.thenAccept(yes -> {
            if (!yes) {
                client.say(problem(otherwise, id));
            } else {
                id.ifPresent(re ->
                        client.say(NoticeTexts.object().put("type", "done").put("re", re)));
            }
        });
    }

    private static final Denied NOT_A_MEMBER = new Denied(
            "There is no such group that this seat or unit is a member of, or it follows too many.",
            "Look at the groups that were shown.");
    private static final Denied NOT_ALLOWED = new Denied(
            "This seat or unit may not do that, or there was nothing to do.", "The group's rights say what it may.");
    private static final Denied NO_PATCH =
            new Denied("One of the groups is not there, or is patched already.", "End the other patch first.");
    private static final Denied NOT_THERE =
            new Denied("Nobody by that name is connected.", "GET /api/talk/participants tells who is.");

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        clients.forEach(client -> client.close(CloseCodes.GOING_AWAY, "The site stops."));
    }
}
