package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.hub.Registration.Wanted;
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
import tools.jackson.databind.node.ArrayNode;

/** Registrations of context sources over NGSI-LD (GS CIM 009 clauses 6.8, 6.9). */
@RestController
@RequestMapping("/ngsi-ld/v1/csourceRegistrations")
class RegistrationController {
    private static final Set<String> QUERY = Set.of(
            "id",
            "idPattern",
            "type",
            "attrs",
            "q",
            "csf",
            "georel",
            "geometry",
            "coordinates",
            "geoproperty",
            "timerel",
            "timeAt",
            "endTimeAt",
            "timeproperty",
            "scopeQ",
            "datasetId",
            "limit",
            "offset",
            "cursor",
            "count",
            "options");

    private final Registrations registrations;
    private final Contexts contexts;

    RegistrationController(Registrations registrations, Contexts contexts) {
        this.registrations = registrations;
        this.contexts = contexts;
    }

    @PostMapping(consumes = {"application/json", "application/ld+json"})
    Answer create(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return registrations.create(caller, change, contexts.body(request, sent));
    }

    @GetMapping
    Answer query(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, QUERY);
        LdContext context = contexts.of(request);
        EntityQuery query = EntityQuery.of(given, context);
        Registrations.Page page = registrations.find(caller, wanted(given, query, context), query);
        boolean withTimes = Representation.of(given, context).withTimes();
        ArrayNode body = Json.mapper().createArrayNode();
        page.rows().forEach(row -> body.add(registrations.told(row, context, withTimes)));
        Answer answer = LdAnswers.list(request, context, body);
        if (page.count().isPresent()) {
            answer = answer.with(
                    "NGSILD-Results-Count", String.valueOf(page.count().getAsLong()));
        }
        return page.next().isEmpty()
                ? answer
                : LdAnswers.next(
                        answer, request, Cursor.after(page.next().get()).write());
    }

    /** Attributes that {@code q} looks at are attributes that are wanted (clause 5.10.2.4). */
    private static Wanted wanted(Map<String, String> given, EntityQuery query, LdContext context) {
        Set<String> attributes = new HashSet<>(query.attributes());
        query.q()
                .ifPresent(q ->
                        q.terms().forEach(term -> attributes.add(term.path().attribute())));
        if (query.selectors().equals(List.of(EntitySelector.EVERY))
                && attributes.isEmpty()
                && query.geo().isEmpty()
                && query.scopes().isEmpty()
                && !given.containsKey("csf")) {
            throw NgsiLdFault.badData(
                    "The query asks for every registration.",
                    "Give at least one of type, attrs, id, idPattern, q, csf, scopeQ and georel.");
        }
        return new Wanted(
                query.selectors(),
                Set.copyOf(attributes),
                Set.copyOf(EntityQuery.list("datasetId", given.get("datasetId"), 100)),
                Optional.ofNullable(given.get("csf")).map(csf -> QueryReader.read("csf", csf, context, Set.of())),
                query.geo(),
                RegistrationTimes.of(given),
                query.scopes());
    }

    @GetMapping("/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, Set.of("options"));
        LdContext context = contexts.of(request);
        return LdAnswers.object(
                request,
                context,
                registrations.told(
                        registrations.get(caller, EntityController.id(id)),
                        context,
                        Representation.of(given, context).withTimes()));
    }

    @PatchMapping(
            value = "/{id}",
            consumes = {"application/json", "application/ld+json", "application/merge-patch+json"})
    Answer patch(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return registrations.patch(caller, change, EntityController.id(id), contexts.body(request, sent));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of());
        return registrations.delete(caller, change, EntityController.id(id));
    }
}
