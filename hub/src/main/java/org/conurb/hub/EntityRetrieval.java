package org.conurb.hub;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/** What clients read of entities over NGSI-LD: only what {@code Access} shows them (GS CIM 009 clause 5.7). */
final class EntityRetrieval {
    private final Transactions transactions;
    private final Entities entities;
    private final EntityFinder finder;
    private final Model model;
    private final Access access;

    EntityRetrieval(Transactions transactions, Entities entities, EntityFinder finder, Model model, Access access) {
        this.transactions = transactions;
        this.entities = entities;
        this.finder = finder;
        this.model = model;
        this.access = access;
    }

    /**
     * An entity and those that come along.
     *
     * @param coming by id
     */
    record One(Found entity, Map<String, Join.Coming> coming) {}

    /** @throws NgsiLdFault where there is none that the caller may read */
    Found get(Caller caller, String id) {
        return read(caller, () -> one(new Sight(access, model, caller, entities.now()), id, TypeSelection.EVERY));
    }

    /**
     * @param types that it must have
     * @throws NgsiLdFault where there is none that the caller may read
     */
    One get(Caller caller, String id, TypeSelection types, Representation form) {
        return read(caller, () -> {
            Sight sight = new Sight(access, model, caller, entities.now());
            Found found = one(sight, id, types);
            return new One(
                    found,
                    form.join().load(List.of(found), form.projection(), new LinkedEntities(transactions, sight)));
        });
    }

    private Found one(Sight sight, String id, TypeSelection types) {
        Stored stored = entities.stored(id).orElseThrow(() -> NgsiLdFault.absent("entity", id));
        ObjectNode document = stored.document();
        List<String> itsTypes = Stored.types(document);
        if (!sight.reads(itsTypes, stored.owner()) || !types.selects(itsTypes)) {
            throw NgsiLdFault.absent("entity", id);
        }
        return sight.show(stored, document);
    }

    Found.Page query(Caller caller, EntityQuery query) {
        return read(caller, () -> finder.find(query, new Sight(access, model, caller, entities.now())));
    }

    /** A page, and the entities that come along. */
    Found.Page query(Caller caller, EntityQuery query, Representation form) {
        query.q().ifPresent(q -> form.join().demandHops("q", q.hops()));
        return read(caller, () -> {
            Sight sight = new Sight(access, model, caller, entities.now());
            LinkedEntities linked = new LinkedEntities(transactions, sight);
            Found.Page page = finder.find(query.having(form.projection().demanded()), sight, linked);
            return page.with(form.join().load(page.entities(), form.projection(), linked));
        });
    }

    private <T> T read(Caller caller, Supplier<T> work) {
        return transactions.read(access.owners(caller), work);
    }
}
