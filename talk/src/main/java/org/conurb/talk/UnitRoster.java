package org.conurb.talk;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
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

    /** @param unit empty for one that is no more */
    record News(UUID id, OrganisationId organisation, Optional<Known> unit) {}

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
     * What the hub tells of a unit; positions, which most changes of units are, cost a look into memory.
     *
     * @return nothing where it is as it was
     */
    Optional<News> learn(Entity entity) {
        Optional<UUID> id = Ids.parse("Unit", entity.id());
        if (id.isEmpty()) {
            return Optional.empty(); // of somebody's own, not one that is dispatched
        }
        Known unit = new Known(id.get(), entity.owner(), text(entity, "callSign"));
        return unit.equals(units.get(unit.id()))
                ? Optional.empty()
                : Optional.of(new News(unit.id(), unit.organisation(), Optional.of(unit)));
    }

    /** It is no more. @return nothing where it was not known */
    Optional<News> forget(String urn) {
        return Ids.parse("Unit", urn)
                .flatMap(this::find)
                .map(unit -> new News(unit.id(), unit.organisation(), Optional.empty()));
    }

    /** Keeps what a batch of changes told, in the current transaction of the system role; the last word on each unit counts. */
    void write(List<News> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Map<UUID, Optional<Known>> last = new LinkedHashMap<>();
        batch.forEach(one -> last.put(one.id(), one.unit()));
        List<Known> there = last.values().stream().flatMap(Optional::stream).toList();
        List<UUID> gone = last.entrySet().stream()
                .filter(one -> one.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        transactions
                .jdbc()
                .sql("delete from talk.unit where id = any(:gone)")
                .param("gone", gone.toArray(UUID[]::new))
                .update();
        transactions
                .jdbc()
                .sql("""
                        insert into talk.unit (id, organisation_id, call_sign, at)
                        select id, organisation, call_sign, :at
                          from unnest(cast(:ids as uuid[]), cast(:organisations as text[]), cast(:callSigns as text[]))
                               as them(id, organisation, call_sign)
                            on conflict (id) do update set organisation_id = excluded.organisation_id,
                               call_sign = excluded.call_sign, at = excluded.at
                        """)
                .param("at", clock.instant().atOffset(UTC))
                .param("ids", there.stream().map(Known::id).toArray(UUID[]::new))
                .param(
                        "organisations",
                        there.stream().map(unit -> unit.organisation().value()).toArray(String[]::new))
                .param("callSigns", there.stream().map(Known::callSign).toArray(String[]::new))
                .update();
        transactions.afterCommit(() -> {
            there.forEach(unit -> units.put(unit.id(), unit));
            gone.forEach(id -> {
                units.remove(id);
                met.remove(id);
            });
        });
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
