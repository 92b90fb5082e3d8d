package org.conurb.talk;

import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Retained;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Files that go with messages: first the file comes, then a message that names it. They are not searched for viruses; they
 * leave as what their octets are, to be saved and never to be run in a page.
 */
final class Attachments {
    private static final int MOST_UNSENT = 50;
    /** Messages that one transaction forgets: each may have thousands of receipts. */
    private static final int BATCH = 100;

    private final Transactions transactions;
    private final AttachmentStore store;
    private final MessageStore messages;
    private final AttachmentFiles files;
    private final TalkMessages talk;
    private final Access access;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    Attachments(
            Transactions transactions,
            AttachmentFiles files,
            TalkMessages talk,
            Access access,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = new AttachmentStore(transactions.jdbc());
        this.messages = new MessageStore(transactions.jdbc());
        this.files = files;
        this.talk = talk;
        this.access = access;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /** Keeps the file; a repeated call with its key gets the first answer, and its file goes. */
    Answer take(Caller caller, Change change, @Nullable String name, @Nullable String declared, InputStream sent) {
        access.demand(caller, Action.CREATE, TalkMessage.KIND, caller.organisation(), "new");
        String called = name(name);
        UUID id = ids.next();
        AttachmentFiles.Taken taken = files.take(id, declared, sent);
        boolean kept = false;
        try {
            TalkMessage.Attachment attachment = new TalkMessage.Attachment(id, called, taken.type(), taken.bytes());
            String location = "/api/talk/attachments/" + id;
            Answer answer = change.streamed(taken.sha256()).commit(() -> {
                if (store.unsent(caller.subject()) >= MOST_UNSENT) {
                    throw new Conflict(
                            "attachments-unsent",
                            "%d attachments wait for their messages.".formatted(MOST_UNSENT),
                            "Send the messages first.");
                }
                store.insert(caller, attachment, taken.sha256(), clock.instant());
                audit.record(AuditEntry.of(
                                caller,
                                "talk-attachment.received",
                                TalkMessage.KIND,
                                id.toString(),
                                caller.organisation())
                        .with(Map.of("bytes", String.valueOf(taken.bytes()), "type", taken.type()))
                        .concerning(Map.of("name", called)));
                return Answer.created(URI.create(location), attachment);
            });
            kept = location.equals(answer.headers().get("Location"));
            return answer;
        } finally {
            if (!kept) {
                files.drop(id);
            }
        }
    }

    private static String name(@Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.length() > 200
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    "attachment-name", "The file has no name.", "Send ?name= with at most 200 printable characters.");
        }
        return name.strip();
    }

    /**
     * What one may open: of messages that one takes part in, under a purpose; of those not sent yet, one's own.
     *
     * @throws NotFound where there is none that the caller may know of
     * @throws Denied where no purpose allows
     */
    TalkMessage.Attachment open(Caller caller, Participant who, UUID id) {
        return transactions.as(access.owners(caller), () -> {
            AttachmentStore.Row row = store.find(id).orElseThrow(() -> new NotFound("attachment", id.toString()));
            if (row.message().isEmpty()) {
                if (!row.subject().equals(caller.subject())) {
                    throw new NotFound("attachment", id.toString());
                }
                return row.attachment();
            }
            TalkMessage message = talk.find(row.message().get())
                    .filter(found -> talk.takesPart(who, found))
                    .orElseThrow(() -> new NotFound("attachment", id.toString()));
            if (access.purpose(caller, TalkMessage.KIND, message.incident()).isEmpty()) {
                throw Denied.withoutPurpose("An attachment");
            }
            return row.attachment();
        });
    }

    AttachmentFiles files() {
        return files;
    }

    // ---- retention

    /** Messages with their receipts and attachments, as long as the city's class {@code talk-messages} says. */
    Retained retained() {
        return Retained.by("talk-messages", "talk messages", before -> {
            List<UUID> old = messages.old(before, BATCH);
            drop(store.forgetOf(old));
            List<OrganisationId> owners = messages.forget(old);
            Retained.Forgotten gone = Retained.Forgotten.of(owners);
            return new Retained.Forgotten(gone.count(), gone.owners(), old.size() == BATCH);
        });
    }

    /** What was never sent, and files whose rows are gone. */
    Retained unsent(Duration kept) {
        return Retained.during(kept, "talk attachments not sent", before -> {
            List<AttachmentStore.Gone> gone = store.forgetUnsent(before);
            drop(gone);
            lost(before);
            return Retained.Forgotten.of(
                    gone.stream().map(AttachmentStore.Gone::owner).toList());
        });
    }

    private void drop(List<AttachmentStore.Gone> gone) {
        transactions.afterCommit(() -> gone.forEach(one -> files.drop(one.id())));
    }

    private void lost(Instant before) {
        List<UUID> there = files.before(before, 10_000);
        Set<UUID> lost = new HashSet<>(there);
        lost.removeAll(store.known(there));
        lost.forEach(files::drop);
    }
}
