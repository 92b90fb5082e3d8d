package org.conurb.hub;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.conurb.hub.EvolutionFinder.Match;
import org.conurb.hub.Histories.Span;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.store.Transactions;

/** What clients read of the past over NGSI-LD (GS CIM 009 clauses 5.7.3, 5.7.4): only what {@code Access} shows them. */
final class TemporalRetrieval {
    private static final int MOST_ENTITIES = 100;
    private static final int MOST_COUNTED = 10_000;

    private final Transactions transactions;
    private final Histories histories;
    private final Aggregates aggregates;
    private final EvolutionFinder finder;
    private final Model model;
    private final Access access;
    private final Clock clock;

    /** @param mostInstances of one attribute in one answer */
    TemporalRetrieval(Transactions transactions, int mostInstances, Model model, Access access, Clock clock) {
        this.transactions = transactions;
        this.histories = new Histories(transactions, mostInstances);
        this.aggregates = new Aggregates(transactions);
        this.finder = new EvolutionFinder(transactions);
        this.model = model;
        this.access = access;
        this.clock = clock;
    }

    /**
     * What goes out.
     *
     * @param entities as JSON
     * @param partial where not all of the time asked is told
     * @param previous where the page before begins, if there may be one
     * @param next where the page behind begins, if there may be one
     * @param count of all that match, where asked for
     */
    record Told(
            List<String> entities,
            Optional<PartialTime> partial,
            Optional<Cursor> previous,
            Optional<Cursor> next,
            OptionalLong count) {
        private static Told of(List<String> entities, Optional<PartialTime> partial) {
            return new Told(entities, partial, Optional.empty(), Optional.empty(), OptionalLong.empty());
        }

        private Told with(Optional<Cursor> before, Optional<Cursor> after, OptionalLong counted) {
            return new Told(entities, partial, before, after, counted);
        }
    }

    /** @throws NgsiLdFault where there is none that the caller may read */
    Told one(Caller caller, String id, TemporalAsked asked) {
        return transactions.read(access.owners(caller), () -> {
            Sight sight = new Sight(access, model, caller, clock.instant());
            if (asked.aggregation().isPresent()) {
                Evolution evolution = histories.find(id).orElseThrow(() -> NgsiLdFault.absent("entity", id));
                Set<String> hidden = readable(evolution, sight);
                List<String> found = aggregated(List.of(Match.of(evolution, hidden, asked.time())), asked);
                return Told.of(found.isEmpty() ? List.of(bare(evolution, hidden, asked)) : found, Optional.empty());
            }
            Histories.Read read = histories.of(id, asked.time(), asked.names());
            if (read.histories().isEmpty()) {
                throw NgsiLdFault.absent("entity", id);
            }
            History history = read.histories().getFirst();
            Set<String> unseen = asked.unseen(readable(history.evolution(), sight));
            if (unseen.containsAll(history.series().keySet())) {
                return Told.of(List.of(bare(history.evolution(), unseen, asked)), Optional.empty());
            }
            Optional<PartialTime> partial = PartialTime.cut(read, List.of(unseen), asked.time());
            return Told.of(List.of(asked.form().of(history, unseen)), partial);
        });
    }

    private static Set<String> readable(Evolution evolution, Sight sight) {
        if (evolution.types().isEmpty() || !sight.reads(evolution.types(), evolution.owner())) {
            throw NgsiLdFault.absent("entity", evolution.id());
        }
        return sight.hidden(evolution.types(), evolution.id());
    }

    /** An entity that has nothing within the time asked, but has a history, and in it what was asked for by name. */
    private String bare(Evolution evolution, Set<String> unseen, TemporalAsked asked) {
        List<String> demanded =
                asked.demanded().stream().filter(name -> !unseen.contains(name)).toList();
        if (!asked.demanded().isEmpty() && !histories.has(evolution.iid(), demanded)) {
            throw NgsiLdFault.absent("entity", evolution.id() + " with any of these attributes");
        }
        if (!evolution.living() && !histories.has(evolution.iid())) {
            throw NgsiLdFault.absent("entity", evolution.id());
        }
        return asked.form().head(evolution).append('}').toString();
    }

