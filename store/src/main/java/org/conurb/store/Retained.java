package org.conurb.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.conurb.kernel.City;
import org.conurb.kernel.OrganisationId;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * What a room keeps for a while and then forgets. Each room names its own as beans; the server's housekeeping runs all of
 * them, once an hour.
 *
 * @param what goes, for people to read, as {@code incidents}
 * @param retention class that the audit log names, as in the city folder
 * @param kept how long a city keeps it; empty for ever
 * @param forget forgets some of what ended before that moment: called again and again while there is more, each time in
 *     a transaction of the system role
 */
public record Retained(
        String what, String retention, Function<City, Optional<Duration>> kept, Function<Instant, Forgotten> forget) {
    /** The most rows that one transaction forgets. */
    public static final int BATCH = 1_000;

    /** Kept as long as the city folder's class of that name says. */
    public static Retained by(String retention, String what, Function<Instant, Forgotten> forget) {
        return new Retained(
                what, retention, city -> Optional.ofNullable(city.retention().get(retention)), forget);
    }

    /** Kept equally long in every city. */
    public static Retained during(Duration kept, String what, Function<Instant, Forgotten> forget) {
        return new Retained(what, what, city -> Optional.of(kept), forget);
    }

    /**
     * What one transaction forgot.
     *
     * @param owners whose it was and how many; without those that belong to nobody
     * @param more whether there may be more to forget
     */
    public record Forgotten(int count, Map<OrganisationId, Integer> owners, boolean more) {
        public static final Forgotten NOTHING = new Forgotten(0, Map.of(), false);

        /** Runs a statement that deletes at most {@link #BATCH} rows and returns the {@code organisation_id} of each. */
        public static Forgotten rows(StatementSpec delete) {
            return of(delete.query((row, n) -> new OrganisationId(row.getString(1)))
                    .list());
        }

        /** One for each owner named; there may be more where it is a whole batch. */
        public static Forgotten of(List<OrganisationId> owners) {
            Map<OrganisationId, Integer> counts = new HashMap<>();
            owners.forEach(owner -> counts.merge(owner, 1, Integer::sum));
            return new Forgotten(owners.size(), Map.copyOf(counts), owners.size() >= BATCH);
        }

        /** Both, one after the other. */
        public Forgotten and(Forgotten other) {
            Map<OrganisationId, Integer> counts = new HashMap<>(owners);
            other.owners.forEach((owner, n) -> counts.merge(owner, n, Integer::sum));
            return new Forgotten(count + other.count, Map.copyOf(counts), more || other.more);
        }
    }
}
