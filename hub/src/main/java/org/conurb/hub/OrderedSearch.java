package org.conurb.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.conurb.store.Transactions;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page in the order that the client chose (GS CIM 009 clause 4.23). Few matches are all looked at. Of many, an index
 * that has the very order is walked, and the nearest are sought in growing circles; where neither is at hand, all are looked
 * at up to {@value #MOST_ORDERED}, and more are refused.
 */
final class OrderedSearch {
    private static final int MOST_ORDERED = 10_000;
    private static final double FIRST_METRES = 200;
    private static final double LAST_METRES = 21_000_000;

    private final Transactions transactions;
    private final EntityQuery query;
    private final Search search;
    private final Ordering ordering;
    private final Cursor from;
    private final int wanted;
    private final Comparator<Placed> order;

    OrderedSearch(Transactions transactions, EntityQuery query, Search search) {
        this.transactions = transactions;
        this.query = query;
        this.search = search;
        this.ordering = query.ordering();
        this.from = query.cursor();
        this.wanted = query.offset() + query.limit() + 1;
        Comparator<Placed> forth = (a, b) -> ordering.compare(
                a.keys, a.found.stored().iid(), b.keys, b.found.stored().iid());
        this.order = from.back() ? forth.reversed() : forth;
    }

    /** A match and by what it is ordered. */
    record Placed(Found found, List<OrderKey> keys) {
        private Cursor beside(boolean back) {
            return new Cursor(back, found.stored().iid(), keys);
        }
    }

    Found.Page page(OptionalLong count) {
        List<Placed> placed = nearest()
                .or(() -> search.few().map(this::best))
                .or(() -> new IndexedOrder(transactions, query, search, this).page(wanted))
                .orElseGet(this::all);
        boolean more = placed.size() == wanted;
        List<Placed> page = new ArrayList<>(placed.subList(
                Math.min(query.offset(), placed.size()), Math.min(query.offset() + query.limit(), placed.size())));
        Optional<Cursor> beyond = more ? Optional.of(page.getLast().beside(from.back())) : Optional.empty();
        boolean start = from.equals(Cursor.START);
        Optional<Cursor> behind = page.isEmpty()
                ? from.back() ? Optional.of(Cursor.START) : Optional.empty()
                : start ? Optional.empty() : Optional.of(page.getFirst().beside(!from.back()));
        List<Found> found = (from.back() ? page.reversed() : page)
                .stream().map(Placed::found).toList();
        return from.back() ? Found.Page.of(found, behind, beyond, count) : Found.Page.of(found, beyond, behind, count);
    }

    Placed place(Found found) {
        ObjectNode document = found.document();
        if (ordering.asksTimes()) {
            document = document.deepCopy();
            found.stored().putTimes(document);
        }
        return new Placed(found, ordering.keys(document));
    }

    /** Whether it lies on the side of the cursor that is asked. */
    boolean isAsked(Placed placed) {
        if (from.keys().isEmpty()) {
            return true;
        }
        int side = ordering.compare(placed.keys, placed.found.stored().iid(), from.keys(), from.iid());
        return from.back() ? side < 0 : side > 0;
    }

    /** The first of those that are asked, in order. */
    List<Placed> first(List<Placed> placed) {
        return placed.stream().sorted(order).limit(wanted).toList();
    }

    private List<Placed> best(List<Found> matches) {
        return first(matches.stream().map(this::place).filter(this::isAsked).toList());
    }

    private List<Placed> all() {
        PriorityQueue<Placed> best = new PriorityQueue<>(order.reversed());
        search.each(MOST_ORDERED, "order them", found -> {
            Placed placed = place(found);
            if (isAsked(placed)) {
                best.add(placed);
                if (best.size() > wanted) {
                    best.poll();
                }
            }
        });
        return first(List.copyOf(best));
    }

    /** In growing circles around the place, as long as each holds few. */
    private Optional<List<Placed>> nearest() {
        Ordering.By by = ordering.by().getFirst();
        boolean circles = ordering.by().size() == 1
                && by.direction() == Ordering.Direction.NEAREST
                && by.path().plain()
                && query.geo().isEmpty()
                && !from.back()
                && (from.keys().isEmpty() || from.keys().getFirst().rank() == OrderKey.NUMBER);
        if (!circles) {
            return Optional.empty();
        }
        double metres = Math.max(
                FIRST_METRES, from.keys().isEmpty() ? 0 : from.keys().getFirst().number() * 1.5);
        while (metres < LAST_METRES) {
            GeoQuery circle = new GeoQuery(
                    GeoQuery.Relation.NEAR,
                    ordering.from().orElseThrow(),
                    by.path().attribute(),
                    0,
                    metres);
            Optional<List<Found>> inside = search.within(circle).few();
            if (inside.isEmpty()) {
                return Optional.empty();
            }
            double radius = metres;
            List<Placed> placed = first(inside.get().stream()
                    .map(this::place)
                    .filter(this::isAsked)
                    .filter(one -> one.keys.getFirst().number() <= radius)
                    .toList());
            if (placed.size() == wanted) {
                return Optional.of(placed);
            }
            metres *= 4;
        }
        return Optional.empty();
    }
}
