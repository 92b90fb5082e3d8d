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
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Subscriptions over NGSI-LD (GS CIM 009 clauses 6.10, 6.11). */
@RestController
@RequestMapping("/ngsi-ld/v1/subscriptions")
class SubscriptionController {
    private final Subscriptions subscriptions;
    private final Contexts contexts;

    SubscriptionController(Subscriptions subscriptions, Contexts contexts) {
        this.subscriptions = subscriptions;
        this.contexts = contexts;
    }

    @PostMapping(consumes = {"application/json", "application/ld+json"})
    Answer create(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return subscriptions.create(caller, change, contexts.body(request, sent));
    }

    @GetMapping
    Answer list(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, Set.of("limit", "cursor", "count"));
        EntityQuery page = EntityQuery.of(given, LdContext.CORE);
        List<SubscriptionStore.Row> rows =
                subscriptions.list(caller, page.cursor().iid(), page.limit() + 1);
        ArrayNode body = Json.mapper().createArrayNode();
        rows.stream().limit(page.limit()).forEach(row -> body.add(subscriptions.told(row)));
        Answer answer = LdAnswers.list(request, LdContext.CORE, body);
        if (page.count()) {
            answer = answer.with("NGSILD-Results-Count", String.valueOf(subscriptions.count(caller)));
        }
        return rows.size() > page.limit() && page.limit() > 0
                ? LdAnswers.next(
                        answer,
                        request,
                        Cursor.after(rows.get(page.limit() - 1).sid()).write())
                : answer;
    }

    @GetMapping("/{id}")
    Answer get(Caller caller, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of("options"));
        ObjectNode told = subscriptions.told(subscriptions.get(caller, id));
        return LdAnswers.object(request, LdContext.CORE, told);
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
        return subscriptions.patch(caller, change, id, contexts.body(request, sent));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of());
        return subscriptions.delete(caller, change, id);
    }
}
