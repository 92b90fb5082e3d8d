package org.conurb.talk;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Denied;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Does what sockets say: hands it to the controlling function, and answers what was asked by name. Safe for many threads. */
final class SocketInputs {
    private static final long DECIDED_WITHIN_MILLIS = 5_000;

    private final ControllingFunction site;
    private final Participants participants;
    private final VoiceSessions voices;
    private final Access access;
    private final Audit audit;
    private final Transactions transactions;
    private volatile @Nullable ShortData data;

    SocketInputs(
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
    }

    void data(ShortData now) {
        data = now;
    }

    void greeted(SocketClient client) {
        ShortData kept = data;
        if (kept != null) {
            kept.greeted(client);
        }
    }

    /**
     * Of one that has said hello.
     *
     * @param id by which it is answered
     * @throws BadRequest where it is not as it should be
     * @throws Denied where one may not
     */
    void handle(SocketClient client, SocketMessage message, Optional<String> id) {
        switch (message.type()) {
            case HELLO -> throw SocketMessage.fault("It has said hello already.");
            case PING -> client.say(answer(SocketOutput.PONG, id));
            case OFFER -> {
                String answer = voices.offer(client, message.body("sdp"), message.flag("restart"));
                client.say(answer(SocketOutput.ANSWER, id).put("sdp", answer));
            }
            case AFFILIATE -> {
                affiliate(client, message.text("group"));
                done(client, id);
            }
            case DEAFFILIATE -> {
                deaffiliate(client, message.text("group"));
                done(client, id);
            }
            case MESSAGE -> {
                data().send(client, message);
                done(client, id);
            }
            case READ -> {
                data().read(client, message);
                done(client, id);
            }
            case SCAN -> {
                scan(client, message);
                done(client, id);
            }
            case REQUEST ->
                site.request(client, message.text("group"), message.number("priority", 0, 255, 255), message.urgency());
            case RELEASE -> site.release(client, message.text("group"));
            case QUEUE -> site.queuePosition(client, message.text("group"));
            case EMERGENCY -> {
                Urgency urgency = message.optional("urgency").isPresent() ? message.urgency() : Urgency.EMERGENCY;
                demand(
                        site.emergency(
                                client,
                                message.text("group"),
                                Urgency.higher(urgency, Urgency.IMMINENT_PERIL),
                                message.place()),
                        SocketInputs::notAllowed);
                done(client, id);
            }
            case ALERT -> {
                demand(site.alert(client, message.text("group"), message.place()), SocketInputs::notAllowed);
                done(client, id);
            }
            case CALL -> call(client, message, id);
            case ACCEPT -> {
                demand(site.accept(client, message.text("group")), SocketInputs::notAllowed);
                done(client, id);
            }
            case CANCEL_REQUEST -> over(client, message, id, "talk.request-cancelled", site::cancelQueued);
            case FORCE_RELEASE -> over(client, message, id, "talk.floor-taken-away", site::forcedRelease);
            case CANCEL_EMERGENCY ->
                over(
                        client,
                        message,
                        id,
                        "talk.emergency-cancelled",
                        (by, group, whom) -> site.cancel(by.participant(), group, whom));
            case PATCH -> join(client, message, id, "talk.patched", site::patch);
            case UNPATCH -> join(client, message, id, "talk.unpatched", site::unpatch);
            case END -> end(client, message, id, "talk.ended");
            case REFUSE -> end(client, message, id, "talk.refused");
        }
    }

    private void affiliate(SocketClient client, String group) {
        ShortData kept = data;
        if (kept == null) {
            demand(site.affiliate(client.participant(), group), SocketInputs::noMember);
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

    private ShortData data() {
        ShortData kept = data;
        if (kept == null) {
            throw SocketMessage.fault("This site keeps no messages.");
        }
        return kept;
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
        audited(client, "talk.called", group.get(), callee.mcpttId());
        client.say(answer(SocketOutput.CALL, id).put("group", group.get()));
    }

    // ---- what one does to others: it is done, then audited, then answered

    private interface OverAnother {
        CompletableFuture<Boolean> of(TalkClient by, String group, Participant whom);
    }

    private void over(
            SocketClient client, SocketMessage message, Optional<String> id, String action, OverAnother decision) {
        String group = message.text("group");
        Participant whom = other(message);
        demand(decision.of(client, group, whom), SocketInputs::notAllowed);
        audited(client, action, group, whom.mcpttId());
        done(client, id);
    }

    private interface OverGroups {
        CompletableFuture<Boolean> of(Participant by, String group, String other);
    }

    private void join(
            SocketClient client, SocketMessage message, Optional<String> id, String action, OverGroups decision) {
        String group = message.text("group");
        String other = message.text("other");
        demand(decision.of(client.participant(), group, other), SocketInputs::noPatch);
        audited(client, action, group, other);
        done(client, id);
    }

    private void end(SocketClient client, SocketMessage message, Optional<String> id, String action) {
        String group = message.text("group");
        demand(site.end(client, group), SocketInputs::notAllowed);
        audited(client, action, group, client.participant().mcpttId());
        done(client, id);
    }

    private void audited(SocketClient client, String action, String group, String about) {
        transactions.doAs(
                access.owners(client.caller()),
                () -> audit.record(AuditEntry.of(
                                client.caller(),
                                action,
                                "TalkGroup",
                                group,
                                client.caller().organisation())
                        .with(Map.of("about", about))));
    }

    private Participant other(SocketMessage message) {
        return participants.find(message.text("participant")).orElseThrow(SocketInputs::notThere);
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
        if (id.isPresent()) {
            client.say(answer(SocketOutput.DONE, id));
        }
    }

    static ObjectNode answer(SocketOutput type, Optional<String> id) {
        ObjectNode answer = NoticeTexts.object(type);
        id.ifPresent(re -> answer.put("re", re));
        return answer;
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
}
