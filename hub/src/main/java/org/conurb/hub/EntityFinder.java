package org.conurb.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;

/** Finds a page of the entities that a query asks for, in their order, so that pages neither skip nor repeat. */
final class EntityFinder {
    private final Transactions transactions;

    EntityFinder(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Within the current transaction. */
    Found.Page find(EntityQuery query, Sight sight) {
        return find(query, sight, new LinkedEntities(transactions, sight));
    }

    /** @param linked where conditions on linked entities are decided */
    Found.Page find(EntityQuery query, Sight sight, LinkedEntities linked) {
        Set<OrganisationId> owners = sight.owners(query.kinds());
        if (owners.isEmpty()) {
            return Found.Page.of(
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    query.count() ? OptionalLong.of(0) : OptionalLong.empty());
        }
        Search search = new Search(transactions, query, owners, sight, linked);
        OptionalLong count = query.count() ? OptionalLong.of(search.count()) : OptionalLong.empty();
        if (query.limit() == 0) {
            return Found.Page.of(List.of(), Optional.empty(), Optional.empty(), count);
        }
        return query.ordering().isEmpty()
                ? byNumber(query, search, count)
                : new OrderedSearch(transactions, query, search).page(count);
    }

    private static Found.Page byNumber(EntityQuery query, Search search, OptionalLong count) {
        Cursor from = query.cursor();
        List<Found> found = search.page(from, query.offset() + query.limit() + 1);
        boolean more = found.size() > query.offset() + query.limit();
        List<Found> page = new ArrayList<>(found.subList(
                Math.min(query.offset(), found.size()), Math.min(query.offset() + query.limit(), found.size())));
        Optional<Cursor> beyond = more ? Optional.of(beside(page.getLast(), from.back())) : search.unfinished();
        if (from.back()) {
            Optional<Cursor> next =
                    page.isEmpty() ? Optional.of(Cursor.START) : Optional.of(beside(page.getFirst(), false));
            return Found.Page.of(List.copyOf(page.reversed()), next, beyond, count);
        }
        boolean first = from.equals(Cursor.START) || page.isEmpty();
        return Found.Page.of(
                List.copyOf(page),
                beyond,
                first ? Optional.empty() : Optional.of(beside(page.getFirst(), true)),
                count);
    }

    private static Cursor beside(Found found, boolean back) {
        long iid = found.stored().iid();
        return back ? Cursor.before(iid) : Cursor.after(iid);
    }
}
