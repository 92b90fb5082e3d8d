package org.conurb.hub;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Histories.Span;
import org.conurb.kernel.OrganisationId;
import org.conurb.store.Transactions;
import org.jspecify.annotations.Nullable;

/**
 * Finds entities by their histories (GS CIM 009 clause 5.7.4), those that are no more among them. The idea: walk along the
 * types in order of number, so pages neither skip nor repeat; let SQL pass what has something within the time asked that
 * may match; decide on the instances themselves.
 */
final class EvolutionFinder {
    private static final int FIRST_STRIDE = 200;
    private static final int LONGEST_STRIDE = 5_000;
    private static final int MOST_WALKED = 50_000;

    private final Transactions transactions;
    private final Witnesses witnesses;
    private final ScopeTimes scopes;

    EvolutionFinder(Transactions transactions) {
        this.transactions = transactions;
        this.witnesses = new Witnesses(transactions);
        this.scopes = new ScopeTimes(transactions);
    }

    /**
     * An entity that matches.
     *
     * @param hidden attributes that the caller is not shown
     * @param spans of the time asked that count: all of it, or while the entity was in a scope asked for
     * @param inScope its scopes in these; empty where no scope was asked
     */
    record Match(Evolution evolution, Set<String> hidden, List<Span> spans, List<History.Instance> inScope) {
        /** A match whose time is the time asked. */
        static Match of(Evolution evolution, Set<String> hidden, TemporalQuery time) {
            return new Match(evolution, hidden, List.of(new Span(evolution, time.from(), time.to())), List.of());
        }
    }

    /** A walk that is gone on with, call by call, within one transaction. */
    Walk walk(EntityQuery query, Cursor from, TemporalQuery time, Sight sight) {
        return new Walk(query, from, time, sight);
    }

    final class Walk {
        private final EntityQuery query;
        private final TemporalQuery time;
        private final Sight sight;
        private final boolean back;
        private final HistorySql sql;
        private final String concerned;
        private final String statement;
        private long position;
        private int walked;
        private int stride = FIRST_STRIDE;
        private boolean ended;

        private Walk(EntityQuery query, Cursor from, TemporalQuery time, Sight sight) {
            this.query = query;
            this.time = time;
            this.sight = sight;
            this.back = from.back();
            this.position = from.iid();
            this.sql = new HistorySql(time);
            List<String> kinds = query.kinds();
            Set<OrganisationId> owners = sight.owners(kinds);
            this.ended = owners.isEmpty();
            this.concerned = sql.concerned(query);
            sql.params()
                    .put("owners", owners.stream().map(OrganisationId::value).toArray(String[]::new));
            this.statement = """
                    with w as materialized (%1$s order by y.iid %2$s limit :stride),
                         n as materialized (select count(*) as seen, %3$s(iid) as walked from w)
                    select n.seen, n.walked, m.* from n left join lateral (
                      select %4$s from w cross join lateral (select * from hub.entity z where z.iid = w.iid offset 0) e
                       where e.organisation_id = any(:owners) and %5$s
                       order by w.iid %2$s limit :take) m on true
                    """.formatted(
                            steps(kinds).formatted(back ? "<" : ">", way()),
                            way(),
                            back ? "min" : "max",
                            Evolution.COLUMNS,
                            sql.filter(query, concerned));
        }

        private String way() {
            return back ? "desc" : "asc";
        }

        private String steps(List<String> kinds) {
            if (!query.ids().isEmpty()) {
                sql.params().put("ids", query.ids().toArray(String[]::new));
                return "select y.iid from hub.entity y where y.tenant = (select store.tenant()) and y.id = any(:ids) and y.iid %1$s :position";
            }
            if (kinds.isEmpty()) {
                return """
                        select y.iid from unnest(:owners) o (v) cross join lateral (
                          select z.iid from hub.entity z
                           where z.tenant = (select store.tenant()) and z.organisation_id = o.v and z.iid %1$s :position
                           order by z.iid %2$s limit :stride) y""";
            }
            sql.params().put("kinds", kinds.toArray(String[]::new));
            return """
                    select distinct y.iid from unnest(:owners) o (v) cross join unnest(:kinds) k (v) cross join lateral (
                      (select z.iid from hub.entity_type z
                        where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid %1$s :position
                        order by z.iid %2$s limit :stride)
                      union all
                      (select z.iid from hub.past_type z
                        where z.tenant = (select store.tenant()) and z.kind = k.v and z.organisation_id = o.v and z.iid %1$s :position
                        order by z.iid %2$s limit :stride)) y""";
        }

