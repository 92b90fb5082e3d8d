package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entities;
import org.conurb.hub.Entity;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/**
 * The units of the site as the hub tells them, without what concerns their crews: who may take part by which call sign. In
 * memory, and in rows for the next start. Safe for many threads.
 */
final class UnitRoster {
    private static final int MOST_MET = 10_000;

    private final Transactions transactions;
    private final Entities entities;
    private final Clock clock;
    private final Map<UUID, Known> units = new ConcurrentHashMap<>();
    /** Of before talk followed the hub: only until the hub tells of them. */
    private final Map<UUID, Known> met = new ConcurrentHashMap<>();

    record Known(UUID id, OrganisationId organisation, String callSign) {}

    UnitRoster(Transactions transactions, Entities entities, Clock clock) {
        this.transactions = transactions;
        this.entities = entities;
        this.clock = clock;
    }

    /** What was known before. */
    void load() {
        transactions
                .asSystem(() -> transactions
                        .jdbc()
                        .sql("select id, organisation_id, call_sign from talk.unit")
                        .query((row, n) -> new Known(
                                row.getObject("id", UUID.class),
                                new OrganisationId(row.getString("organisation_id")),
                                row.getString("call_sign")))
                        .list())
                .forEach(unit -> units.put(unit.id(), unit));
    }

    Optional<Known> find(UUID id) {
        return Optional.ofNullable(units.get(id)).or(() -> Optional.ofNullable(met.get(id)));
    }

    /** By call sign. */
    List<Known> of(OrganisationId organisation) {
        return units.values().stream()
                .filter(unit -> unit.organisation().equals(organisation))
                .sorted(Comparator.comparing(Known::callSign).thenComparing(Known::id))
                .toList();
    }

    Collection<Known> all() {
        return units.values();
    }

    /**
     * Takes what the hub tells of a unit, in the current transaction of the system role; positions, which most changes of
     * units are, cost a look into memory.
     *
     * @return whether it is another now
     */
    boolean learn(Entity entity) {
        Optional<UUID> id = Ids.parse("Unit", entity.id());
        if (id.isEmpty()) {
            return false; // of somebody's own, not one that is dispatched
        }
        Known unit = new Known(id.get(), entity.owner(), text(entity, "callSign"));
        if (unit.equals(units.get(unit.id()))) {
            return false;
        }
        transactions
                .jdbc()
                .sql("""
                        insert into talk.unit (id, organisation_id, call_sign, at) values (:id, :organisation, :callSign, :at)
                            on conflict (id) do update set organisation_id = :organisation, call_sign = :callSign, at = :at
                        """)
                .param("id", unit.id())
                .param("organisation", unit.organisation().value())
                .param("callSign", unit.callSign())
                .param("at", clock.instant().atOffset(UTC))
                .update();
        transactions.afterCommit(() -> units.put(unit.id(), unit));
        return true;
    }

    /** In the current transaction of the system role. @return whose it was, if it was known */
    Optional<OrganisationId> forget(String urn) {
        Optional<Known> known = Ids.parse("Unit", urn).flatMap(this::find);
        known.ifPresent(unit -> {
            transactions
                    .jdbc()
                    .sql("delete from talk.unit where id = :id")
                    .param("id", unit.id())
                    .update();
            transactions.afterCommit(() -> {
                units.remove(unit.id());
                met.remove(unit.id());
            });
        });
        return known.map(Known::organisation);
    }

    /** For one that talk has not heard of yet: as the hub has it, in the current transaction and behind its wall. */
    Optional<Known> fetch(UUID id) {
        Optional<Known> known = find(id);
        if (known.isPresent()) {
            return known;
        }
        Optional<Known> fetched = entities.find(Ids.urn("Unit", id))
                .map(entity -> new Known(id, entity.owner(), text(entity, "callSign")));
        if (met.size() < MOST_MET) {
            fetched.ifPresent(unit -> met.put(id, unit));
        }
        return fetched;
    }

    static String text(Entity entity, String name) {
        return entity.attribute(name)
                .map(attribute -> attribute instanceof Attribute.Property property
                        ? property.value().toString()
                        : "")
                .orElse("");
    }
}
