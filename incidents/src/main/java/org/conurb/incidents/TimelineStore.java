package org.conurb.incidents;

import static java.time.ZoneOffset.UTC;

import java.time.OffsetDateTime;
import java.util.HashMap;
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
                values (:markId, :incident, :owner, :happenedAt, :recordedAt, :source, :subject, :name, :markKind, :text, :facts)
                """).params(values(mark)).update();
    }

    /** Parameters of a statement that adds a mark. */
    static Map<String, Object> values(Mark mark) {
        Map<String, Object> values = new HashMap<>();
        values.put("markId", mark.id());
        values.put("incident", mark.incident());
        values.put("owner", mark.owner().value());
        values.put("happenedAt", mark.at().atOffset(UTC));
        values.put("recordedAt", mark.recordedAt().atOffset(UTC));
        values.put("source", mark.source());
        values.put("subject", mark.bySubject());
        values.put("name", mark.byName());
        values.put("markKind", mark.kind());
        values.put("text", mark.text().orElse(null));
        values.put("facts", Json.mapper().writeValueAsString(mark.facts()));
        return values;
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
