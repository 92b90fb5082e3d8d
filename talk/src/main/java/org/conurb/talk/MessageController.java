package org.conurb.talk;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The doors {@code /api/talk/messages} and {@code /api/talk/attachments}. Everywhere, {@code unit} says as which unit one
 * takes part, where not as the seat taken.
 */
@RestController
@RequestMapping("/api/talk")
class MessageController {
    private static final int MOST = 200;

    private final TalkMessages messages;
    private final Attachments attachments;
    private final SiteParticipants participants;
    private final Access access;
    private final Transactions transactions;

    MessageController(
            TalkMessages messages,
            Attachments attachments,
            SiteParticipants participants,
            Access access,
            Transactions transactions) {
        this.messages = messages;
        this.attachments = attachments;
        this.participants = participants;
        this.access = access;
        this.transactions = transactions;
    }

    record Sent(
            @Nullable String id,
            @Nullable String to,
            @Nullable String text,
            @Nullable String code,
            @Nullable Map<String, Object> place,
            @Nullable List<String> attachments,
            @Nullable String unit) {
        NewMessage message() {
            return new NewMessage(id, to, text, code, place, attachments);
        }
    }

    record MessageList(List<MessageView> items, @Nullable String next) {}

    @PostMapping("/messages")
    Answer send(@RequestBody Sent sent, Caller caller, Change change) {
        return change.commit(() -> {
            Participant who = participants.of(caller, Optional.ofNullable(sent.unit()));
            TalkMessages.Stored stored = messages.store(caller, who, sent.message());
            MessageView view = MessageView.of(
                    stored.message(),
                    participants,
                    true, // as one has just said it
                    Optional.empty(),
                    Optional.ofNullable(messages.progress(who, List.of(stored.message()))
                                    .get(stored.message().id()))
                            .or(() -> Optional.of(new MessageStore.Progress(0, 0))));
            return Answer.created(
                            URI.create("/api/talk/messages/" + stored.message().id()), view)
                    .status(stored.fresh() ? 201 : 200);
        });
    }

    @GetMapping("/messages")
    MessageList list(
            Caller caller,
            @RequestParam(required = false) @Nullable String with,
            @RequestParam(required = false) @Nullable String unit,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit) {
        int most = limit == null ? 50 : limit;
        if (most < 1 || most > MOST || with != null && with.length() > 255) {
            throw new BadRequest("limit", "limit is 1 to %d.".formatted(MOST), "Page with after.");
        }
        MessageStore.Place from = after == null ? MessageStore.Place.NEWEST : place(after);
        return transactions.as(access.owners(caller), () -> {
            Participant who = participants.of(caller, Optional.ofNullable(unit));
            List<TalkMessage> found = messages.list(caller, who, Optional.ofNullable(with), from, most + 1);
            List<TalkMessage> shown = found.subList(0, Math.min(most, found.size()));
            return new MessageList(
                    views(caller, who, shown),
                    found.size() > most
                            ? shown.getLast().at() + "_" + shown.getLast().id()
                            : null);
        });
    }

    private List<MessageView> views(Caller caller, Participant who, List<TalkMessage> shown) {
        Map<UUID, MessageStore.Progress> progress = messages.progress(who, shown);
        Map<UUID, TalkMessage.State> states = messages.states(who, shown);
        return shown.stream()
                .map(message -> MessageView.of(
                        message,
                        participants,
                        access.purpose(caller, TalkMessage.KIND, message.incident())
                                .isPresent(),
                        Optional.ofNullable(states.get(message.id())),
                        Optional.ofNullable(progress.get(message.id()))))
                .toList();
    }

    private static MessageStore.Place place(String after) {
        int cut = after.indexOf('_');
        try {
            return new MessageStore.Place(
                    Instant.parse(after.substring(0, Math.max(0, cut))), UUID.fromString(after.substring(cut + 1)));
        } catch (DateTimeException | IllegalArgumentException notOurs) {
            throw new BadRequest("after", "after is not one of ours.", "Send next of the page before.");
        }
    }

    @PostMapping("/messages/{id}/read")
    Answer read(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String unit,
            Caller caller,
            Change change) {
        UUID message = Ids.parse(TalkMessage.KIND, id).orElseThrow(() -> new NotFound("message", id));
        return change.commit(() -> {
            messages.read(caller, participants.of(caller, Optional.ofNullable(unit)), message);
            return Answer.noContent();
        });
    }

    /** The body is the file. */
    @PostMapping("/attachments")
    Answer attach(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable String name)
            throws IOException {
        return attachments.take(caller, change, name, request.getContentType(), request.getInputStream());
    }

    @GetMapping("/attachments/{id}")
    void open(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String unit,
            Caller caller,
            HttpServletResponse response)
            throws IOException {
        UUID wanted = Ids.parse("Attachment", id).orElseThrow(() -> new NotFound("attachment", id));
        Participant who = participants.of(caller, Optional.ofNullable(unit));
        TalkMessage.Attachment attachment = attachments.open(caller, who, wanted);
        if (!attachments.files().isThere(wanted)) {
            throw new NotFound("attachment", id);
        }
        response.setContentType(attachment.type());
        response.setContentLengthLong(attachment.bytes());
        response.setHeader(
                "Content-Disposition",
                ContentDisposition.attachment()
                        .filename(attachment.name(), StandardCharsets.UTF_8)
                        .build()
                        .toString());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
        response.setHeader("Cache-Control", "private, no-store");
        attachments.files().copy(wanted, response.getOutputStream());
    }
}
