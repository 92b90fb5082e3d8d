package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reading entities over NGSI-LD: one by its id, or those that a query finds, whether it stands in the address or in a body
 * (GS CIM 009 clauses 6.4.3.2, 6.5.3.1 and 6.23.3.1).
 */
@RestController
@RequestMapping("/ngsi-ld/v1")
class QueryController {
    private static final Set<String> IN_ADDRESS = Parameters.and(Parameters.QUERY, Parameters.FORM, Parameters.ORDER);
    private static final Set<String> OF_ONE = Parameters.and(Parameters.FORM, Set.of("type"));
    /** Whose the entity is; the same header tells on whose behalf somebody asks. */
    private static final String OWNER = "Conurb-Organisation";

    private static final AnswerType[] OFFERED = {AnswerType.JSON, AnswerType.LINKED, AnswerType.GEO};

    private final EntityRetrieval retrieval;
    private final Contexts contexts;

    QueryController(EntityRetrieval retrieval, Contexts contexts) {
        this.retrieval = retrieval;
        this.contexts = contexts;
    }

    @GetMapping("/entities")
    Answer query(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, IN_ADDRESS);
        LdContext context = contexts.of(request);
        return answer(caller, request, given, context, EntityQuery.of(given, context));
    }

    @PostMapping(
            value = "/entityOperations/query",
            consumes = {"application/json", "application/ld+json"})
    Answer post(Caller caller, HttpServletRequest request, @RequestBody(required = false) byte @Nullable [] sent) {
        Map<String, String> given = new HashMap<>(Parameters.of(request, Parameters.BESIDE_BODY));
        LdBody body = contexts.body(request, sent);
        QueryObject asked = QueryObject.read(body.object(), body.context(), Set.of());
        asked.given().forEach((name, value) -> {
            if (given.put(name, value) != null) {
                throw NgsiLdFault.badData("%s comes in the address and in the body.".formatted(name), "Send it once.");
            }
        });
        return answer(caller, request, given, body.context(), EntityQuery.of(given, asked.selectors(), body.context()));
    }

    private Answer answer(
            Caller caller,
            HttpServletRequest request,
            Map<String, String> given,
            LdContext context,
            EntityQuery query) {
        AnswerType type = AnswerType.of(request, OFFERED);
        Representation form = Representation.of(given, context);
        String geometry = geometry(type, given, context);
        query.demandSelective();
        Found.Page page = retrieval.query(caller, query, form);
        Answer answer = type == AnswerType.GEO
                ? LdAnswers.geoJson(request, context, GeoJson.collection(features(form, page, geometry)))
                : list(request, type, form, page);
        if (page.count().isPresent()) {
            answer = answer.with(
                    "NGSILD-Results-Count", String.valueOf(page.count().getAsLong()));
        }
        return given.containsKey("offset") ? byOffset(answer, request, query, page) : byCursor(answer, request, page);
    }

    private static Answer list(HttpServletRequest request, AnswerType type, Representation form, Found.Page page) {
        List<String> kept = new ArrayList<>();
        for (Found found : page.entities()) {
            if (found.hidden().isEmpty()
                    && EntityWriter.isKept(form, found.stored().text())) {
                kept.add(found.stored().text());
            }
        }
        if (kept.size() == page.entities().size() && page.coming().isEmpty()) {
            return LdAnswers.written(type, form.context(), kept);
        }
        ArrayNode body = Json.mapper().createArrayNode();
        EntityWriter writer = new EntityWriter(form, page);
        page.entities().forEach(found -> {
            if (form.projection().tells(found.document())) {
                body.add(writer.entity(found, form.projection()));
            }
        });
        if (form.join().mode() == Join.Mode.FLAT) {
            page.coming().values().forEach(one -> body.add(writer.entity(one.found(), one.projection())));
        }
        return LdAnswers.list(request, form.context(), body);
    }

    private static ArrayNode features(Representation form, Found.Page page, String geometry) {
        ArrayNode features = Json.mapper().createArrayNode();
        EntityWriter writer = new EntityWriter(form, page);
        page.entities()
                .forEach(found -> features.add(
                        GeoJson.feature(writer.entity(found, form.projection()), found.document(), geometry)));
        if (form.join().mode() == Join.Mode.FLAT) {
            page.coming()
                    .values()
                    .forEach(one -> features.add(GeoJson.feature(
                            writer.entity(one.found(), one.projection()),
                            one.found().document(),
                            geometry)));
        }
        return features;
    }

    /** The kept name of the geoproperty that becomes the geometry. */
    private static String geometry(AnswerType type, Map<String, String> given, LdContext context) {
        String property = given.get("geometryProperty");
        if (property != null && type != AnswerType.GEO) {
            throw NgsiLdFault.badData(
                    "geometryProperty goes with GeoJSON, which is not accepted.",
                    "Send Accept: application/geo+json, or leave it out.");
        }
        return property == null
                ? "location"
                : Names.demand("a geoproperty of geometryProperty", context.expand(property));
    }

    private static Answer byCursor(Answer answer, HttpServletRequest request, Found.Page page) {
        Answer linked = answer;
        if (page.previous().isPresent()) {
            linked = LdAnswers.link(
                    linked, request, "prev", "cursor", page.previous().get().write());
        }
        return page.next().isPresent()
                ? LdAnswers.link(
                        linked, request, "next", "cursor", page.next().get().write())
                : linked;
    }

    /** Who counts pages is told of them by count, as far as that goes. */
    private static Answer byOffset(Answer answer, HttpServletRequest request, EntityQuery query, Found.Page page) {
        Answer linked = answer;
        if (query.offset() > 0) {
            int before = Math.max(0, query.offset() - query.limit());
            linked = LdAnswers.link(linked, request, "prev", "offset", String.valueOf(before));
        }
        if (page.next().isEmpty()) {
            return linked;
        }
        int after = query.offset() + query.limit();
        return after <= EntityQuery.MAX_OFFSET
                ? LdAnswers.link(linked, request, "next", "offset", String.valueOf(after))
                : LdAnswers.link(
                        linked, request, "next", "cursor", page.next().get().write());
    }

    @GetMapping("/entities/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, OF_ONE);
        LdContext context = contexts.of(request);
        AnswerType type = AnswerType.of(request, OFFERED);
        Representation form = Representation.of(given, context);
        String geometry = geometry(type, given, context);
        TypeSelection types = given.containsKey("type")
                ? TypeSelection.read("type", given.get("type"), context)
                : TypeSelection.EVERY;
        EntityRetrieval.One one = retrieval.get(caller, EntityController.id(id), types, form);
        return answer(request, type, form, geometry, one)
                .with(OWNER, one.entity().stored().owner().value());
    }

    private static Answer answer(
            HttpServletRequest request,
            AnswerType type,
            Representation form,
            String geometry,
            EntityRetrieval.One one) {
        Found found = one.entity();
        LdContext context = form.context();
        Projection projection = form.projection();
        if (projection.demanded().stream().noneMatch(found.document()::has)
                        && !projection.demanded().isEmpty()
                || !projection.tells(found.document())) {
            throw NgsiLdFault.absent("entity", found.stored().id() + " with any of these members");
        }
        if (type != AnswerType.GEO
                && one.coming().isEmpty()
                && form.join().mode() != Join.Mode.FLAT
                && found.hidden().isEmpty()
                && EntityWriter.isKept(form, found.stored().text())) {
            return LdAnswers.kept(type, found.stored().text());
        }
        Found.Page page = Found.Page.of(found, one.coming());
        if (form.join().mode() == Join.Mode.FLAT) {
            return type == AnswerType.GEO
                    ? LdAnswers.geoJson(request, context, GeoJson.collection(features(form, page, geometry)))
                    : list(request, type, form, page);
        }
        var written = new EntityWriter(form, page).entity(found, projection);
        return type == AnswerType.GEO
                ? LdAnswers.geoJson(request, context, GeoJson.feature(written, found.document(), geometry))
                : LdAnswers.object(request, context, written);
    }
}
