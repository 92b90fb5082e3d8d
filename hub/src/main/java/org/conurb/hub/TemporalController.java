package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.conurb.store.Transactions;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;

/** The temporal evolution of entities over NGSI-LD (GS CIM 009 clauses 6.18, 6.19): reading. */
@RestController
@RequestMapping("/ngsi-ld/v1/temporal/entities")
class TemporalController {
    private static final int PARTIAL = 206;
    private static final int MOST_ENTITIES = 100;

    private final EntityRetrieval retrieval;
    private final Histories histories;
    private final Transactions transactions;
    private final Access access;
    private final Contexts contexts;

    TemporalController(
            EntityRetrieval retrieval,
            Histories histories,
            Transactions transactions,
            Access access,
            Contexts contexts) {
        this.retrieval = retrieval;
        this.histories = histories;
        this.transactions = transactions;
        this.access = access;
        this.contexts = contexts;
    }

    @GetMapping("/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, Parameters.TEMPORAL);
        Representation form = form(given, contexts.of(request));
        TemporalQuery query = TemporalQuery.of(given, false);
        EntityReader.id("The path", Json.mapper().getNodeFactory().stringNode(id));
        List<Histories.History> found = transactions.as(access.owners(caller), () -> {
            Found entity = retrieval.get(caller, id);
            return histories.of(
                    List.of(entity), query, names(given, form.context()), form, TemporalQuery.values(given));
        });
        Answer answer =
                LdAnswers.object(request, form.context(), found.getFirst().entity());
        return found.getFirst().cut() ? cut(answer, query) : answer;
    }

    @GetMapping
    Answer query(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, Parameters.and(Parameters.QUERY, Parameters.TEMPORAL));
        LdContext context = contexts.of(request);
        EntityQuery asked = EntityQuery.of(given, context).demandSelective();
        EntityQuery query = asked.atMost(MOST_ENTITIES);
        Representation form = form(given, context);
        TemporalQuery span = TemporalQuery.of(given, true);
        ArrayNode body = Json.mapper().createArrayNode();
        boolean[] cut = new boolean[1];
        Found.Page page = transactions.as(access.owners(caller), () -> {
            Found.Page found = retrieval.query(caller, query);
            for (Histories.History history :
                    histories.of(found.entities(), span, names(given, context), form, TemporalQuery.values(given))) {
                body.add(history.entity());
                cut[0] |= history.cut();
            }
            return found;
        });
        Answer answer = LdAnswers.list(request, context, body);
        if (page.count().isPresent()) {
            answer = answer.with(
                    "NGSILD-Results-Count", String.valueOf(page.count().getAsLong()));
        }
        if (page.next().isPresent()) {
            answer = LdAnswers.next(answer, request, page.next().get().write());
        }
        return cut[0] ? cut(answer, span) : answer;
    }

    /** Instances of attributes are always normalized. */
    private static Representation form(Map<String, String> given, LdContext context) {
        Map<String, String> plain = new HashMap<>(given);
        plain.remove("options");
        plain.remove("format");
        return Representation.of(plain, context);
    }

    private static Set<String> names(Map<String, String> given, LdContext context) {
        return Set.copyOf(EntityQuery.names("attrs", given.get("attrs"), context));
    }

    /** Only the newest are told: whoever wants older ones asks before the oldest of these. */
    private static Answer cut(Answer answer, TemporalQuery query) {
        return answer.status(PARTIAL).with("Content-Range", "date-time %s-%s/*".formatted(query.from(), query.to()));
    }
}
