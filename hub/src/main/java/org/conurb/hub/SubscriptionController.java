package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.hub.Subscription.About;
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

/** Subscriptions to entities over NGSI-LD (GS CIM 009 clauses 6.10, 6.11). */
@RestController
@RequestMapping("/ngsi-ld/v1/subscriptions")
class SubscriptionController {
    private final Subscriptions subscriptions;
    private final Contexts contexts;
    private final About about;

    SubscriptionController(Subscriptions subscriptions, Contexts contexts) {
        this(subscriptions, contexts, About.ENTITIES);
    }

    SubscriptionController(Subscriptions subscriptions, Contexts contexts, About about) {
        this.subscriptions = subscriptions;
        this.contexts = contexts;
        this.about = about;
    }

    /** Subscriptions to registrations of context sources (GS CIM 009 clauses 6.12, 6.13). */
    @RestController
    @RequestMapping("/ngsi-ld/v1/csourceSubscriptions")
    static class ToRegistrations extends SubscriptionController {
        ToRegistrations(Subscriptions subscriptions, Contexts contexts) {
            super(subscriptions, contexts, About.REGISTRATIONS);
        }
    }

    @PostMapping(consumes = {"application/json", "application/ld+json"})
    Answer create(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return subscriptions.create(caller, change, about, contexts.body(request, sent));
    }

    @GetMapping
    Answer list(Caller caller, HttpServletRequest request) {
        Map<String, String> given = Parameters.of(request, Set.of("limit", "offset", "cursor", "count", "options"));
        LdContext context = contexts.of(request);
        EntityQuery page = EntityQuery.of(given, context);
        List<SubscriptionStore.Row> rows =
                subscriptions.list(caller, about, page.cursor().iid(), page.offset(), page.limit() + 1);
        boolean withTimes = Representation.of(given, context).withTimes();
        ArrayNode body = Json.mapper().createArrayNode();
        rows.stream().limit(page.limit()).forEach(row -> body.add(subscriptions.told(row, context, withTimes)));
        Answer answer = LdAnswers.list(request, context, body);
        if (page.count()) {
            answer = answer.with("NGSILD-Results-Count", String.valueOf(subscriptions.count(caller, about)));
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
        Map<String, String> given = Parameters.of(request, Set.of("options"));
        LdContext context = contexts.of(request);
        return LdAnswers.object(
                request,
                context,
                subscriptions.told(
                        subscriptions.get(caller, about, EntityController.id(id)),
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
        return subscriptions.patch(caller, change, about, EntityController.id(id), contexts.body(request, sent));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of());
        return subscriptions.delete(caller, change, about, EntityController.id(id));
    }
}
