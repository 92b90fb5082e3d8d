package org.conurb.talk;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.conurb.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notices as sockets tell them (docs/asyncapi/talk.yaml). What goes to many is mostly written once: the last ones are kept.
 * Safe for many threads.
 */
final class NoticeTexts {
    private static final int KEPT = 256;

    private final Participants participants;
    private final AtomicReferenceArray<Written> written = new AtomicReferenceArray<>(KEPT);

    private record Written(TalkNotice notice, String text) {}

    NoticeTexts(Participants participants) {
        this.participants = participants;
    }

    /** @param to who is told: in a group, its own rights are */
    String of(TalkNotice notice, Participant to) {
        if (notice instanceof TalkNotice.GroupShown) {
            return write(notice, to).toString();
        }
        int place = System.identityHashCode(notice) & KEPT - 1;
        Written there = written.get(place);
        if (there != null && there.notice == notice) {
            return there.text;
        }
        String text = write(notice, to).toString();
        written.set(place, new Written(notice, text));
        return text;
    }

    private ObjectNode write(TalkNotice notice, Participant to) {
        return switch (notice) {
            case TalkNotice.FloorTold told -> floor(told.group(), told.message());
            case TalkNotice.Warning warning ->
                message(SocketOutput.WARNING, warning.group())
                        .put("seconds", warning.left().toSeconds());
            case TalkNotice.Transmission talk -> transmission(talk);
            case TalkNotice.TransmissionEnd end ->
                message(SocketOutput.TRANSMISSION_END, end.group())
                        .put("talk", end.talk().toString())
                        .put("ear", end.ear());
            case TalkNotice.Invited invited -> {
                ObjectNode message =
                        message(SocketOutput.INVITED, invited.group()).put("floor", invited.withFloor());
                message.set("by", party(invited.by()));
                yield message;
            }
            case TalkNotice.Released released ->
                message(SocketOutput.RELEASED, released.group()).put("cause", code(released.why()));
            case TalkNotice.Progress progress -> {
                ObjectNode message =
                        message(SocketOutput.PROGRESS, progress.group()).put("urgency", code(progress.urgency()));
                message.set("by", party(progress.by()));
                yield message;
            }
            case TalkNotice.Alert alert -> {
                ObjectNode message = message(SocketOutput.ALERT, alert.group()).put("out", alert.out());
                yield message.put("participant", alert.who().mcpttId()).put("name", participants.name(alert.who()));
            }
            case TalkNotice.GroupShown shown -> {
                ObjectNode message = object(SocketOutput.GROUP);
                message.set("group", group(shown.facts(), shown.state(), shown.affiliated(), to));
                yield message;
            }
            case TalkNotice.GroupGone gone -> object(SocketOutput.GROUP_GONE).put("id", gone.group());
        };
    }

    private ObjectNode floor(String group, FloorMessage told) {
        return switch (told) {
            case FloorMessage.Granted granted ->
                message(SocketOutput.GRANTED, group)
                        .put("seconds", granted.talkFor().toSeconds())
                        .put("priority", granted.priority());
            case FloorMessage.Deny deny ->
                message(SocketOutput.DENIED, group)
                        .put("cause", deny.cause().code())
                        .put("reason", code(deny.cause()))
                        .put("phrase", deny.phrase());
            case FloorMessage.Revoke revoke ->
                message(SocketOutput.REVOKED, group)
                        .put("cause", revoke.cause().code())
                        .put("reason", code(revoke.cause()))
                        .put("phrase", revoke.phrase());
            case FloorMessage.QueuePositionInfo position ->
                message(SocketOutput.QUEUED, group)
                        .put("position", position.position() < 254 ? position.position() : 0)
                        .put("priority", position.priority());
            case FloorMessage.Taken taken -> {
                ObjectNode message = message(SocketOutput.TAKEN, group).put("mayRequest", taken.mayRequest());
                message.put("urgency", code(taken.indicator().urgency()));
                ArrayNode parties = message.putArray("parties");
                taken.parties().forEach(party -> parties.add(party(party)));
                yield message;
            }
            case FloorMessage.Idle idle -> message(SocketOutput.IDLE, group);
            case FloorMessage.ReleaseMultiTalker ended -> {
                ObjectNode message = message(SocketOutput.RELEASED_TALKER, group);
                message.set("party", party(ended.party()));
                yield message;
            }
            case FloorMessage.Request _,
                    FloorMessage.Release _,
                    FloorMessage.QueuePositionRequest _,
                    FloorMessage.Ack _ -> throw new IllegalArgumentException("Only participants say " + told);
        };
    }

