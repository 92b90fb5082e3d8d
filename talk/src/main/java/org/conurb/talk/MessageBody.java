package org.conurb.talk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.City;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a message says, checked.
 *
 * @param text may be empty where there is something else
 */
record MessageBody(
        UUID id, String to, String text, Optional<String> code, Optional<Epsg4326Point> place, List<UUID> attachments) {
    static final int MOST_TEXT = 4_000;
    static final int MOST_ATTACHMENTS = 10;

    static MessageBody of(NewMessage sent, City city) {
        String text = sent.text() == null ? "" : sent.text();
        if (text.length() > MOST_TEXT || text.indexOf('\0') >= 0) {
            throw new BadRequest(
                    "message-text",
                    "A text is at most %d characters, without NUL.".formatted(MOST_TEXT),
                    "Send it in parts, or as an attachment.");
        }
        List<UUID> attachments = attachments(sent.attachments());
        if (text.isBlank() && sent.code() == null && sent.place() == null && attachments.isEmpty()) {
            throw new BadRequest(
                    "message-empty", "The message says nothing.", "Send text, code, place or attachments.");
        }
        return new MessageBody(
                id(sent.id()),
                to(sent.to()),
                text,
                code(sent.code(), city),
                Optional.ofNullable(sent.place()).map(Epsg4326Point::fromGeoJson),
                attachments);
    }

    static UUID id(@Nullable String id) {
        return Ids.parse(TalkMessage.KIND, id == null ? "" : id)
                .orElseThrow(() -> new BadRequest(
                        "message-id",
                        "A message has an id that its client chose.",
                        "Send a UUID as id; the same again where you do not know whether it came."));
    }

    private static String to(@Nullable String to) {
        if (to == null || to.isBlank() || to.length() > 255) {
            throw new BadRequest("message-to", "A message goes to somebody.", "Send a group or participant as to.");
        }
        return to;
    }

    private static Optional<String> code(@Nullable String code, City city) {
        if (code != null && city.unitStatus(code).isEmpty()) {
            throw new BadRequest(
                    "unit-status",
                    "There is no status code %s.".formatted(code),
                    "Use a code that GET /api/city lists under unitStatuses.");
        }
        return Optional.ofNullable(code);
    }

    private static List<UUID> attachments(@Nullable List<String> ids) {
        List<UUID> attachments = new ArrayList<>();
        for (String id : ids == null ? List.<String>of() : ids) {
            attachments.add(Ids.parse("Attachment", id == null ? "" : id)
                    .orElseThrow(() -> new BadRequest(
                            "attachment-id",
                            "%s is no id of an attachment.".formatted(id),
                            "Send ids that POST /api/talk/attachments answered.")));
        }
        if (attachments.size() > MOST_ATTACHMENTS
                || attachments.stream().distinct().count() < attachments.size()) {
            throw new BadRequest(
                    "attachments",
                    "%d attachments.".formatted(attachments.size()),
                    "Send each once, and at most %d.".formatted(MOST_ATTACHMENTS));
        }
        return List.copyOf(attachments);
    }

    /** SHA-256 over all of it, and who sends it. */
    byte[] fingerprint(String sender) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("sender", sender);
        all.put("to", to);
        all.put("text", text);
        code.ifPresent(it -> all.put("code", it));
        place.ifPresent(it -> all.put("place", it.toGeoJson()));
        all.put("attachments", attachments.stream().map(UUID::toString).toList());
        return AttachmentFiles.sha256().digest(Json.canonical().writeValueAsBytes(all));
    }
}
