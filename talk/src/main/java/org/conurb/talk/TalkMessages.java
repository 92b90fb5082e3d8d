package org.conurb.talk;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Category;
import org.conurb.kernel.City;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * Short data between participants (MCData SDS, TS 24.282): kept until each receiver has it, and after that for the city's
 * {@code talk-messages}. All methods work in the current transaction behind the caller's wall, or in one of their own.
 */
final class TalkMessages {
    private static final int MOST_A_MINUTE = 120;

    private final Transactions transactions;
    private final MessageStore store;
    private final AttachmentStore attachments;
    private final GroupDirectory directory;
    private final GroupRules rules;
    private final SiteParticipants participants;
    private final City city;
    private final Access access;
    private final Audit audit;
    private final Clock clock;
    private final List<MessageListener> listeners = new CopyOnWriteArrayList<>();

    TalkMessages(
            Transactions transactions,
            GroupDirectory directory,
            GroupRules rules,
            SiteParticipants participants,
            City city,
            Access access,
            Audit audit,
            Clock clock) {
        this.transactions = transactions;
        this.store = new MessageStore(transactions.jdbc());
        this.attachments = new AttachmentStore(transactions.jdbc());
        this.directory = directory;
        this.rules = rules;
        this.participants = participants;
        this.city = city;
        this.access = access;
        this.audit = audit;
        this.clock = clock;
    }

    private static final class Contradiction extends ConurbException {
        private static final long serialVersionUID = 1;

        Contradiction(UUID id) {
            super(
                    Category.CONTRADICTION,
                    "message-id-used",
                    "Message %s came before, and said something else.".formatted(id),
                    "Use a new id for a new message, and the same only to repeat one.");
        }
    }

    private static final class TooMany extends ConurbException {
        private static final long serialVersionUID = 1;

        TooMany() {
            super(
                    Category.THROTTLED,
                    "too-many-messages",
                    "More than %d messages came in a minute.".formatted(MOST_A_MINUTE),
                    "Send the others later.");
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(Duration.ofSeconds(20));
        }
    }

    /** Where a message goes, and whose it is then. */
    private record Way(String to, OrganisationId owner, Optional<String> incident, Collection<Participant> receivers) {}

    /** @param fresh whether it came for the first time */
    record Stored(TalkMessage message, boolean fresh) {}

    void onMessage(MessageListener listener) {
        listeners.add(listener);
    }

    /**
     * Takes a message, once: the same again changes nothing and tells nobody.
     *
     * @param who as whom it is sent
     * @throws ConurbException where the sender may not reach whom it is for, it says nothing, or its id was used for another
     */
    Stored store(Caller caller, Participant who, NewMessage sent) {
        return transactions.as(access.owners(caller), () -> storeWithin(caller, who, sent));
    }