    private ObjectNode transmission(TalkNotice.Transmission told) {
        Talk talk = told.talk();
        ObjectNode message = message(SocketOutput.TRANSMISSION, talk.group())
                .put("talk", talk.id().toString())
                .put("ear", told.ear())
                .put("urgency", code(talk.urgency()));
        message.set("party", party(talk.talker()));
        return message;
    }

    /** As {@code GET /api/talk/groups} and {@code welcome} show it too. */
    ObjectNode group(GroupFacts facts, CallState state, boolean affiliated, Participant to) {
        TalkGroup group = facts.group();
        ObjectNode node = object().put("id", group.id())
                .put("name", facts.name())
                .put("kind", code(group.kind()))
                .put("origin", code(facts.origin()))
                .put("organisation", group.owner().value())
                .put("recorded", facts.recorded())
                .put("affiliated", affiliated)
                .put("urgency", code(state.urgency()))
                .put("waiting", state.waiting().size())
                .put("members", group.members().size())
                .put("joined", state.joined());
        facts.incident().ifPresent(incident -> node.put("incident", incident));
        state.patchedTo().ifPresent(host -> node.put("patchedTo", host));
        Optional<Membership> membership = group.membership(to);
        node.put("mayTalk", membership.map(it -> it.may(Membership.Right.TALK)).orElse(false));
        ArrayNode rights = node.putArray("rights");
        membership.stream().flatMap(it -> it.rights().stream()).sorted().forEach(right -> rights.add(code(right)));
        ArrayNode talkers = node.putArray("talkers");
        state.talkers().forEach(who -> talkers.add(party(who)));
        if (membership.map(it -> it.may(Membership.Right.CANCEL_REQUESTS)).orElse(false)) {
            ArrayNode queue = node.putArray("queue");
            state.waiting().forEach(who -> queue.add(party(who)));
        }
        ArrayNode emergencies = node.putArray("emergencies");
        for (CallState.Distress distress : state.distressed()) {
            emergencies
                    .addObject()
                    .put("participant", distress.who().mcpttId())
                    .put("name", participants.name(distress.who()))
                    .put("urgency", code(distress.urgency()))
                    .put("alert", distress.alert());
        }
        if (group.kind().isPrivate()) {
            ArrayNode members = node.putArray("parties");
            List.copyOf(group.members().keySet()).forEach(who -> members.add(party(who)));
        }
        return node;
    }

    JsonNode party(Participant who) {
        ObjectNode party = object().put("id", who.mcpttId()).put("name", participants.name(who));
        if (who.functionalAlias() != null) {
            party.put("alias", who.functionalAlias());
        }
        return party.put("organisation", who.organisation().value());
    }

    private JsonNode party(GrantedParty party) {
        Optional<Participant> known = participants.find(party.mcpttId());
        return known.isPresent()
                ? party(known.get())
                : object().put("id", party.mcpttId()).put("name", party.mcpttId());
    }

    static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode message(SocketOutput type, String group) {
        return object(type).put("group", group);
    }

    static ObjectNode object(SocketOutput type) {
        return object().put("type", code(type));
    }

    static ObjectNode object() {
        return new ObjectNode(JsonNodeFactory.instance);
    }

    static ObjectNode read(String text) {
        return Json.mapper().readTree(text) instanceof ObjectNode object ? object : object();
    }
}
