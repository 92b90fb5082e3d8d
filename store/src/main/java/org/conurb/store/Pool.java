package org.conurb.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes the connection pools. */
final class Pool {
    /** Longest statement of a timer or sequencer. */
    static final Duration SYSTEM_STATEMENT = Duration.ofSeconds(60);

    private Pool() {}

    static HikariDataSource open(String name, Login login, int max, int idle, Duration wait, Duration statement) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(login.url());
        config.setDataSourceProperties(login.properties(statement));
        config.setMaximumPoolSize(max);
        config.setMinimumIdle(Math.min(idle, max));
        config.setConnectionTimeout(wait.toMillis());
        config.setValidationTimeout(Math.min(1_000, wait.toMillis()));
        config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(true);
        return new HikariDataSource(config);
    }

    /** Drops the connections that a restart has killed, so that nobody is handed one. */
    static void renew(HikariDataSource pool) {
        @Nullable HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        if (bean != null) {
            bean.softEvictConnections();
        }
    }
}
