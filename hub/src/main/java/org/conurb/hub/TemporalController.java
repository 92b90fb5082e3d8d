package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The temporal evolution of entities over NGSI-LD (GS CIM 009 clauses 6.18 to 6.22 and 6.24). */
@RestController
@RequestMapping("/ngsi-ld/v1/temporal")
class TemporalController {
    private static final String JSON = "application/json";
    private static final String LINKED = "application/ld+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final int PARTIAL = 206;
    private static final AnswerType[] OFFERED = {AnswerType.JSON, AnswerType.LINKED};

    private final TemporalRetrieval retrieval;
    private final TemporalDoor door;
    private final Contexts contexts;

    TemporalController(TemporalRetrieval retrieval, TemporalDoor door, Contexts contexts) {
        this.retrieval = retrieval;
        this.door = door;
        this.contexts = contexts;
    }

    @GetMapping("/entities/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, TemporalAsked.PARAMETERS);
        LdContext context = contexts.of(request);
        TemporalAsked asked = TemporalAsked.of(given, context, false);
        AnswerType type = AnswerType.of(request, OFFERED);
        TemporalRetrieval.Told told = retrieval.one(caller, id(id), asked);
        return partial(LdAnswers.written(type, context, told.entities().getFirst()), told);
    }

    @GetMapping("/entities")
    Answer query(Caller caller, HttpServletRequest request) {
        Map<String, String> given =
                Parameters.of(request, Parameters.and(Parameters.QUERY, Parameters.ORDER, TemporalAsked.PARAMETERS));
        LdContext context = contexts.of(request);
        return page(caller, request, given, context, EntityQuery.of(given, context));
    }

    private Answer page(
            Caller caller,
            HttpServletRequest request,
            Map<String, String> given,
            LdContext context,
            EntityQuery query) {
        AnswerType type = AnswerType.of(request, OFFERED);
        TemporalAsked asked = TemporalAsked.of(given, context, true);
        TemporalRetrieval.Told told = retrieval.page(caller, query.demandSelective(), asked);
        Answer answer = LdAnswers.written(type, context, told.entities());
        if (told.count().isPresent()) {
            answer = answer.with(
                    "NGSILD-Results-Count", String.valueOf(told.count().getAsLong()));
        }
        if (told.previous().isPresent()) {
            answer = LdAnswers.link(
                    answer, request, "prev", "cursor", told.previous().get().write());
        }
        if (told.next().isPresent()) {
            answer = LdAnswers.link(
                    answer, request, "next", "cursor", told.next().get().write());
        }
        return partial(answer, told);
    }

    private static Answer partial(Answer answer, TemporalRetrieval.Told told) {
        return told.partial()
                .map(part -> answer.status(PARTIAL).with("Content-Range", part.header()))
                .orElse(answer);
    }

    @PostMapping(
            value = "/entityOperations/query",
            consumes = {JSON, LINKED})
    Answer post(Caller caller, HttpServletRequest request, @RequestBody(required = false) byte @Nullable [] sent) {
        Map<String, String> given = new HashMap<>(Parameters.of(request, Parameters.BESIDE_BODY));
        LdBody body = contexts.body(request, sent);
        QueryObject asked = QueryObject.read(body.object(), body.context(), TemporalObject.PARTS);
        asked.given().forEach((name, value) -> once(given, name, value));
        TemporalObject.read(body.object()).forEach((name, value) -> once(given, name, value));
        if (given.containsKey("aggrMethods")) {
            given.putIfAbsent("format", "aggregatedValues");
        }
        return page(caller, request, given, body.context(), EntityQuery.of(given, asked.selectors(), body.context()));
    }

    private static void once(Map<String, String> given, String name, String value) {
        if (given.put(name, value) != null) {
            throw NgsiLdFault.badData(
                    "%s comes twice.".formatted(name), "Send it once, in the address or in the body.");
        }
    }

    @PostMapping(
            value = "/entities",
            consumes = {JSON, LINKED})
    Answer put(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        String id = EntityReader.id(
                "The entity",
                body.object().get("id") == null
                        ? body.object().get("@id")
                        : body.object().get("id"));
        return door.put(caller, change, id, new EvolutionReader(body.context()).fragment(body.object()));
    }

    @DeleteMapping("/entities/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of());
        return door.delete(caller, change, id(id));
    }

    @PostMapping(
            value = "/entities/{id}/attrs",
            consumes = {JSON, LINKED})
    Answer add(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        return door.add(caller, change, id(id), new EvolutionReader(body.context()).fragment(body.object()));
    }

    @DeleteMapping("/entities/{id}/attrs/{name}")
    Answer deleteAttribute(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name) {
        Map<String, String> given = Parameters.of(request, Set.of("datasetId", "deleteAll"));
        boolean all = EntityQuery.truth("deleteAll", given.get("deleteAll"));
        String dataset = given.getOrDefault("datasetId", "");
        if (!dataset.isEmpty() && (all || !Names.isIri(dataset))) {
            throw NgsiLdFault.badData(
                    all ? "datasetId and deleteAll contradict each other." : "datasetId is no URI.",
                    "Send the URI of a dataset, or deleteAll=true, or neither for the default one.");
        }
        return door.delete(caller, change, id(id), name(request, name), dataset, all);
    }

    @PatchMapping(
            value = "/entities/{id}/attrs/{name}/{instanceId}",
            consumes = {JSON, LINKED, MERGE})
    Answer replace(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name,
            @PathVariable String instanceId,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        String kept = Names.demand("an attribute", body.context().expand(name));
        HistoryRows instance = new EvolutionReader(body.context()).instance(name, kept, body.object());
        return door.replace(caller, change, id(id), kept, uri("The instance", instanceId), instance);
    }

    @DeleteMapping("/entities/{id}/attrs/{name}/{instanceId}")
    Answer deleteInstance(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name,
            @PathVariable String instanceId) {
        Parameters.of(request, Set.of());
        return door.delete(caller, change, id(id), name(request, name), uri("The instance", instanceId));
    }

    private String name(HttpServletRequest request, String name) {
        return Names.demand("an attribute", contexts.of(request).expand(name));
    }

    private static String id(String id) {
        return uri("The path", id);
    }

    private static String uri(String place, String text) {
        return EntityReader.id(place, Json.mapper().getNodeFactory().stringNode(text));
    }
}
