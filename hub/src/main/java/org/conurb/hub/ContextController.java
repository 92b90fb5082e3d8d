package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Kept @contexts over NGSI-LD (GS CIM 009 clauses 6.29, 6.30). */
@RestController
@RequestMapping("/ngsi-ld/v1/jsonldContexts")
class ContextController {
    private static final int MOST = 1_000;
    private static final String DETAILS = "details";

    private final ContextDoor door;
    private final ContextLibrary library;

    ContextController(ContextDoor door, ContextLibrary library) {
        this.door = door;
        this.library = library;
    }

    @PostMapping(consumes = {"application/json", "application/ld+json"})
    Answer add(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        JsonNode context = Contexts.parse(sent).get("@context");
        if (context == null) {
            throw NgsiLdFault.badData("The body has no @context.", "Send {\"@context\":{…}}.");
        }
        return door.add(caller, change, context);
    }

    @GetMapping
    Answer list(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, Set.of(DETAILS, "kind", "limit", "cursor"));
        boolean detailed = EntityQuery.truth(DETAILS, given.get(DETAILS));
        String kind = given.get("kind");
        if (kind != null) {
            ContextRow.Kind.of(kind);
        }
        int limit = EntityQuery.number("limit", given.get("limit"), MOST, MOST);
        List<ContextRow> rows = door.list(caller, kind, given.getOrDefault("cursor", ""), limit + 1);
        List<ContextRow> shown = rows.subList(0, Math.min(limit, rows.size()));
        ArrayNode body = Json.mapper().createArrayNode();
        for (ContextRow row : shown) {
            if (detailed) {
                body.add(row.details(library.address(row)));
            } else {
                body.add(library.address(row));
            }
        }
        Answer answer = LdAnswers.plain(request, body);
        return rows.size() > shown.size() && limit > 0
                ? LdAnswers.next(answer, request, shown.getLast().id())
                : answer;
    }

    @GetMapping(value = "/{id}", params = DETAILS + "=true")
    Answer details(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of(DETAILS));
        ContextRow row = door.get(caller, id);
        return LdAnswers.plain(request, row.details(library.address(row)));
    }

    @GetMapping(value = "/{id}", params = DETAILS + "!=true")
    Answer serve(HttpServletRequest request, @PathVariable String id) {
        EntityQuery.truth(DETAILS, Parameters.of(request, Set.of(DETAILS)).get(DETAILS));
        return LdAnswers.plain(request, Json.mapper().createObjectNode().set("@context", door.served(id)));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Map<String, String> given = Parameters.of(request, Set.of("reload"));
        return EntityQuery.truth("reload", given.get("reload"))
                ? door.reload(caller, change, id)
                : door.delete(caller, change, id);
    }
}
