package org.conurb.store;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a server must promise before we acknowledge anything on it. */
final class Safety {
    private static final Logger LOG = LoggerFactory.getLogger(Safety.class);

    /** The version whose clusters our binaries run. */
    static final String MAJOR = "18";

    private static final int OLDEST = 180_000;

    private Safety() {}

    /** Looks at a session as callers get it: a setting may hide at a role, a database or the server. */
    static String verify(JdbcClient jdbc) {
        record Settings(int number, String version, String fsync, String commit, String pages, String checksums) {}
        Settings is = jdbc.sql("""
                        select current_setting('server_version_num')::int as number,
                               current_setting('server_version') as version,
                               current_setting('fsync') as fsync,
                               current_setting('synchronous_commit') as commit,
                               current_setting('full_page_writes') as pages,
                               current_setting('data_checksums') as checksums
                        """).query(Settings.class).single();
        if (is.number() < OLDEST) {
            throw new StoreFault(
                    "database-version",
                    "PostgreSQL %s is too old.".formatted(is.version()),
                    "Use PostgreSQL 18 or newer.");
        }
        demand("fsync", is.fsync());
        demand("synchronous_commit", is.commit());
        demand("full_page_writes", is.pages());
        if (is.checksums().equals("off")) {
            LOG.atWarn()
                    .addKeyValue("remedy", "Stop PostgreSQL, run pg_checksums --enable, start it again.")
                    .log("database.without-checksums");
        }
        return is.version();
    }

    private static void demand(String setting, String value) {
        if (value.toLowerCase(Locale.ROOT).equals("off")) {
            throw new StoreFault(
                    "database-not-durable",
                    "PostgreSQL runs with %s = off: what it acknowledges could be lost.".formatted(setting),
                    "Set %s = on in postgresql.conf, postgresql.auto.conf, at the role and at the database, and restart."
                            .formatted(setting));
        }
    }
}
