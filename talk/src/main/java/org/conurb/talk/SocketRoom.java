package org.conurb.talk;

import jakarta.websocket.CloseReason.CloseCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
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
    private static final long DECIDED_WITHIN_MILLIS = 5_000;

    /** What one does to others, as the audit log names it. */
    private static final Map<String, String> ACTIONS = Map.of(
            "cancel-request", "talk.request-cancelled",
            "force-release", "talk.floor-taken-away",
            "cancel-emergency", "talk.emergency-cancelled",
            "patch", "talk.patched",
            "unpatch", "talk.unpatched",
            "end", "talk.ended",
            "refuse", "talk.refused");

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
            case "affiliate" -> {
                affiliate(client, message.text("group"));
                done(client, id);
            }
            case "deaffiliate" -> deaffiliate(client, message.text("group"));
            case "message", "read" -> data(client, message, id);
            case "scan" -> scan(client, message);
            case "request" ->
                site.request(client, message.text("group"), message.number("priority", 0, 255, 255), message.urgency());
            case "release" -> site.release(client, message.text("group"));
            case "queue" -> site.queuePosition(client, message.text("group"));
            case "emergency" -> {
                Urgency urgency = message.optional("urgency").isPresent() ? message.urgency() : Urgency.EMERGENCY;
                demand(
                        site.emergency(
                                client,
                                message.text("group"),
                                Urgency.higher(urgency, Urgency.IMMINENT_PERIL),
                                message.place()),
                        SocketRoom::notAllowed);
                done(client, id);
            }
            case "alert" -> {
                demand(site.alert(client, message.text("group"), message.place()), SocketRoom::notAllowed);
                done(client, id);
            }
            case "call" -> call(client, message, id);
            case "accept" -> {
                demand(site.accept(client, message.text("group")), SocketRoom::notAllowed);
                done(client, id);
            }
            default -> decide(client, message, id);
        }
    }

    private void affiliate(SocketClient client, String group) {
        ShortData kept = data;
        if (kept == null) {
            demand(site.affiliate(client.participant(), group), SocketRoom::noMember);
        } else if (!kept.affiliate(client, group)) {
            throw noMember();
        }
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
        done(client, id);
    }

    /** What one does to others, or to a call: it is done, then audited, then answered. */
    private void decide(SocketClient client, SocketMessage message, Optional<String> id) {
        String type = message.type();
        String action = ACTIONS.get(type);
        if (action == null) {
            throw SocketMessage.fault("There is no message %s.".formatted(type));
        }
        String group = message.text("group");
        Participant by = client.participant();
        String about;
        switch (type) {
            case "cancel-request", "force-release", "cancel-emergency" -> {
                Participant whom = other(message);
                about = whom.mcpttId();
                demand(
                        switch (type) {
                            case "cancel-request" -> site.cancelQueued(client, group, whom);
                            case "force-release" -> site.forcedRelease(client, group, whom);
                            default -> site.cancel(by, group, whom);
                        },
                        SocketRoom::notAllowed);
            }
            case "patch", "unpatch" -> {
                about = message.text("other");
                demand(
                        type.equals("patch") ? site.patch(by, group, about) : site.unpatch(by, group, about),
                        SocketRoom::noPatch);
            }
            default -> {
                about = by.mcpttId();
                demand(site.end(client, group), SocketRoom::notAllowed);
            }
        }
        audited(client, action, group, Map.of("about", about));
        done(client, id);
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

    private void call(SocketClient client, SocketMessage message, Optional<String> id) {
        Participant callee = other(message);
        Optional<String> group = await(site.callPrivately(
                client, callee, message.flag("floor"), client.participant().organisation()));
        if (group.isEmpty()) {
            throw notThere();
        }
        audited(client, "talk.called", group.get(), Map.of("about", callee.mcpttId()));
        ObjectNode said = NoticeTexts.object().put("type", "call").put("group", group.get());
        id.ifPresent(re -> said.put("re", re));
        client.say(said);
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

    private Participant other(SocketMessage message) {
        return participants.find(message.text("participant")).orElseThrow(SocketRoom::notThere);
    }

    private static void demand(CompletableFuture<Boolean> done, Supplier<Denied> otherwise) {
        if (!await(done)) {
            throw otherwise.get();
        }
    }

    /** The floor waits for nothing; where it does not decide soon, something is wrong with it. */
    private static <T> T await(CompletableFuture<T> decision) {
        try {
            return decision.get(DECIDED_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new TalkBusy("This was not decided in time.");
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TalkBusy("The site stops.");
        }
    }

    private static void done(SocketClient client, Optional<String> id) {
        id.ifPresent(re -> client.say(NoticeTexts.object().put("type", "done").put("re", re)));
    }

    private static Denied noMember() {
        return new Denied(
                "There is no such group that this seat or unit is a member of, or it follows too many.",
                "Look at the groups that were shown.");
    }

    private static Denied notAllowed() {
        return new Denied(
                "This seat or unit may not do that, or there was nothing to do.",
                "The group's rights say what it may.");
    }

    private static Denied noPatch() {
        return new Denied(
                "This seat does not dispatch in both groups, or one of them is not there or patched already.",
                "Ask who dispatches there, or end the other patch first.");
    }

    private static Denied notThere() {
        return new Denied(
                "Nobody by that name is connected and may be called.", "GET /api/talk/participants tells who is.");
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        clients.forEach(client -> client.close(CloseCodes.GOING_AWAY, "The site stops."));
    }
}
