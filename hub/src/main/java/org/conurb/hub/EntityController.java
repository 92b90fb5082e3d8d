package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Changes of entities over NGSI-LD (GS CIM 009 clause 6.4 to 6.7); {@link QueryController} reads them. */
@RestController
@RequestMapping("/ngsi-ld/v1/entities")
class EntityController {
    private static final String JSON = "application/json";
    private static final String LINKED = "application/ld+json";
    private static final String MERGE = "application/merge-patch+json";

    private final EntityDoor door;
    private final Contexts contexts;

    EntityController(EntityDoor door, Contexts contexts) {
        this.door = door;
        this.contexts = contexts;
    }

    @PostMapping(consumes = {JSON, LINKED})
    Answer create(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        return door.create(caller, change, new EntityReader(body.context()).entity(body.object()));
    }

    @PatchMapping(
            value = "/{id}",
            consumes = {JSON, LINKED, MERGE})
    Answer merge(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        sameId(id, body);
        return door.merge(caller, change, id(id), new EntityReader(body.context()).fragment(body.object(), true));
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        Parameters.of(request, Set.of());
        return door.delete(caller, change, id(id));
    }

    @PostMapping(
            value = "/{id}/attrs",
            consumes = {JSON, LINKED})
    Answer append(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        boolean keep =
                "noOverwrite".equals(Parameters.of(request, Set.of("options")).get("options"));
        LdBody body = contexts.body(request, sent);
        sameId(id, body);
        return door.append(
                caller, change, id(id), new EntityReader(body.context()).fragment(body.object(), false), keep);
    }

    @PatchMapping(
            value = "/{id}/attrs",
            consumes = {JSON, LINKED, MERGE})
    Answer update(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        sameId(id, body);
        return door.update(caller, change, id(id), new EntityReader(body.context()).fragment(body.object(), true));
    }

    @PatchMapping(
            value = "/{id}/attrs/{name}",
            consumes = {JSON, LINKED, MERGE})
    Answer partial(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        LdBody body = contexts.body(request, sent);
        String kept = Names.demand("an attribute", body.context().expand(name));
        return door.changeAttribute(caller, change, id(id), name, document -> {
            JsonNode before = Stored.isAttribute(kept) ? document.get(kept) : null;
            if (before == null) {
                return Optional.empty();
            }
            JsonNode typed = PartialAttribute.typed(body.object(), before);
            JsonNode fragment = new EntityReader(body.context()).attribute(name, typed, true);
            return Optional.of(EntityMerge.partial(document, kept, fragment));
        });
    }

    @DeleteMapping("/{id}/attrs/{name}")
    Answer deleteAttribute(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name) {
        Map<String, String> given = Parameters.of(request, Set.of("datasetId", "deleteAll"));
        boolean all = EntityQuery.truth("deleteAll", given.get("deleteAll"));
        String dataset = given.getOrDefault("datasetId", "");
        String kept = Names.demand("an attribute", contexts.of(request).expand(name));
        return door.changeAttribute(
                caller, change, id(id), name, document -> EntityMerge.remove(document, kept, dataset, all));
    }

    static String id(String id) {
        return EntityReader.id("The path", Json.mapper().getNodeFactory().stringNode(id));
    }

    private static void sameId(String id, LdBody body) {
        JsonNode told = body.json().get("id");
        if (told != null && !(told.isString() && told.stringValue().equals(id))) {
            throw NgsiLdFault.badData("The id in the body is another than in the path.", "Leave it out of the body.");
        }
    }
}
