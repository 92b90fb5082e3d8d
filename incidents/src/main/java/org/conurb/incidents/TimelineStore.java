package org.conurb.incidents;

import static java.time.ZoneOffset.UTC;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** Rows of {@code incidents.mark}: what happened, when, by whom; only ever added to. */
final class TimelineStore {
    /** A timeline longer than this shows its newest part. */
    static final int LONGEST = 2_000;

    private static final TypeReference<Map<String, String>> FACTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    TimelineStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Mark mark) {
        jdbc.sql("""
                insert into incidents.mark (id, incident_id, organisation_id, at, recorded_at, source, by_subject,
                       by_name, kind, text, facts)
                values (:id, :incident, :organisation, :at, :recordedAt, :source, :subject, :name, :kind, :text, :facts)
                """)
                .param("id", mark.id())
                .param("incident", mark.incident())
                .param("organisation", mark.owner().value())
                .param("at", mark.at().atOffset(UTC))
                .param("recordedAt", mark.recordedAt().atOffset(UTC))
                .param("source", mark.source())
                .param("subject", mark.bySubject())
                .param("name", mark.byName())
                .param("kind", mark.kind())
                .param("text", mark.text().orElse(null))
                .param("facts", Json.mapper().writeValueAsString(mark.facts()))
                .update();
    }

    /** Oldest first; at most {@value #LONGEST}, the newest ones. */
    List<Mark> of(UUID incident) {
        return jdbc.sql("""
                        select id, incident_id, organisation_id, at, recorded_at, source, by_subject, by_name, kind, text, facts
                          from incidents.mark where incident_id = :incident order by at desc, id desc limit :limit
                        """)
                .param("incident", incident)
                .param("limit", LONGEST)
                .query((row, n) -> new Mark(
                        row.getObject("id", UUID.class),
                        row.getObject("incident_id", UUID.class),
                        new OrganisationId(row.getString("organisation_id")),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                        row.getString("source"),
                        row.getString("by_subject"),
                        row.getString("by_name"),
                        row.getString("kind"),
                        Optional.ofNullable(row.getString("text")),
                        Json.mapper().readValue(row.getString("facts"), FACTS)))
                .list()
                .reversed();
    }
}
