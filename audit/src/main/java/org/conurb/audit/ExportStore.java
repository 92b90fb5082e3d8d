package org.conurb.audit;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of exports of one room. Each call needs a transaction. */
final class ExportStore {
    private final JdbcClient jdbc;
    private final String table;

    /** @param schema of the room */
    ExportStore(JdbcClient jdbc, String schema) {
        this.jdbc = jdbc;
        this.table = schema + ".export";
    }

    void insert(EvidenceExport export) {
        jdbc.sql("""
                        insert into %s (id, organisation_id, subject, subject_name, grant_id, case_id, reason, at,
                            parts, state, percent, detail, size_bytes, sha256)
                        values (:id, :organisation, :subject, :name, :grant, :case, :reason, :at,
                            :parts, 'queued', 0, '', 0, '')
                        """.formatted(table))
                .param("id", export.id())
                .param("organisation", export.organisation().value())
                .param("subject", export.subject())
                .param("name", export.subjectName())
                .param("grant", export.grant())
                .param("case", export.caseId())
                .param("reason", export.reason())
                .param("at", export.at().atOffset(UTC))
                .param("parts", Json.mapper().writeValueAsString(export.parts()))
                .update();
    }

    Optional<EvidenceExport> find(UUID id) {
        return jdbc.sql("select * from " + table + " where id = :id")
                .param("id", id)
                .query(ExportStore::export)
                .optional();
    }

    /** Newest first, below the id named. */
    List<EvidenceExport> list(Collection<OrganisationId> owners, UUID below, int limit) {
        return jdbc.sql("""
                        select * from %s where organisation_id in (:owners) and id < :below
                         order by id desc limit :limit
                        """.formatted(table))
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("below", below)
                .param("limit", limit)
                .query(ExportStore::export)
                .list();
    }

    int open(OrganisationId organisation) {
        return jdbc.sql("""
                        select count(*) from %s
                         where organisation_id = :organisation and state in ('queued', 'running')
                        """.formatted(table))
                .param("organisation", organisation.value())
                .query(Integer.class)
                .single();
    }

    /** The oldest that waits; what ran when the program ended waits again. */
    Optional<EvidenceExport> next() {
        return jdbc.sql("select * from " + table + " where state in ('queued', 'running') order by id limit 1")
                .query(ExportStore::export)
                .optional();
    }

    /** @return false where it was ended meanwhile */
    boolean running(UUID id, int percent) {
        return jdbc.sql("""
                        update %s set state = 'running', percent = :percent
                         where id = :id and state in ('queued', 'running')
                        """.formatted(table))
                        .param("id", id)
                        .param("percent", percent)
                        .update()
                == 1;
    }

    void ready(UUID id, long bytes, String sha256, Instant at) {
        jdbc.sql("""
                        update %s set state = 'ready', percent = 100, size_bytes = :bytes, sha256 = :sha256,
                            finished_at = :at where id = :id and state = 'running'
                        """.formatted(table))
                .param("id", id)
                .param("bytes", bytes)
                .param("sha256", sha256)
                .param("at", at.atOffset(UTC))
                .update();
    }

    void end(UUID id, EvidenceExport.State state, String detail, Instant at) {
        jdbc.sql("""
                        update %s set state = :state, detail = :detail, finished_at = :at where id = :id
                        """.formatted(table))
                .param("id", id)
                .param("state", state.code())
                .param("detail", detail)
                .param("at", at.atOffset(UTC))
                .update();
    }

    /** Ready ones that were finished before; at most 100. */
    List<EvidenceExport> old(Instant before) {
        return jdbc.sql("""
                        select * from %s where state = 'ready' and finished_at < :before
                         order by finished_at limit 100
                        """.formatted(table))
                .param("before", before.atOffset(UTC))
                .query(ExportStore::export)
                .list();
    }

    private static EvidenceExport export(ResultSet row, int number) throws SQLException {
        return new EvidenceExport(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("subject"),
                row.getString("subject_name"),
                row.getObject("grant_id", UUID.class),
                row.getString("case_id"),
                row.getString("reason"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                List.of(Json.mapper().readValue(row.getString("parts"), EvidenceExport.Part[].class)),
                EvidenceExport.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("percent"),
                row.getString("detail"),
                row.getLong("size_bytes"),
                row.getString("sha256"),
                Optional.ofNullable(row.getObject("finished_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }
}