    private Stored storeWithin(Caller caller, Participant who, NewMessage sent) {
        access.demand(caller, Action.CREATE, TalkMessage.KIND, caller.organisation(), "new");
        MessageBody body = MessageBody.of(sent, city);
        byte[] fingerprint = body.fingerprint(who.mcpttId());
        Optional<TalkMessage> before = store.find(body.id());
        if (before.isPresent()) {
            return again(before.get(), fingerprint);
        }
        if (store.lately(who.mcpttId(), clock.instant().minus(Duration.ofMinutes(1))) >= MOST_A_MINUTE) {
            throw new TooMany();
        }
        Way way = way(who, body.to());
        TalkMessage message = new TalkMessage(
                body.id(),
                way.owner(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                who.mcpttId(),
                way.to(),
                way.incident(),
                body.text(),
                body.code(),
                body.place(),
                List.of(),
                way.receivers().size());
        if (!store.insert(message, fingerprint)) {
            TalkMessage other = store.find(body.id()).orElseThrow(() -> new Contradiction(body.id()));
            return again(other, fingerprint);
        }
        store.receipts(message, way.receivers());
        TalkMessage whole = message.with(attach(caller, message, body.attachments()));
        record(caller, whole);
        transactions.afterCommit(() -> listeners.forEach(listener -> listener.stored(whole, way.receivers())));
        return new Stored(whole, true);
    }

    private Stored again(TalkMessage before, byte[] fingerprint) {
        if (!store.isSame(before.id(), fingerprint)) {
            throw new Contradiction(before.id());
        }
        return new Stored(whole(List.of(before)).getFirst(), false);
    }

    private Way way(Participant who, String to) {
        Optional<GroupFacts> group =
                directory.find(to).filter(facts -> facts.group().membership(who).isPresent());
        if (group.isPresent()) {
            return way(who, group.get());
        }
        Participant other = participants
                .named(to)
                .filter(found -> !found.equals(who))
                .orElseThrow(() -> new NotFound("participant", to));
        OrganisationId own = who.organisation();
        boolean open = rules.reach(own, other.organisation()) != Reach.NONE;
        if (!open && rules.reach(other.organisation(), own) == Reach.NONE) {
            throw new NotFound("participant", to); // as for one that is not there
        }
        return new Way(other.mcpttId(), open ? other.organisation() : own, Optional.empty(), List.of(other));
    }

    private Way way(Participant who, GroupFacts facts) {
        TalkGroup group = facts.group();
        if (!group.membership(who).orElseThrow().may(Membership.Right.TALK)) {
            throw new Denied(
                    "%s only listens in %s.".formatted(participants.name(who), facts.name()),
                    "Ask %s to grant TalkGroup: change.".formatted(group.owner()));
        }
        Set<Participant> receivers = new LinkedHashSet<>(directory.affiliated(group.id()));
        receivers.remove(who);
        return new Way(group.id(), group.owner(), facts.incident(), receivers);
    }

    private List<TalkMessage.Attachment> attach(Caller caller, TalkMessage message, List<UUID> ids) {
        for (int i = 0; i < ids.size(); i++) {
            if (!attachments.attach(ids.get(i), caller, message, i)) {
                throw new BadRequest(
                        "attachment-gone",
                        "There is no attachment %s of yours that is still to be sent.".formatted(ids.get(i)),
                        "Send the file again: POST /api/talk/attachments.");
            }
        }
        return ids.isEmpty() ? List.of() : attachments.of(List.of(message.id())).getOrDefault(message.id(), List.of());
    }

    private void record(Caller caller, TalkMessage message) {
        Map<String, String> facts = new HashMap<>();
        facts.put("to", message.to());
        facts.put("from", message.sender());
        facts.put("receivers", String.valueOf(message.receivers()));
        facts.put("attachments", String.valueOf(message.attachments().size()));
        message.code().ifPresent(code -> facts.put("code", code));
        message.incident().ifPresent(incident -> facts.put("incident", incident));
        audit.record(AuditEntry.of(
                        caller,
                        "talk-message.sent",
                        TalkMessage.KIND,
                        message.id().toString(),
                        message.owner())
                .with(facts)
                .concerning(message.text().isEmpty() ? Map.of() : Map.of("text", message.text())));
    }

    /** What was not delivered yet, oldest first. */
    List<TalkMessage> pending(Caller caller, Participant who, int most) {
        return transactions.as(access.owners(caller), () -> whole(store.pending(who.mcpttId(), most)));
    }

    /** A device of theirs has them; said again, nothing happens. */
    void delivered(Caller caller, Participant who, Collection<UUID> messages) {
        transactions.doAs(access.owners(caller), () -> {
            for (UUID id : store.delivered(who.mcpttId(), messages, clock.instant())) {
                store.find(id).ifPresent(message -> tell(message, who, TalkMessage.State.DELIVERED));
            }
        });
    }

    /**
     * The one it was for has read it; said again, nothing happens.
     *
     * @throws NotFound where it was not for that one
     */
    void read(Caller caller, Participant who, UUID id) {
        transactions.doAs(access.owners(caller), () -> {
            boolean first = store.read(who.mcpttId(), id, clock.instant());
            if (!first && store.states(who.mcpttId(), List.of(id)).isEmpty()) {
                throw new NotFound("message", id.toString());
            }
            if (first) {
                store.find(id).ifPresent(message -> tell(message, who, TalkMessage.State.READ));
            }
        });
    }

    private void tell(TalkMessage message, Participant who, TalkMessage.State state) {
        transactions.afterCommit(() -> listeners.forEach(listener -> listener.changed(message, who, state)));
    }

    /**
     * Newest first.
     *
     * @param with URN of a group, or a participant; empty for all that was sent to this one
     */
    List<TalkMessage> list(Caller caller, Participant who, Optional<String> with, MessageStore.Place before, int most) {
        return transactions.as(access.owners(caller), () -> {
            if (with.isEmpty()) {
                return whole(store.inbox(who.mcpttId(), before, most));
            }
            String other = with.get();
            if (other.startsWith("urn:ngsi-ld:" + GroupRules.KIND + ":")) {
                boolean member = directory
                        .find(other)
                        .flatMap(facts -> facts.group().membership(who))
                        .isPresent();
                return whole(store.ofGroup(other, who, member, before, most));
            }
            String one = participants.named(other).map(Participant::mcpttId).orElse(other);
            return whole(store.between(who.mcpttId(), one, before, most));
        });
    }

    /** How far each of one's own is, in the current transaction. */
    Map<UUID, MessageStore.Progress> progress(Participant who, List<TalkMessage> messages) {
        List<UUID> own = messages.stream()
                .filter(message -> message.sender().equals(who.mcpttId()))
                .map(TalkMessage::id)
                .toList();
        return own.isEmpty() ? Map.of() : store.progress(own);
    }

    /** Whether one has each that was for it, in the current transaction. */
    Map<UUID, TalkMessage.State> states(Participant who, List<TalkMessage> messages) {
        return messages.isEmpty()
                ? Map.of()
                : store.states(
                        who.mcpttId(), messages.stream().map(TalkMessage::id).toList());
    }

    /** Whether one takes part in it: sent it, was sent it, or is in its group. In the current transaction. */
    boolean takesPart(Participant who, TalkMessage message) {
        return message.sender().equals(who.mcpttId())
                || !store.states(who.mcpttId(), List.of(message.id())).isEmpty()
                || directory
                        .find(message.to())
                        .flatMap(facts -> facts.group().membership(who))
                        .isPresent();
    }

    Optional<TalkMessage> find(UUID id) {
        return store.find(id);
    }

    private List<TalkMessage> whole(List<TalkMessage> messages) {
        if (messages.isEmpty()) {
            return messages;
        }
        Map<UUID, List<TalkMessage.Attachment>> attached =
                attachments.of(messages.stream().map(TalkMessage::id).toList());
        List<TalkMessage> whole = new ArrayList<>();
        messages.forEach(message -> whole.add(message.with(attached.getOrDefault(message.id(), List.of()))));
        return List.copyOf(whole);
    }
}
