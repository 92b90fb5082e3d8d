package org.conurb.agreements;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Retained;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of purpose grants. Each call needs a transaction. */
final class GrantRows {
    private final JdbcClient jdbc;

    GrantRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(PurposeGrant grant) {
        jdbc.sql("""
                        insert into agreements.purpose_grant
                            (id, organisation_id, subject, seat, purpose, case_id, derived, valid_from, valid_until)
                        values (:id, :organisation, :subject, :seat, :purpose, :case, :derived, :from, :until)
                        """)
                .param("id", grant.id())
                .param("organisation", grant.organisation().value())
                .param("subject", grant.subject())
                .param("seat", grant.seat().orElse(null))
                .param("purpose", grant.purpose())
                .param("case", grant.caseId().orElse(null))
                .param("derived", grant.derived())
                .param("from", grant.from().atOffset(UTC))
                .param("until", grant.until().atOffset(UTC))
                .update();
    }

    Optional<PurposeGrant> find(UUID id) {
        return jdbc.sql("""
                        select * from agreements.purpose_grant where id = :id
                        """).param("id", id).query(GrantRows::grant).optional();
    }

    /** The one derived for this, if it is in force. */
    Optional<PurposeGrant> derived(
            OrganisationId organisation, String subject, String purpose, Optional<String> caseId, Instant now) {
        return jdbc.sql("""
                        select * from agreements.purpose_grant
                         where organisation_id = :organisation and subject = :subject and valid_until > :now
                           and derived and ended_at is null and purpose = :purpose
                           and case_id is not distinct from :case::text
                         order by valid_until desc, id limit 1
                        """)
                .param("organisation", organisation.value())
                .param("subject", subject)
                .param("purpose", purpose)
                .param("case", caseId.orElse(null))
                .param("now", now.atOffset(UTC))
                .query(GrantRows::grant)
                .optional();
    }

    /** A holder's own, those that end last first. */
    List<PurposeGrant> inForce(OrganisationId organisation, String subject, Instant now, int limit) {
        return jdbc.sql("""
                        select * from agreements.purpose_grant
                         where organisation_id = :organisation and subject = :subject and valid_until > :now
                           and ended_at is null
                         order by valid_until desc, id desc limit :limit
                        """)
                .param("organisation", organisation.value())
                .param("subject", subject)
                .param("now", now.atOffset(UTC))
                .param("limit", limit)
                .query(GrantRows::grant)
                .list();
    }

    /** How many of those a holder has that were asked for. */
    int asked(OrganisationId organisation, String subject, Instant now) {
        return jdbc.sql("""
                        select count(*) from agreements.purpose_grant
                         where organisation_id = :organisation and subject = :subject and valid_until > :now
                           and ended_at is null and not derived
                        """)
                .param("organisation", organisation.value())
                .param("subject", subject)
                .param("now", now.atOffset(UTC))
                .query(Integer.class)
                .single();
    }

    void end(UUID id, Instant at) {
        jdbc.sql("""
                        update agreements.purpose_grant set ended_at = :at where id = :id and ended_at is null
                        """).param("id", id).param("at", at.atOffset(UTC)).update();
    }

    static final String FORGET = """
            delete from agreements.purpose_grant where id = any (array(
                select id from agreements.purpose_grant where valid_until < :before order by valid_until limit :most))
            returning organisation_id
            """;

    /** Forgets grants that were over before that moment; as the system role. */
    Retained.Forgotten forget(Instant before) {
        return Retained.Forgotten.rows(
                jdbc.sql(FORGET).param("before", before.atOffset(UTC)).param("most", Retained.BATCH));
    }

    private static PurposeGrant grant(ResultSet row, int number) throws SQLException {
        return new PurposeGrant(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("subject"),
                Optional.ofNullable(row.getString("seat")),
                row.getString("purpose"),
                Optional.ofNullable(row.getString("case_id")),
                row.getBoolean("derived"),
                row.getObject("valid_from", OffsetDateTime.class).toInstant(),
                row.getObject("valid_until", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(instant(row)));
    }

    private static @Nullable Instant instant(ResultSet row) throws SQLException {
        OffsetDateTime at = row.getObject("ended_at", OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
