package org.conurb.hub;

import java.util.List;
import java.util.Set;
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

    /** @throws NgsiLdFault where there is none that the caller may read */
    Found get(Caller caller, String id) {
        return transactions.as(access.owners(caller), () -> {
            Sight sight = new Sight(access, model, caller);
            Stored stored = entities.stored(id).orElseThrow(() -> NgsiLdFault.absent("entity", id));
            ObjectNode document = stored.document();
            List<String> types = Stored.types(document);
            if (!sight.reads(types, stored.owner())) {
                throw NgsiLdFault.absent("entity", id);
            }
            Set<String> hidden = sight.hidden(types, id);
            document.remove(hidden);
            return new Found(stored, document, hidden);
        });
    }

    Found.Page query(Caller caller, EntityQuery query) {
        return transactions.as(access.owners(caller), () -> finder.find(query, new Sight(access, model, caller)));
    }
}