        /** Where to go on. */
        Cursor position() {
            return back ? Cursor.before(position) : Cursor.after(position);
        }

        /** Whether there are no more. */
        boolean ended() {
            return ended;
        }

        /** Whether it has looked at as many as one call may. */
        boolean tired() {
            return walked >= MOST_WALKED;
        }

        /** Goes on to some more matches, at most so many; none are no sign of the end. */
        List<Match> next(int most) {
            if (ended) {
                return List.of();
            }
            List<Evolution> candidates = new ArrayList<>();
            long[] looked = new long[2];
            transactions
                    .jdbc()
                    .sql(statement)
                    .params(sql.params().byName())
                    .param("position", position)
                    .param("stride", stride)
                    .param("take", most)
                    .query((ResultSet row) -> {
                        looked[0] = row.getLong("walked");
                        looked[1] = row.getLong("seen");
                        candidate(row).ifPresent(candidates::add);
                    });
            walked += (int) looked[1];
            if (candidates.size() == most) {
                position = candidates.getLast().iid();
            } else {
                position = looked[1] == 0 ? position : looked[0];
                ended = looked[1] < stride;
                stride = Math.min(stride * 2, LONGEST_STRIDE);
            }
            return decide(candidates);
        }

        private static Optional<Evolution> candidate(ResultSet row) throws SQLException {
            return row.getString("id") == null ? Optional.empty() : Optional.of(Evolution.of(row));
        }

        /** The exact answer: what a caller may not see cannot be asked for either. */
        private List<Match> decide(List<Evolution> candidates) {
            List<Evolution> readable = candidates.stream()
                    .filter(one -> sight.reads(one.types(), one.owner()))
                    .filter(one ->
                            query.selectors().stream().anyMatch(selector -> selector.meets(one.id(), one.types())))
                    .toList();
            Map<Long, Set<String>> hidden = new HashMap<>();
            for (Evolution one : readable) {
                if (query.looksAt(sight.personal(one.types()))) {
                    hidden.put(one.iid(), sight.hidden(one.types(), one.id()));
                }
            }
            Set<Long> matching = witnesses.matching(readable, query, time, hidden, sql);
            List<Match> all = readable.stream()
                    .filter(one -> matching.contains(one.iid()))
                    .map(one -> {
                        @Nullable Set<String> known = hidden.get(one.iid());
                        return Match.of(one, known == null ? sight.hidden(one.types(), one.id()) : known, time);
                    })
                    .toList();
            Set<Long> seen =
                    seen(all.stream().filter(match -> !match.hidden().isEmpty()).toList());
            List<Match> visible = all.stream()
                    .filter(match -> match.hidden().isEmpty()
                            || seen.contains(match.evolution().iid()))
                    .toList();
            return query.scopes()
                    .map(asked -> scopes.within(visible, asked, time))
                    .orElse(visible);
        }

        /** Those that have something within the time asked besides what is hidden. */
        private Set<Long> seen(List<Match> veiled) {
            if (veiled.isEmpty()) {
                return Set.of();
            }
            List<Long> iids = new ArrayList<>();
            List<String> names = new ArrayList<>();
            veiled.forEach(match -> match.hidden().forEach(name -> {
                iids.add(match.evolution().iid());
                names.add(name);
            }));
            return Set.copyOf(transactions
                    .jdbc()
                    .sql("""
                            select e.iid from unnest(:iids) e (iid)
                             where exists (select from hub.attribute_instance h where h.iid = e.iid and %s%s
                               and not exists (select from unnest(:hiddenIids, :hiddenNames) x (iid, name)
                                                where x.iid = h.iid and x.name = h.name))
                            """.formatted(sql.within(), concerned))
                    .params(sql.params().byName())
                    .param(
                            "iids",
                            veiled.stream()
                                    .map(match -> match.evolution().iid())
                                    .toArray(Long[]::new))
                    .param("hiddenIids", iids.toArray(Long[]::new))
                    .param("hiddenNames", names.toArray(String[]::new))
                    .query(Long.class)
                    .list());
        }
    }
}
