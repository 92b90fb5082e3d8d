package org.conurb.hub;

import static java.time.ZoneOffset.UTC;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.NotFound;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.conurb.store.Transactions;

/**
 * Tenants of this hub (GS CIM 009 clauses 4.14, 5.5.10): what is in one is not there for another. An administrator makes
 * and deletes them; the default one, whose name is empty, always exists. Safe for many threads.
 */
final class Tenants {
    private static final String KIND = "Tenant";
    private static final int MOST = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,50}");

    /** How long another process may take to notice that a tenant was deleted; what is written meanwhile keeps it. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final Access access;
    private final Audit audit;
    private final Clock clock;
    private final TenantSettings settings;
    private final Map<String, Instant> known = new ConcurrentHashMap<>();

    Tenants(Transactions transactions, Access access, Audit audit, Clock clock, TenantSettings settings) {
        this.transactions = transactions;
        this.access = access;
        this.audit = audit;
        this.clock = clock;
        this.settings = settings;
    }

    record Tenant(String name, Instant createdAt) {}

    static String demandName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw NgsiLdFault.badData(
                    "That is no name of a tenant.",
                    "Use 1 to 50 letters, digits, _ and -; leave it out for the default.");
        }
        return name;
    }

    /**
     * Refuses a tenant that is not.
     *
     * @param creating whether the request makes something new, with which a tenant may come where settings say so
     */
    void demand(String name, boolean creating) {
        demandName(name);
        Instant seen = known.get(name);
        if (seen != null && seen.plus(FRESH).isAfter(clock.instant())) {
            return;
        }
        if (find(name).isPresent()) {
            known.put(name, clock.instant());
        } else if (!(creating && settings.tenantsOnFirstUse() && count() < MOST)) {
            known.remove(name);
            throw NgsiLdFault.nonexistentTenant(name);
        }
    }

    Optional<Tenant> find(String name) {
        return transactions.as(
                Set.of(),
                () -> transactions
                        .jdbc()
                        .sql("select name, at from hub.tenant where name = :name")
                        .param("name", name)
                        .query((row, n) -> new Tenant(
                                row.getString("name"),
                                row.getObject("at", OffsetDateTime.class).toInstant()))
                        .optional());
    }

    private long count() {
        return transactions.as(
                Set.of(),
                () -> transactions
                        .jdbc()
                        .sql("select count(*) from hub.tenant")
                        .query(Long.class)
                        .single());
    }

    Tenant get(Caller caller, String name) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), name);
        return find(name).orElseThrow(() -> new NotFound("tenant", name));
    }

    List<Tenant> list(Caller caller, String after, int limit) {
        access.demand(caller, Action.READ, KIND, caller.organisation(), "");
        return transactions.as(
                Set.of(),
                () -> transactions
                        .jdbc()
                        .sql("select name, at from hub.tenant where name > :after order by name limit :limit")
                        .param("after", after)
                        .param("limit", limit)
                        .query((row, n) -> new Tenant(
                                row.getString("name"),
                                row.getObject("at", OffsetDateTime.class).toInstant()))
                        .list());
    }

    Answer create(Caller caller, Change change, String name) {
        demandName(name);
        return change.commit(() -> {
            access.demand(caller, Action.CREATE, KIND, caller.organisation(), name);
            if (count() >= MOST) {
                throw new Conflict(
                        "tenants-full", "There are %d tenants already.".formatted(MOST), "Delete some that are empty.");
            }
            Tenant tenant = new Tenant(name, clock.instant());
            int made = transactions
                    .jdbc()
                    .sql("insert into hub.tenant (name, at) values (:name, :at) on conflict (name) do nothing")
                    .param("name", name)
                    .param("at", tenant.createdAt().atOffset(UTC))
                    .update();
            if (made == 0) {
                throw new Conflict("tenant-exists", "Tenant %s is there already.".formatted(name), "Use it.");
            }
            audit.record(AuditEntry.of(caller, "tenant.created", KIND, name, caller.organisation()));
            return Answer.created(URI.create("/api/hub/tenants/" + name), tenant);
        });
    }

    /** History of what was deleted in it stays as long as the city keeps history; the same name is the same tenant. */
    Answer delete(Caller caller, Change change, String name) {
        access.demand(caller, Action.DELETE, KIND, caller.organisation(), name);
        lookWhetherEmpty(name);
        return change.commit(() -> {
            int gone = transactions
                    .jdbc()
                    .sql("delete from hub.tenant where name = :name and empty")
                    .param("name", name)
                    .update();
            if (gone == 0) {
                throw find(name).isEmpty()
                        ? new NotFound("tenant", name)
                        : new Conflict(
                                "tenant-not-empty",
                                "Tenant %s holds entities, subscriptions or registrations.".formatted(name),
                                "Delete those of every organisation first.");
            }
            audit.record(AuditEntry.of(caller, "tenant.deleted", KIND, name, caller.organisation()));
            transactions.afterCommit(() -> known.remove(name));
            return Answer.noContent();
        });
    }

    /** As the system role, which sees what every organisation has in it; waits for writers under way. */
    private void lookWhetherEmpty(String name) {
        transactions.doAsSystem(() -> {
            transactions
                    .jdbc()
                    .sql("select name from hub.tenant where name = :name for update")
                    .param("name", name)
                    .query(String.class)
                    .optional();
            transactions.jdbc().sql("""
                            update hub.tenant set empty =
                                   not exists (select from hub.entity where tenant = :name and deleted_at is null)
                                   and not exists (select from hub.subscription where tenant = :name)
                                   and not exists (select from hub.registration where tenant = :name)
                             where name = :name
                            """).param("name", name).update();
        });
    }
}
