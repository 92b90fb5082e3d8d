package org.conurb.talk;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Epsg4326Point;
import org.jspecify.annotations.Nullable;

/**
 * A message as one of those who take part sees it; the same by the socket and by HTTP.
 *
 * @param state {@code stored delivered read}: of one's own, how far it is with everybody; else whether one has read it
 * @param receivers of one's own: to how many it goes, and how many have it
 * @param text absent, as place and attachments, without a purpose
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageView(
        UUID id,
        Party from,
        String to,
        Instant at,
        @Nullable String incident,
        @Nullable String text,
        @Nullable String code,
        @Nullable Map<String, Object> place,
        @Nullable List<TalkMessage.Attachment> attachments,
        @Nullable String state,
        @Nullable Receivers receivers) {
    record Party(String id, String name) {}

    record Receivers(int all, int delivered, int read) {}

    /** @param personal whether what concerns persons is shown */
    static MessageView of(
            TalkMessage message,
            Participants participants,
            boolean personal,
            Optional<TalkMessage.State> state,
            Optional<MessageStore.Progress> progress) {
        Optional<TalkMessage.State> shown =
                progress.map(so -> state(message, so)).or(() -> state);
        return new MessageView(
                message.id(),
                new Party(
                        message.sender(),
                        participants
                                .find(message.sender())
                                .map(participants::name)
                                .orElse(message.sender())),
                message.to(),
                message.at(),
                message.incident().orElse(null),
                personal ? message.text() : null,
                message.code().orElse(null),
                personal ? message.place().map(Epsg4326Point::toGeoJson).orElse(null) : null,
                personal ? message.attachments() : null,
                shown.map(GroupEntity::code).orElse(null),
                progress.map(so -> new Receivers(message.receivers(), so.delivered(), so.read()))
                        .orElse(null));
    }

    private static TalkMessage.State state(TalkMessage message, MessageStore.Progress so) {
        if (message.receivers() > 0 && so.read() >= message.receivers()) {
            return TalkMessage.State.READ;
        }
        return message.receivers() > 0 && so.delivered() >= message.receivers()
                ? TalkMessage.State.DELIVERED
                : TalkMessage.State.STORED;
    }
}
