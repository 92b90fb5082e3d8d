package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.attachment}. */
final class AttachmentStore {
    private final JdbcClient jdbc;

    AttachmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param subject who sent it
     * @param message that has it
     */
    record Row(TalkMessage.Attachment attachment, String subject, Optional<UUID> message) {}

    void insert(Caller caller, TalkMessage.Attachment attachment, byte[] sha256, Instant at) {
        jdbc.sql("""
                insert into talk.attachment (id, organisation_id, kind, at, name, size_bytes, sha256, subject)
                values (:id, :organisation, :kind, :at, :name, :bytes, :sha256, :subject)
                """)
                .param("id", attachment.id())
                .param("organisation", caller.organisation().value())
                .param("kind", attachment.type())
                .param("at", at.atOffset(UTC))
                .param("name", attachment.name())
                .param("bytes", attachment.bytes())
                .param("sha256", sha256)
                .param("subject", caller.subject())
                .update();
    }

    Optional<Row> find(UUID id) {
        return jdbc.sql("""
                        select id, name, kind, size_bytes, subject, message_id from talk.attachment where id = :id
                        """)
                .param("id", id)
                .query((row, n) -> new Row(
                        attachment(row),
                        row.getString("subject"),
                        Optional.ofNullable(row.getObject("message_id", UUID.class))))
                .optional();
    }

    /** How many one has sent that no message has. */
    int unsent(String subject) {
        return jdbc.sql("select count(*) from talk.attachment where message_id is null and subject = :subject")
                .param("subject", subject)
                .query(Integer.class)
                .single();
    }

    /** @return whether there was one of this sender's that no message had */
    boolean attach(UUID id, Caller caller, TalkMessage message, int place) {
        return jdbc.sql("""
                        update talk.attachment set message_id = :message, organisation_id = :organisation, place = :place
                         where id = :id and subject = :subject and message_id is null
                        """)
                        .param("message", message.id())
                        .param("organisation", message.owner().value())
                        .param("place", place)
                        .param("id", id)
                        .param("subject", caller.subject())
                        .update()
                == 1;
    }

    /** In order. */
    Map<UUID, List<TalkMessage.Attachment>> of(Collection<UUID> messages) {
        Map<UUID, List<TalkMessage.Attachment>> all = new HashMap<>();
        jdbc.sql("""
                select message_id, id, name, kind, size_bytes from talk.attachment
                 where message_id = any(:messages) order by message_id, place
                """).param("messages", messages.toArray(UUID[]::new)).query(row -> {
            all.computeIfAbsent(row.getObject("message_id", UUID.class), id -> new ArrayList<>())
                    .add(attachment(row));
        });
        return all;
    }

    /** @param owner whose it was */
    record Gone(UUID id, OrganisationId owner) {}

    /** Those of these messages; as the system role. */
    List<Gone> forgetOf(Collection<UUID> messages) {
        return jdbc.sql("delete from talk.attachment where message_id = any(:messages) returning id, organisation_id")
                .param("messages", messages.toArray(UUID[]::new))
                .query(AttachmentStore::gone)
                .list();
    }

    /** Those that no message has since then; as the system role. */
    List<Gone> forgetUnsent(Instant before) {
        return jdbc.sql("""
                        delete from talk.attachment where id in (
                          select id from talk.attachment where message_id is null and at < :before order by at limit :most)
                        returning id, organisation_id
                        """)
                .param("before", before.atOffset(UTC))
                .param("most", Retained.BATCH)
                .query(AttachmentStore::gone)
                .list();
    }

    Set<UUID> known(Collection<UUID> ids) {
        return jdbc
                .sql("select id from talk.attachment where id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query((row, n) -> row.getObject(1, UUID.class))
                .list()
                .stream()
                .collect(Collectors.toSet());
    }

    private static Gone gone(ResultSet row, int n) throws SQLException {
        return new Gone(row.getObject("id", UUID.class), new OrganisationId(row.getString("organisation_id")));
    }

    private static TalkMessage.Attachment attachment(ResultSet row) throws SQLException {
        return new TalkMessage.Attachment(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("kind"),
                row.getLong("size_bytes"));
    }
}
