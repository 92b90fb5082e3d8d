package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Cell;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.locationtech.jts.geom.Envelope;

/**
 * A box around all places of a type, never too small, found without reading them. The idea: of the cells that hold any, only
 * those along the rim tell the box; these are quartered twice and looked into by the index, again and again. It costs up to
 * {@value #FINEST} / 2 statements of at most some hundred looks each, however many entities there are.
 */
final class OgcExtents {
    /** About 80 m high. */
    private static final int FINEST = 18;

    private static final int MOST_ON_RIM = 40;

    static final String OCCUPIED = """
            select c.n from unnest(:lows, :highs) with ordinality c (low, high, n)
             where exists (select from hub.place p
                            where p.tenant = (select store.tenant()) and p.organisation_id = any(:owners)
                              and p.kind = :kind and p.name = :name and p.cell >= c.low and p.cell <= c.high)
            """;

    private final Transactions transactions;
    private final Access access;
    private final Model model;

    OgcExtents(Transactions transactions, Access access, Model model) {
        this.transactions = transactions;
        this.access = access;
        this.model = model;
    }

    /** A cell of one level by its place in the grid. */
    private record Square(long row, long column, int level) {
        Cell cell() {
            double side = 1L << level;
            return Cell.of(new Epsg4326Point((row + 0.5) / side * 180 - 90, (column + 0.5) / side * 360 - 180), level);
        }

        Envelope bounds() {
            double side = 1L << level;
            return new Envelope(
                    column / side * 360 - 180,
                    (column + 1) / side * 360 - 180,
                    row / side * 180 - 90,
                    (row + 1) / side * 180 - 90);
        }

        /** Two levels down, since geometries are kept in cells of even levels. */
        List<Square> parts() {
            List<Square> parts = new ArrayList<>();
            for (long i = 0; i < 4; i++) {
                for (long j = 0; j < 4; j++) {
                    parts.add(new Square(row * 4 + i, column * 4 + j, level + 2));
                }
            }
            return parts;
        }
    }

    /** Empty where there is none that the caller may read, and where places concern persons. */
    Optional<Envelope> of(Caller caller, String kind) {
        if (model.personal(List.of(kind)).contains(OgcQuery.GEOMETRY)) {
            return Optional.empty();
        }
        return transactions.as(access.owners(caller), () -> {
            Set<OrganisationId> owners = access.predicate(caller, Action.READ, Access.entities(kind));
            Envelope box = box(kind, owners);
            return box.isNull() ? Optional.empty() : Optional.of(box);
        });
    }

    private Envelope box(String kind, Set<OrganisationId> owners) {
        Envelope box = new Envelope();
        List<Square> rim = List.of(new Square(0, 0, 0));
        while (!rim.isEmpty() && rim.size() <= MOST_ON_RIM && rim.getFirst().level() < FINEST) {
            List<Square> parts =
                    rim.stream().flatMap(square -> square.parts().stream()).toList();
            Set<Integer> occupied = occupied(parts, rim, kind, owners);
            for (int i = 0; i < rim.size(); i++) {
                if (occupied.contains(parts.size() + i)) {
                    box.expandToInclude(rim.get(i).bounds());
                }
            }
            List<Square> there = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                if (occupied.contains(i)) {
                    there.add(parts.get(i));
                }
            }
            rim = outermost(there);
        }
        rim.forEach(square -> box.expandToInclude(square.bounds()));
        return box;
    }

    private static List<Square> outermost(List<Square> squares) {
        long south = squares.stream().mapToLong(Square::row).min().orElse(0);
        long north = squares.stream().mapToLong(Square::row).max().orElse(0);
        long west = squares.stream().mapToLong(Square::column).min().orElse(0);
        long east = squares.stream().mapToLong(Square::column).max().orElse(0);
        return squares.stream()
                .filter(one -> one.row() == south || one.row() == north || one.column() == west || one.column() == east)
                .toList();
    }

    /** @return places in the list of {@code within}, then of {@code exactly}, of what holds a geometry or is the cell of one */
    private Set<Integer> occupied(List<Square> within, List<Square> exactly, String kind, Set<OrganisationId> owners) {
        List<Long> lows = new ArrayList<>();
        List<Long> highs = new ArrayList<>();
        for (Square square : within) {
            lows.add(square.cell().min());
            highs.add(square.cell().max());
        }
        for (Square square : exactly) {
            lows.add(square.cell().id());
            highs.add(square.cell().id());
        }
        return new HashSet<>(transactions
                .jdbc()
                .sql(OCCUPIED)
                .param("lows", lows.toArray(Long[]::new))
                .param("highs", highs.toArray(Long[]::new))
                .param("owners", owners.stream().map(OrganisationId::value).toArray(String[]::new))
                .param("kind", kind)
                .param("name", OgcQuery.GEOMETRY)
                .query((row, n) -> row.getInt(1) - 1)
                .list());
    }
}
