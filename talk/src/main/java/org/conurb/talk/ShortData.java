package org.conurb.talk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What sockets say and are told beside calls: short messages with their states, and who follows which group over restarts.
 * A message counts as delivered when it was written to the device's connection. Safe for many threads.
 */
final class ShortData implements MessageListener {
    /** Waiting messages that one who comes is told; more are in the list. */
    private static final int MOST_TOLD = 200;
    /** Of a message to more than these, its sender is not told of each that has it: the list counts them. */
    private static final int MOST_STATES = 20;

    private final SocketRoom room;
    private final TalkMessages messages;
    private final GroupDirectory directory;
    private final SiteParticipants participants;

    ShortData(SocketRoom room, TalkMessages messages, GroupDirectory directory, SiteParticipants participants) {
        this.room = room;
        this.messages = messages;
        this.directory = directory;
        this.participants = participants;
    }

    /** @return false where it is no member, or follows too many */
    boolean affiliate(SocketClient client, String group) {
        return directory.affiliate(client.participant(), group);
    }

    void deaffiliate(SocketClient client, String group) {
        directory.deaffiliate(client.participant(), group);
    }

    /** It has come: what was kept for it is told, oldest first. */
    void greeted(SocketClient client) {
        messages.pending(client.caller(), client.participant(), MOST_TOLD).forEach(message -> push(client, message));
    }

    void send(SocketClient client, SocketMessage said) {
        TalkMessages.Stored stored = messages.store(client.caller(), client.participant(), newMessage(said));
        client.say(state(stored.message(), TalkMessage.State.STORED));
    }

    private static NewMessage newMessage(SocketMessage said) {
        return new NewMessage(
                said.text("id"),
                said.text("to"),
                body(said.node().path("text"), "text"),
                said.optional("code").orElse(null),
                said.place().orElse(null),
                attachments(said.node().path("attachments")));
    }

    private static @Nullable String body(JsonNode value, String name) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw SocketMessage.fault("%s is no text.".formatted(name));
        }
        return value.stringValue();
    }

    private static List<String> attachments(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!(value instanceof ArrayNode all) || all.size() > MessageBody.MOST_ATTACHMENTS) {
            throw SocketMessage.fault(
                    "attachments is no list of at most %d ids.".formatted(MessageBody.MOST_ATTACHMENTS));
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode id : all) {
            if (!id.isString()) {
                throw SocketMessage.fault("attachments has something that is no id.");
            }
            ids.add(id.stringValue());
        }
        return List.copyOf(ids);
    }

    /** @throws BadRequest where it names no message */
    void read(SocketClient client, SocketMessage said) {
        messages.read(client.caller(), client.participant(), MessageBody.id(said.text("message")));
    }

    @Override
    public void stored(TalkMessage message, Collection<Participant> receivers) {
        for (Participant receiver : receivers) {
            room.clientsOf(receiver).forEach(client -> push(client, message));
        }
    }

    /** Who is addressed is shown what it says: they answer for having it as for what they hear. */
    private void push(SocketClient client, TalkMessage message) {
        MessageView view = MessageView.of(message, participants, true, Optional.empty(), Optional.empty());
        ObjectNode told = Json.mapper().valueToTree(view);
        told.put("type", NoticeTexts.code(SocketOutput.MESSAGE));
        client.say(told, () -> messages.delivered(client.caller(), client.participant(), List.of(message.id())));
    }

    @Override
    public void changed(TalkMessage message, Participant receiver, TalkMessage.State state) {
        if (message.receivers() > MOST_STATES) {
            return;
        }
        ObjectNode told = state(message, state).put("by", receiver.mcpttId());
        participants
                .find(message.sender())
                .ifPresent(sender -> room.clientsOf(sender).forEach(client -> client.say(told)));
    }

    private static ObjectNode state(TalkMessage message, TalkMessage.State state) {
        return NoticeTexts.object(SocketOutput.MESSAGE_STATE)
                .put("id", message.id().toString())
                .put("state", NoticeTexts.code(state));
    }
}
