package org.conurb.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.conurb.hub.EvolutionFinder.Match;
import org.conurb.hub.Histories.Span;
import org.conurb.hub.History.Instance;
import org.conurb.kernel.Json;
import org.conurb.store.Transactions;
import tools.jackson.databind.JsonNode;

/**
 * When entities were in the scopes that a query asks for. A scope is valid from when it was set until another takes its
 * place or it is taken away (GS CIM 009 clause 4.18); only what was then counts (annex C.5.16).
 */
final class ScopeTimes {
    /** Scopes of one entity that are looked at, newest first. */
    private static final int MOST = 1_000;

    private final Transactions transactions;

    ScopeTimes(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Those that were in such a scope within the time asked, and when. */
    List<Match> within(List<Match> matches, Query asked, TemporalQuery time) {
        Map<Long, List<Instance>> byNumber = scopes(matches, time);
        return matches.stream()
                .map(match ->
                        within(match, byNumber.getOrDefault(match.evolution().iid(), List.of()), asked, time))
                .filter(match -> !match.spans().isEmpty())
                .toList();
    }

    private static Match within(Match match, List<Instance> scopes, Query asked, TemporalQuery time) {
        List<Span> spans = new ArrayList<>();
        List<Instance> told = new ArrayList<>();
        for (int i = 0; i < scopes.size(); i++) {
            Instance scope = scopes.get(i);
            if (scope.mark() || !covers(asked, scope)) {
                continue;
            }
            Instant from = time.from().filter(scope.moment()::isBefore).orElse(scope.moment());
            Optional<Instant> to = i + 1 < scopes.size()
                    ? Optional.of(scopes.get(i + 1).moment())
                            .filter(end -> time.to().map(end::isBefore).orElse(true))
                            .or(time::to)
                    : time.to();
            if (to.map(from::isBefore).orElse(true)) {
                told.add(scope);
                boolean goesOn = !spans.isEmpty() && spans.getLast().to().equals(Optional.of(from));
                Optional<Instant> start = goesOn ? spans.removeLast().from() : Optional.of(from);
                spans.add(new Span(match.evolution(), start, to));
            }
        }
        return new Match(match.evolution(), match.hidden(), spans, told);
    }

    private static boolean covers(Query asked, Instance scope) {
        JsonNode value = Json.mapper().readTree(scope.value()).path("value");
        return QueryMatch.matches(asked, Json.mapper().createObjectNode().set("scope", value));
    }

    /** Of each entity, oldest first, up to the end of the time asked. */
    private Map<Long, List<Instance>> scopes(List<Match> matches, TemporalQuery time) {
        Map<Long, List<Instance>> scopes = new HashMap<>();
        matches.forEach(match -> scopes.put(match.evolution().iid(), new ArrayList<>()));
        boolean byWorld =
                time.property() == TemporalQuery.Property.ANY || time.property() == TemporalQuery.Property.OBSERVED;
        transactions
                .jdbc()
                .sql("""
                        select e.iid, x.* from unnest(:iids) e (iid) cross join lateral (
                          select %s from hub.attribute_instance h
                           where h.iid = e.iid and h.name = 'scope' and %2$s < cast(:hi as timestamptz)
                           order by %2$s desc, h.hid desc limit :most) x
                         order by x.moment, x.hid
                        """.formatted(
                        Histories.columns(byWorld ? "h.at" : "h.recorded_at"), byWorld ? "h.at" : "h.recorded_at"))
                .param("iids", scopes.keySet().toArray(Long[]::new))
                .param("hi", Histories.hi(time.to()))
                .param("most", MOST)
                .query(row -> {
                    Objects.requireNonNull(scopes.get(row.getLong("iid"))).add(Histories.instance(row));
                });
        return scopes;
    }
}
