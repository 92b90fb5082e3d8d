package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code talk.affiliation}: who follows which groups, over restarts. */
final class AffiliationStore {
    private final JdbcClient jdbc;

    AffiliationStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param group that exists; those who follow it already stay */
    void add(Collection<Participant> participants, UUID group, Instant at) {
        if (participants.isEmpty()) {
            return;
        }
        jdbc.sql("""
                insert into talk.affiliation (participant, group_id, organisation_id, at)
                select participant, id, organisation_id, :at
                  from talk.talk_group, unnest(cast(:participants as text[])) as them(participant)
                 where id = :group
                    on conflict do nothing
                """)
                .param("group", group)
                .param("at", at.atOffset(UTC))
                .param(
                        "participants",
                        participants.stream().map(Participant::mcpttId).toArray(String[]::new))
                .update();
    }

    void remove(String participant, UUID group) {
        jdbc.sql("delete from talk.affiliation where participant = :participant and group_id = :group")
                .param("participant", participant)
                .param("group", group)
                .update();
    }

    void clear(UUID group) {
        jdbc.sql("delete from talk.affiliation where group_id = :group")
                .param("group", group)
                .update();
    }

    /** In the order in which they came. */
    List<String> of(UUID group) {
        return jdbc.sql("select participant from talk.affiliation where group_id = :group order by at, participant")
                .param("group", group)
                .query((rows, number) -> rows.getString(1))
                .list();
    }

    int count(String participant) {
        return jdbc.sql("select count(*) from talk.affiliation where participant = :participant")
                .param("participant", participant)
                .query(Integer.class)
                .single();
    }
}
