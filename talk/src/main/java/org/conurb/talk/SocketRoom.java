package org.conurb.talk;

import jakarta.websocket.CloseReason.CloseCodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.ConurbException;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** All sockets of the site, from their hello to their end; {@link SocketInputs} does what they say. Safe for many threads. */
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
    private final SocketInputs inputs;
    private final Set<SocketClient> clients = ConcurrentHashMap.newKeySet();
    private final Map<SocketClient, Long> nameless = new ConcurrentHashMap<>();
    private final List<Runnable> others = new CopyOnWriteArrayList<>();
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
        this.inputs = new SocketInputs(site, participants, voices, access, audit, transactions);
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
                        ended(client);
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
        inputs.data(now);
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

    /** Its person has ended it. */
    void ended(SocketClient client) {
        disconnect(client);
        voices.end(client);
    }

    /** The line broke, as it does when a phone changes the network. */
    void broken(SocketClient client) {
        disconnect(client);
        if (client.isGreeted()) {
            voices.leave(client);
        }
    }

    private void disconnect(SocketClient client) {
        nameless.remove(client);
        client.gone();
        if (clients.remove(client)) {
            site.disconnect(client);
        }
    }

    /** A fault is told and changes nothing; the socket stays. */
    void said(SocketClient client, String text) {
        Optional<String> id = Optional.empty();
        try {
            SocketMessage message = SocketMessage.of(text);
            id = message.optional("id");
            if (message.type() == SocketInput.HELLO) {
                hello(client, message, id);
            } else if (!client.isGreeted()) {
                throw SocketMessage.fault("The first message is hello.");
            } else {
                inputs.handle(client, message, id);
            }
        } catch (ConurbException fault) {
            client.say(problem(fault, id));
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("talk.message-failed");
            client.say(SocketInputs.answer(SocketOutput.PROBLEM, id)
                    .put("status", 500)
                    .put("title", "internal")
                    .put("detail", "This message could not be handled.")
                    .put("remedy", "Try again; the log tells more."));
        }
    }

    private static ObjectNode problem(ConurbException fault, Optional<String> id) {
        return SocketInputs.answer(SocketOutput.PROBLEM, id)
                .put("status", fault.category().status())
                .put("title", fault.code())
                .put("detail", fault.detail())
                .put("remedy", fault.remedy());
    }

    private void hello(SocketClient client, SocketMessage message, Optional<String> id) {
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
                    voices.leave(older);
                    older.close(CloseCodes.NORMAL_CLOSURE, "The same device has come again.");
                    disconnect(older);
                });
        voices.takeUp(client);
        ObjectNode welcome = SocketInputs.answer(SocketOutput.WELCOME, id).put("hears", VoiceSessions.MOST_EARS);
        welcome.set("participant", texts.party(as));
        welcome.putArray("groups"); // each follows by itself
        client.say(welcome);
        clients.add(client);
        inputs.greeted(client);
        site.connect(client).thenAccept(in -> {
            if (!in) {
                client.close(CloseCodes.TRY_AGAIN_LATER, "%d devices are connected.".formatted(Station.MOST_CLIENTS));
            }
        });
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
