package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.message} and {@code talk.receipt}. */
final class MessageStore {
    private static final String COLUMNS = """
            m.id, m.organisation_id, m.at, m.sender, m.target, m.incident_id, m.text, m.code, m.latitude, m.longitude,
            m.receivers
            """;

    static final String PENDING = "select " + COLUMNS + """
            from talk.receipt r join talk.message m on m.id = r.message_id
            where r.participant = :participant and r.delivered_at is null
            order by r.at, r.message_id limit :most
            """;

    static final String OF_GROUP = "select " + COLUMNS + """
            from talk.message m
            where m.target = :group and (m.at, m.id) < (:at, :id)
            and (:member or m.sender = :who or exists (
            select from talk.receipt r where r.message_id = m.id and r.participant = :who))
            order by m.at desc, m.id desc limit :most
            """;

    static final String BETWEEN = "select " + COLUMNS + """
            from talk.message m
            where (m.target = :one and m.sender = :other or m.target = :other and m.sender = :one)
            and (m.at, m.id) < (:at, :id)
            order by m.at desc, m.id desc limit :most
            """;

    static final String INBOX = "select " + COLUMNS + """
            from talk.receipt r join talk.message m on m.id = r.message_id
            where r.participant = :participant and (r.at, r.message_id) < (:at, :id)
            order by r.at desc, r.message_id desc limit :most
            """;

    private final JdbcClient jdbc;

    MessageStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A place in a list, newest first. */
    record Place(Instant at, UUID id) {
        static final Place NEWEST = new Place(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));
    }

    /** How far a message is with its receivers. */
    record Progress(int delivered, int read) {}

    /** @return false where there is one of this id, seen or not */
    boolean insert(TalkMessage message, byte[] fingerprint) {
        Map<String, Object> values = new HashMap<>();
        Optional<Epsg4326Point> place = message.place();
        values.put("id", message.id());
        values.put("organisation", message.owner().value());
        values.put("kind", message.isDirect() ? "direct" : "group");
        values.put("cell", place.map(point -> Cell.of(point).id()).orElse(null));
        values.put("at", message.at().atOffset(UTC));
        values.put("sender", message.sender());
        values.put("target", message.to());
        values.put("incident", message.incident().orElse(null));
        values.put("text", message.text());
        values.put("code", message.code().orElse(null));
        values.put("latitude", place.map(Epsg4326Point::latitudeDegrees).orElse(null));
        values.put("longitude", place.map(Epsg4326Point::longitudeDegrees).orElse(null));
        values.put("fingerprint", fingerprint);
        values.put("receivers", message.receivers());
        return jdbc.sql("""
                        insert into talk.message (id, organisation_id, kind, cell, at, sender, target, incident_id, text,
                               code, latitude, longitude, fingerprint, receivers)
                        values (:id, :organisation, :kind, :cell, :at, :sender, :target, :incident, :text,
                               :code, :latitude, :longitude, :fingerprint, :receivers)
                            on conflict (id) do nothing
                        """).params(values).update() == 1;
    }

    void receipts(TalkMessage message, Collection<Participant> receivers) {
        jdbc.sql("""
                insert into talk.receipt (message_id, participant, organisation_id, at)
                select :message, participant, :organisation, :at
                  from unnest(cast(:participants as text[])) as them(participant)
                """)
                .param("message", message.id())
                .param("organisation", message.owner().value())
                .param("at", message.at().atOffset(UTC))
                .param(
                        "participants",
                        receivers.stream().map(Participant::mcpttId).toArray(String[]::new))
                .update();
    }

    Optional<TalkMessage> find(UUID id) {
        return jdbc.sql("select " + COLUMNS + " from talk.message m where m.id = :id")
                .param("id", id)
                .query(MessageStore::message)
                .optional();
    }

    /** Whether a message of this id has just this content. */
    boolean isSame(UUID id, byte[] fingerprint) {
        return jdbc.sql("select count(*) from talk.message where id = :id and fingerprint = :fingerprint")
                        .param("id", id)
                        .param("fingerprint", fingerprint)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** How many one has sent since then. */
    int lately(String sender, Instant since) {
        return jdbc.sql("select count(*) from talk.message where sender = :sender and at > :since")
                .param("sender", sender)
                .param("since", since.atOffset(UTC))
                .query(Integer.class)
                .single();
    }

    /** Not delivered yet, oldest first. */
    List<TalkMessage> pending(String participant, int most) {
        return jdbc.sql(PENDING)
                .param("participant", participant)
                .param("most", most)
                .query(MessageStore::message)
                .list();
    }

    /** @return those that were not so before */
    List<UUID> delivered(String participant, Collection<UUID> messages, Instant at) {
        return jdbc.sql("""
                        update talk.receipt set delivered_at = :at
                         where participant = :participant and message_id = any(:messages) and delivered_at is null
                        returning message_id
                        """)
                .param("participant", participant)
                .param("messages", messages.toArray(UUID[]::new))
                .param("at", at.atOffset(UTC))
                .query((row, n) -> row.getObject(1, UUID.class))
                .list();
    }

    /** @return whether it was not so before */
    boolean read(String participant, UUID message, Instant at) {
        return jdbc.sql("""
                        update talk.receipt set read_at = :at, delivered_at = coalesce(delivered_at, :at)
                         where participant = :participant and message_id = :message and read_at is null
                        """)
                        .param("participant", participant)
                        .param("message", message)
                        .param("at", at.atOffset(UTC))
                        .update()
                == 1;
    }

    /** The group's; without being in it, those that one sent or was sent. Newest first. */
    List<TalkMessage> ofGroup(String group, Participant who, boolean member, Place before, int most) {
        return jdbc.sql(OF_GROUP)
                .param("group", group)
                .param("member", member)
                .param("who", who.mcpttId())
                .param("at", before.at().atOffset(UTC))
                .param("id", before.id())
                .param("most", most)
                .query(MessageStore::message)
                .list();
    }

    /** Between two. Newest first. */
    List<TalkMessage> between(String one, String other, Place before, int most) {
        return jdbc.sql(BETWEEN)
                .param("one", one)
                .param("other", other)
                .param("at", before.at().atOffset(UTC))
                .param("id", before.id())
                .param("most", most)
                .query(MessageStore::message)
                .list();
    }

    /** All that one was sent. Newest first. */
    List<TalkMessage> inbox(String participant, Place before, int most) {
        return jdbc.sql(INBOX)
                .param("participant", participant)
                .param("at", before.at().atOffset(UTC))
                .param("id", before.id())
                .param("most", most)
                .query(MessageStore::message)
                .list();
    }

    /** Of the messages named, how far each is: for who sent them. */
    Map<UUID, Progress> progress(Collection<UUID> messages) {
        Map<UUID, Progress> progress = new HashMap<>();
        jdbc.sql("""
                select message_id, count(delivered_at) as delivered, count(read_at) as read
                  from talk.receipt where message_id = any(:messages) group by message_id
                """).param("messages", messages.toArray(UUID[]::new)).query(row -> {
            progress.put(
                    row.getObject("message_id", UUID.class), new Progress(row.getInt("delivered"), row.getInt("read")));
        });
        return progress;
    }

    /** Of the messages named, those that were sent to one, and whether they were read. */
    Map<UUID, TalkMessage.State> states(String participant, Collection<UUID> messages) {
        Map<UUID, TalkMessage.State> states = new HashMap<>();
        jdbc.sql("""
                select message_id, delivered_at, read_at from talk.receipt
                 where participant = :participant and message_id = any(:messages)
                """)
                .param("participant", participant)
                .param("messages", messages.toArray(UUID[]::new))
                .query(row -> {
                    boolean read = row.getObject("read_at") != null;
                    boolean delivered = row.getObject("delivered_at") != null;
                    states.put(
                            row.getObject("message_id", UUID.class),
                            read
                                    ? TalkMessage.State.READ
                                    : delivered ? TalkMessage.State.DELIVERED : TalkMessage.State.STORED);
                });
        return states;
    }

    /** Taken before that moment; as the system role. */
    List<UUID> old(Instant before, int most) {
        return jdbc.sql("select id from talk.message where at < :before order by at limit :most")
                .param("before", before.atOffset(UTC))
                .param("most", most)
                .query((row, n) -> row.getObject(1, UUID.class))
                .list();
    }

    /** With their receipts; their attachments went before. @return whose they were */
    List<OrganisationId> forget(Collection<UUID> messages) {
        return jdbc.sql("delete from talk.message where id = any(:messages) returning organisation_id")
                .param("messages", messages.toArray(UUID[]::new))
                .query((row, n) -> new OrganisationId(row.getString(1)))
                .list();
    }

    private static TalkMessage message(ResultSet row, int n) throws SQLException {
        double latitude = row.getDouble("latitude");
        boolean placed = !row.wasNull();
        return new TalkMessage(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("sender"),
                row.getString("target"),
                Optional.ofNullable(row.getString("incident_id")),
                row.getString("text"),
                Optional.ofNullable(row.getString("code")),
                placed ? Optional.of(new Epsg4326Point(latitude, row.getDouble("longitude"))) : Optional.empty(),
                List.of(),
                row.getInt("receivers"));
    }
}
