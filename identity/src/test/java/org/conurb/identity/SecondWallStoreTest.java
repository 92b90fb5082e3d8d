package org.conurb.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.conurb.testkit.TestStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

class SecondWallStoreTest {
    private final Transactions transactions = TestStore.with("identity");

    @BeforeEach
    void fill() {
        new Organisations(TestCity.city(), transactions);
        transactions.doAsSystem(() -> {
            sql(
                    "insert into identity.person (id, username, name, created_at) values ('00000000-0000-0000-0000-000000000001', 'ana', 'Ana', now())");
            sql("insert into identity.membership values ('00000000-0000-0000-0000-000000000001', 'fire', 'responder')");
            sql(
                    "insert into identity.membership values ('00000000-0000-0000-0000-000000000001', 'control', 'dispatcher')");
            sql("""
                    insert into identity.client (id, name, organisation_id, roles, redirect_uris, installation, created_at)
                    values ('c', 'C', 'fire', 'dispatcher', '', false, now())
                    """);
        });
    }

    @Test
    void applicationSeesOnlyItsOwnersPeopleAndClients() {
        assertThat(count("police", "select count(*) from identity.person")).isZero();
        assertThat(count("police", "select count(*) from identity.client")).isZero();
        assertThat(count("fire", "select count(*) from identity.person")).isOne();
        assertThat(count("fire", "select count(*) from identity.membership")).isOne();
        assertThat(count("fire", "select count(*) from identity.client")).isOne();
    }

    @Test
    void applicationReadsNoHashesSessionsOrPasskeys() {
        for (String statement : List.of(
                "select password_hash from identity.person",
                "select secret_hash from identity.client",
                "select count(*) from identity.session",
                "select count(*) from identity.passkey",
                "update identity.client set roles = 'administrator'",
                "insert into identity.membership values ('00000000-0000-0000-0000-000000000001', 'police', 'auditor')")) {
            assertThatThrownBy(() -> transactions.doAs(owners("fire"), () -> sql(statement)))
                    .as(statement)
                    .isInstanceOf(DataAccessException.class);
        }
    }

    @Test
    void everyTableWithAnOrganisationStandsBehindTheWall() {
        assertThat(transactions.asSystem(
                        () -> transactions.jdbc().sql("""
                                select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
                                 where c.relnamespace = 'identity'::regnamespace and c.relkind = 'r'
                                   and a.attname = 'organisation_id' and not (c.relrowsecurity and c.relforcerowsecurity)
                                """).query(String.class).list()))
                .isEmpty();
    }

    private long count(String owner, String statement) {
        return transactions.as(
                owners(owner),
                () -> transactions.jdbc().sql(statement).query(Long.class).single());
    }

    private void sql(String statement) {
        if (statement.startsWith("select")) {
            transactions.jdbc().sql(statement).query().listOfRows();
        } else {
            transactions.jdbc().sql(statement).update();
        }
    }

    private static Set<OrganisationId> owners(String owner) {
        return Set.of(new OrganisationId(owner));
    }
}
