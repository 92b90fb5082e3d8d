package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of SIP accounts. Each call needs a transaction. */
final class SipAccountStore {
    private final JdbcClient jdbc;

    SipAccountStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Sealed(SipAccount account, byte[] secret) {}

    void insert(SipAccount account, byte[] sealed) {
        jdbc.sql("""
                        insert into talk.sip_account (id, organisation_id, participant, device, username, secret, at)
                        values (:id, :organisation, :participant, :device, :username, :secret, :at)
                        """)
                .param("id", account.id())
                .param("organisation", account.organisation().value())
                .param("participant", account.participant())
                .param("device", account.device())
                .param("username", account.username())
                .param("secret", sealed)
                .param("at", account.at().atOffset(UTC))
                .update();
    }

    void delete(UUID id) {
        jdbc.sql("delete from talk.sip_account where id = :id").param("id", id).update();
    }

    Optional<SipAccount> find(UUID id) {
        return jdbc.sql("select * from talk.sip_account where id = :id")
                .param("id", id)
                .query((row, number) -> account(row))
                .optional();
    }

    List<SipAccount> list(Collection<OrganisationId> owners, UUID after, int limit) {
        return jdbc.sql("""
                        select * from talk.sip_account
                         where organisation_id in (:owners) and id > :after order by id limit :limit
                        """)
                .param("owners", owners.stream().map(OrganisationId::value).toList())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> account(row))
                .list();
    }

    /** As system: of all organisations. */
    List<Sealed> all() {
        return jdbc.sql("select * from talk.sip_account order by id")
                .query((row, number) -> new Sealed(account(row), row.getBytes("secret")))
                .list();
    }

    private static SipAccount account(ResultSet row) throws SQLException {
        return new SipAccount(
                row.getObject("id", UUID.class),
                new OrganisationId(row.getString("organisation_id")),
                row.getString("participant"),
                row.getString("device"),
                row.getString("username"),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }
}
