package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;

/** Reading entities over NGSI-LD: one by its id, or those that a query finds (GS CIM 009 clauses 6.4.3.2, 6.5.3.1). */
@RestController
@RequestMapping("/ngsi-ld/v1/entities")
class QueryController {
    private final EntityRetrieval retrieval;
    private final Contexts contexts;

    QueryController(EntityRetrieval retrieval, Contexts contexts) {
        this.retrieval = retrieval;
        this.contexts = contexts;
    }

    @GetMapping
    Answer query(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, Parameters.QUERY);
        LdContext context = contexts.of(request);
        EntityQuery query = EntityQuery.of(given, context).demandSelective();
        Representation form = Parameters.representation(given, context);
        Found.Page page = retrieval.query(caller, query);
        ArrayNode body = Json.mapper().createArrayNode();
        page.entities().forEach(found -> body.add(form.of(found)));
        Answer answer = LdAnswers.list(request, context, body);
        if (page.count().isPresent()) {
            answer = answer.with(
                    "NGSILD-Results-Count", String.valueOf(page.count().getAsLong()));
        }
        return page.next().isEmpty()
                ? answer
                : LdAnswers.next(answer, request, Cursor.write(page.next().get()));
    }

    @GetMapping("/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, Parameters.FORM);
        LdContext context = contexts.of(request);
        Representation form = Parameters.representation(given, context);
        Found found = retrieval.get(caller, EntityController.id(id));
        if (!form.attributes().isEmpty() && form.attributes().stream().noneMatch(found.document()::has)) {
            throw NgsiLdFault.absent("entity", id + " with any of these attributes");
        }
        return form.isKept() && found.hidden().isEmpty()
                ? LdAnswers.kept(request, found.stored().text())
                : LdAnswers.object(request, context, form.of(found));
    }
}