    /** One page of entities, each with its history. */
    Told page(Caller caller, EntityQuery query, TemporalAsked asked) {
        demandPlain(query);
        int limit = Math.min(query.limit(), MOST_ENTITIES);
        return transactions.read(access.owners(caller), () -> {
            Sight sight = new Sight(access, model, caller, clock.instant());
            OptionalLong count = query.count() ? OptionalLong.of(count(query, asked, sight)) : OptionalLong.empty();
            if (limit == 0) {
                return Told.of(List.of(), Optional.empty()).with(Optional.empty(), Optional.empty(), count);
            }
            EvolutionFinder.Walk walk = finder.walk(query, query.cursor(), asked.time(), sight);
            int wanted = query.offset() + limit + 1;
            List<Match> found = new ArrayList<>();
            while (found.size() < wanted && !walk.ended() && !walk.tired()) {
                found.addAll(walk.next(wanted - found.size()));
            }
            boolean back = query.cursor().back();
            List<Match> page = found.subList(
                    Math.min(query.offset(), found.size()), Math.min(query.offset() + limit, found.size()));
            Optional<Cursor> on = found.size() == wanted
                    ? Optional.of(cursor(back, page.getLast()))
                    : walk.ended() ? Optional.empty() : Optional.of(walk.position());
            boolean atStart = query.cursor().equals(Cursor.START) && query.offset() == 0;
            Optional<Cursor> returning =
                    atStart || page.isEmpty() ? Optional.empty() : Optional.of(cursor(!back, page.getFirst()));
            List<Match> inOrder = back ? page.reversed() : page;
            Told told = asked.aggregation().isPresent()
                    ? Told.of(aggregated(inOrder, asked), Optional.empty())
                    : told(inOrder, asked);
            return back ? told.with(on, returning, count) : told.with(returning, on, count);
        });
    }

    private static Cursor cursor(boolean back, Match beside) {
        long iid = beside.evolution().iid();
        return back ? Cursor.before(iid) : Cursor.after(iid);
    }

    private static void demandPlain(EntityQuery query) {
        if (query.q().map(Query::hops).orElse(0) > 0) {
            throw NgsiLdFault.badData(
                    "q leads to linked entities, which histories do not follow.", "Ask of the entity itself.");
        }
        if (!query.ordering().by().isEmpty()) {
            boolean byId = query.ordering().by().stream()
                    .allMatch(by -> by.path().plain() && by.path().attribute().equals("id"));
            if (!byId) {
                throw NgsiLdFault.badData("orderBy of histories can name id alone.", "Leave it out.");
            }
            throw NgsiLdFault.unsupported(
                    "This hub tells histories in the order in which their entities came.", "Leave orderBy out.");
        }
    }

    private Told told(List<Match> page, TemporalAsked asked) {
        Histories.Read read = histories.of(spans(page), asked.time(), asked.names());
        Map<Long, Match> matches = new LinkedHashMap<>();
        page.forEach(match -> matches.put(match.evolution().iid(), match));
        List<Set<String>> unseen = new ArrayList<>();
        for (History history : read.histories()) {
            Match match = Objects.requireNonNull(matches.get(history.evolution().iid()));
            if (!match.inScope().isEmpty()) {
                history.series().put(HistoryRows.SCOPE, new ArrayList<>(match.inScope()));
            }
            unseen.add(asked.unseen(match.hidden()));
        }
        Optional<PartialTime> partial = PartialTime.cut(read, unseen, asked.time());
        List<String> entities = new ArrayList<>();
        for (int i = 0; i < unseen.size(); i++) {
            entities.add(asked.form().of(read.histories().get(i), unseen.get(i)));
        }
        return Told.of(entities, partial);
    }

    private List<String> aggregated(List<Match> page, TemporalAsked asked) {
        Aggregation aggregation = asked.aggregation().orElseThrow();
        Map<Long, Set<String>> unseen = new LinkedHashMap<>();
        page.forEach(match -> unseen.put(match.evolution().iid(), asked.unseen(match.hidden())));
        AggregateForm form = new AggregateForm(asked.form(), aggregation, new HashSet<>(asked.demanded()));
        return aggregates.of(spans(page), asked.time(), asked.names(), unseen, aggregation).stream()
                .map(form::of)
                .toList();
    }

    private static List<Span> spans(List<Match> page) {
        return page.stream().flatMap(match -> match.spans().stream()).toList();
    }

    private long count(EntityQuery query, TemporalAsked asked, Sight sight) {
        EvolutionFinder.Walk walk = finder.walk(query, Cursor.START, asked.time(), sight);
        long count = 0;
        while (!walk.ended()) {
            if (walk.tired() || count > MOST_COUNTED) {
                throw NgsiLdFault.tooManyResults(
                        "More than %d entities would have to be looked at to count them.".formatted(MOST_COUNTED),
                        "Leave count out, or narrow the query down.");
            }
            count += walk.next(EntityQuery.MAX_LIMIT).size();
        }
        return count;
    }
}
