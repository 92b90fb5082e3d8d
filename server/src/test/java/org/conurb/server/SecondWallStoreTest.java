package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.conurb.store.Database;
import org.conurb.store.Transactions;
import org.junit.jupiter.api.Test;

/** The second wall stands in every schema: nobody adds a table with an organisation and forgets it. */
class SecondWallStoreTest {
    private final TestSite site = TestSite.shared();

    private List<String> ask(String sql) {
        try (Database database = Database.attach(site.data, Clock.systemUTC()).orElseThrow()) {
            Transactions transactions = database.transactions();
            return transactions.asSystem(
                    () -> transactions.jdbc().sql(sql).query(String.class).list());
        }
    }

    @Test
    void everyTableWithAnOrganisationHasRowLevelSecurityForcedAndAPolicyForTheApplication() {
        String tables = """
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_|^information_schema$'
                   and exists (select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
                                and a.attname in ('organisation_id', 'organisation', 'owner'))
                """;

        assertThat(ask(tables))
                .contains(
                        "identity.membership",
                        "agreements.purpose_grant",
                        "audit.entry",
                        "hub.entity",
                        "hub.change",
                        "incidents.incident",
                        "talk.member",
                        "talk.talk_group",
                        "video.camera",
                        "warnings.warning");
        assertThat(ask(tables + " and not (c.relrowsecurity and c.relforcerowsecurity)"))
                .as("tables with an organisation and without the wall")
                .isEmpty();
        assertThat(ask(tables + """
                 and has_table_privilege('conurb_application', c.oid, 'select')
                 and not exists (select from pg_policy p where p.polrelid = c.oid
                      and p.polroles && array['conurb_application'::regrole::oid, 0::oid]
                      and pg_get_expr(p.polqual, p.polrelid) ~ 'owners')
                """))
                .as("tables that the application reads and whose policy does not ask for owners")
                .isEmpty();
    }

    @Test
    void theApplicationOwnsNothingAndBypassesNothing() {
        assertThat(ask("""
                select rolname from pg_roles where rolname = 'conurb_application' and (rolsuper or rolbypassrls)
                """)).isEmpty();
        assertThat(ask("""
                select c.oid::regclass::text from pg_class c where pg_get_userbyid(c.relowner) = 'conurb_application'
                """)).isEmpty();
    }

    @Test
    void partitionsAreReachedThroughTheirTablesAlone() {
        assertThat(ask("""
                select c.oid::regclass::text from pg_class c
                 where c.relispartition and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)
                   and has_table_privilege('conurb_application', c.oid, 'select')
                """)).isEmpty();
    }
}
