package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows of {@code talk.spurt_hour}: counts and the chain's head of each group's hour. Each call needs a transaction. */
final class SpurtHours {
    static final String GROUP = "TalkGroup";

    private final JdbcClient jdbc;
    private final SpurtStore spurts;

    SpurtHours(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.spurts = new SpurtStore(jdbc);
    }

    private record Key(String group, Instant hour) {
        static Key of(Spurt spurt) {
            return new Key(spurt.facts().group(), spurt.facts().hour());
        }
    }

    /** A group's hour as it grows: the chain, and what is new. */
    private static final class Growth {
        private final OrganisationId organisation;
        private int seq;
        private byte[] link;
        private int spurts;
        private int recorded;
        private long millis;
        private long lost;
        private Instant end = Instant.EPOCH;

        Growth(OrganisationId organisation, int seq, byte[] link) {
            this.organisation = organisation;
            this.seq = seq;
            this.link = link;
        }

        SpurtStore.Place add(Spurt spurt) {
            link = SpurtChain.next(link, spurt);
            spurts++;
            recorded += spurt.audio().isPresent() ? 1 : 0;
            millis += spurt.length().toMillis();
            lost += spurt.audio().map(Spurt.Audio::lost).orElse(0);
            Instant ended = spurt.ended().orElseThrow();
            end = ended.isAfter(end) ? ended : end;
            return new SpurtStore.Place(spurt, seq++, HexFormat.of().formatHex(link));
        }

        void write(Key key, ObjectNode row) {
            row.put("group_id", key.group())
                    .put("hour", key.hour().toString())
                    .put("organisation", organisation.value())
                    .put("spurts", spurts)
                    .put("recorded", recorded)
                    .put("millis", millis)
                    .put("lost", lost)
                    .put("ends", end.toString())
                    .put("link", HexFormat.of().formatHex(link));
        }
    }

    /** A group's hour that the audit log does not have as it is. */
    record Hour(
            String group,
            OrganisationId organisation,
            Instant start,
            int spurts,
            int recorded,
            long millis,
            long lost,
            byte[] head) {
        AuditEntry entry() {
            return AuditEntry.of(
                            Caller.system("talk-recorder", organisation),
                            "talk.hour.recorded",
                            GROUP,
                            group,
                            organisation)
                    .with(Map.of(
                            "hour", start.toString(),
                            "chain", HexFormat.of().formatHex(head),
                            "spurts", Integer.toString(spurts),
                            "recorded", Integer.toString(recorded),
                            "seconds", Long.toString(millis / 1_000),
                            "lostPackets", Long.toString(lost)));
        }
    }

    /**
     * Seals spurts into the chains of their hours, in this order: their rows are written where they are not there. Five
     * statements, however many; of one owner.
     *
     * @return those that were not sealed before
     */
    List<Spurt> seal(List<Spurt> all) {
        spurts.begin(all.stream().map(Spurt::facts).toList());
        Set<UUID> before = spurts.sealed(all.stream().map(Spurt::id).toList());
        List<Spurt> fresh =
                all.stream().filter(spurt -> !before.contains(spurt.id())).toList();
        if (fresh.isEmpty()) {
            return fresh;
        }
        Map<Key, Growth> hours = grow(fresh);
        spurts.seal(fresh.stream()
                .map(spurt -> Objects.requireNonNull(hours.get(Key.of(spurt))).add(spurt))
                .toList());
        ArrayNode rows = Json.mapper().createArrayNode();
        hours.forEach((key, growth) -> growth.write(key, rows.addObject()));
        jdbc.sql("""
                        insert into talk.spurt_hour as h (group_id, hour_starts_at, organisation_id, spurts, recorded, millis,
                               lost, ends_at, chain_head)
                        select group_id, hour, organisation, spurts, recorded, millis, lost, ends, decode(link, 'hex')
                          from jsonb_to_recordset(cast(:rows as jsonb)) as r (group_id text, hour timestamptz,
                               organisation text, spurts int, recorded int, millis bigint, lost bigint, ends timestamptz,
                               link text)
                        on conflict (group_id, hour_starts_at) do update
                           set spurts = h.spurts + excluded.spurts, recorded = h.recorded + excluded.recorded,
                               millis = h.millis + excluded.millis, lost = h.lost + excluded.lost,
                               ends_at = greatest(h.ends_at, excluded.ends_at), chain_head = excluded.chain_head
                        """).param("rows", rows.toString()).update();
        return fresh;
    }

    private Map<Key, Growth> grow(List<Spurt> fresh) {
        Map<Key, Growth> hours = new LinkedHashMap<>();
        for (Spurt spurt : fresh) {
            Key key = Key.of(spurt);
            hours.computeIfAbsent(
                    key, of -> new Growth(spurt.organisation(), 0, SpurtChain.start(of.group(), of.hour())));
        }
        jdbc.sql("""
                        select group_id, hour_starts_at, spurts, chain_head from talk.spurt_hour
                         where group_id in (:groups) and hour_starts_at in (:hours)
                         order by group_id, hour_starts_at for update
                        """)
                .param(
                        "groups",
                        hours.keySet().stream().map(Key::group).distinct().toList())
                .param(
                        "hours",
                        hours.keySet().stream()
                                .map(key -> key.hour().atOffset(UTC))
                                .distinct()
                                .toList())
                .query(row -> {
                    Key key = new Key(
                            row.getString("group_id"),
                            row.getObject("hour_starts_at", OffsetDateTime.class)
                                    .toInstant());
                    Growth growth = hours.get(key);
                    if (growth != null) {
                        growth.seq = row.getInt("spurts");
                        growth.link = row.getBytes("chain_head");
                    }
                });
        return hours;
    }

    /** Head of a group's hour as it is now, and whether the audit log has it. */
    record Known(byte[] head, boolean told) {}

    Optional<Known> known(String group, Instant hour) {
        return jdbc.sql("""
                        select chain_head, coalesce(told_head = chain_head, false) as told from talk.spurt_hour
                         where group_id = :group and hour_starts_at = :hour
                        """)
                .param("group", group)
                .param("hour", hour.atOffset(UTC))
                .query((row, n) -> new Known(row.getBytes("chain_head"), row.getBoolean("told")))
                .optional();
    }

    /** Hours that are over, have nothing that goes on, and are not in the audit log as they are; at most 100. */
    List<Hour> untold(Instant now) {
        return jdbc.sql("""
                        select * from talk.spurt_hour h
                         where (told_head is null or told_head <> chain_head) and hour_starts_at <= :before
                           and not exists (select from talk.spurt s where s.ended_at is null
                                            and s.group_id = h.group_id and s.hour_starts_at = h.hour_starts_at)
                         order by hour_starts_at limit 100
                        """)
                .param("before", now.minusSeconds(3600).atOffset(UTC))
                .query((row, n) -> new Hour(
                        row.getString("group_id"),
                        new OrganisationId(row.getString("organisation_id")),
                        row.getObject("hour_starts_at", OffsetDateTime.class).toInstant(),
                        row.getInt("spurts"),
                        row.getInt("recorded"),
                        row.getLong("millis"),
                        row.getLong("lost"),
                        row.getBytes("chain_head")))
                .list();
    }

    /** The audit log has this head. */
    void told(Hour hour) {
        jdbc.sql("""
                        update talk.spurt_hour set told_head = :head where group_id = :group and hour_starts_at = :hour
                        """)
                .param("head", hour.head())
                .param("group", hour.group())
                .param("hour", hour.start().atOffset(UTC))
                .update();
    }
}
