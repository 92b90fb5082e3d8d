package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.spurt_hour}: counts and the chain's head of each group's hour. Each call needs a transaction. */
final class SpurtHours {
    static final String GROUP = "TalkGroup";

    private final JdbcClient jdbc;
    private final SpurtStore spurts;

    SpurtHours(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.spurts = new SpurtStore(jdbc);
    }

    private record Head(int spurts, byte[] link) {}

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
     * Seals a spurt into the chain of its hour: its row is written where it is not there.
     *
     * @return false where it was sealed before
     */
    boolean seal(Spurt spurt) {
        SpurtFacts facts = spurt.facts();
        if (!spurts.begin(facts) && spurts.isSealed(facts.spurt())) {
            return false;
        }
        Head head = head(facts);
        byte[] link = SpurtChain.next(head.link(), spurt);
        if (!spurts.seal(spurt, head.spurts(), link)) {
            return false;
        }
        jdbc.sql("""
                        insert into talk.spurt_hour as h (group_id, hour_starts_at, organisation_id, spurts, recorded, millis,
                               lost, ends_at, chain_head)
                        values (:group, :hour, :organisation, 1, :recorded, :millis, :lost, :end, :link)
                        on conflict (group_id, hour_starts_at) do update
                           set spurts = h.spurts + 1, recorded = h.recorded + excluded.recorded,
                               millis = h.millis + excluded.millis, lost = h.lost + excluded.lost,
                               ends_at = greatest(h.ends_at, excluded.ends_at), chain_head = excluded.chain_head
                        """)
                .param("group", facts.group())
                .param("hour", facts.hour().atOffset(UTC))
                .param("organisation", facts.organisation().value())
                .param("recorded", spurt.audio().isPresent() ? 1 : 0)
                .param("millis", spurt.length().toMillis())
                .param("lost", (long) spurt.audio().map(Spurt.Audio::lost).orElse(0))
                .param("end", spurt.ended().orElseThrow().atOffset(UTC))
                .param("link", link)
                .update();
        return true;
    }

    private Head head(SpurtFacts facts) {
        return jdbc.sql("""
                        select spurts, chain_head from talk.spurt_hour
                         where group_id = :group and hour_starts_at = :hour for update
                        """)
                .param("group", facts.group())
                .param("hour", facts.hour().atOffset(UTC))
                .query((row, n) -> new Head(row.getInt("spurts"), row.getBytes("chain_head")))
                .optional()
                .orElseGet(() -> new Head(0, SpurtChain.start(facts.group(), facts.hour())));
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
