package org.conurb.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;
import org.springframework.transaction.TransactionSystemException;

/** The database cannot serve this call now; another try may do (503 with {@code Retry-After}). */
final class DatabaseFailure extends ConurbException {
    private static final String AGAIN =
            "Try again shortly; a change is safe to repeat with the same Idempotency-Key. /system tells the state.";

    private final Duration retryAfter;

    private DatabaseFailure(String code, String detail, String remedy, Duration retryAfter, Throwable cause) {
        super(Category.CAPACITY, code, detail, remedy, cause);
        this.retryAfter = retryAfter;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(retryAfter);
    }

    /** What this is to a caller; empty where the cause lies in our SQL or our data (PostgreSQL manual, appendix A). */
    static Optional<DatabaseFailure> from(Throwable thrown) {
        if (thrown instanceof TransactionSystemException ending) {
            // rolling back or committing failed: why the work failed before that tells more
            Throwable first = ending.getApplicationException();
            Optional<DatabaseFailure> why = first == null ? Optional.empty() : from(first);
            return why.isPresent() ? why : away(thrown);
        }
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLTransientConnectionException && !(t.getCause() instanceof SQLException)) {
                return busy("database-busy", "All connections to the database are in use.", 1, thrown);
            }
            if (t instanceof SQLException sql && sql.getSQLState() != null) {
                return from(sql.getSQLState(), thrown);
            }
        }
        return Optional.empty();
    }

    private static Optional<DatabaseFailure> from(String state, Throwable thrown) {
        if (state.startsWith("08") || state.startsWith("57P")) {
            return away(thrown);
        }
        if (state.equals("57014") || state.equals("55P03") || state.startsWith("25P0") && !state.equals("25P02")) {
            return busy("database-slow", "The database took longer than this call may last.", 2, thrown);
        }
        if (state.startsWith("40")) {
            return busy("database-contention", "Another change of the same things came first.", 1, thrown);
        }
        if (state.startsWith("53") || state.equals("58030")) {
            return Optional.of(new DatabaseFailure(
                    "database-full",
                    "The database has no room for this: disk, memory or connections are used up.",
                    "Free disk space on the server; it goes on by itself. Reading still works.",
                    Duration.ofSeconds(10),
                    thrown));
        }
        return Optional.empty();
    }

    private static Optional<DatabaseFailure> away(Throwable thrown) {
        return busy("database-away", "The database is restarting or out of reach.", 3, thrown);
    }

    private static Optional<DatabaseFailure> busy(String code, String detail, int seconds, Throwable cause) {
        return Optional.of(new DatabaseFailure(code, detail, AGAIN, Duration.ofSeconds(seconds), cause));
    }
}
