package org.conurb.hub;

import static org.conurb.hub.EntityController.JSON;
import static org.conurb.hub.EntityController.LINKED;
import static org.conurb.hub.EntityController.MERGE;
import static org.conurb.hub.EntityController.id;

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
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes of attributes of an entity over NGSI-LD (GS CIM 009 clauses 6.6, 6.7). */
@RestController
@RequestMapping("/ngsi-ld/v1/entities/{id}/attrs")
class AttributeController {
    private final EntityDoor door;
    private final Contexts contexts;

    AttributeController(EntityDoor door, Contexts contexts) {
        this.door = door;
        this.contexts = contexts;
    }

    @PostMapping(consumes = {JSON, LINKED})
    Answer append(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Map<String, String> given = Parameters.of(request, Set.of("options", "type"));
        boolean overwrite = overwrites(given);
        LdBody body = EntityController.of(id, contexts.body(request, sent));
        ObjectNode fragment = new EntityReader(body.context()).fragment(body.object(), Nulls.REFUSED);
        return door.attributes(
                caller,
                change,
                id(id),
                EntityController.ofTypes(given, contexts, request),
                kept -> EntityMerge.append(kept, fragment, overwrite));
    }

    /** Whether {@code options} leaves it at that; refuses others. */
    static boolean overwrites(Map<String, String> given) {
        List<String> options = EntityQuery.list("options", given.get("options"), 10);
        if (options.stream().anyMatch(option -> !option.equals("noOverwrite"))) {
            throw NgsiLdFault.badData("There is no such option here.", "Send options=noOverwrite, or leave it out.");
        }
        return options.isEmpty();
    }

    @PatchMapping(consumes = {JSON, LINKED, MERGE})
    Answer update(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        TypeSelection types = ofTypes(request);
        LdBody body = EntityController.of(id, contexts.body(request, sent));
        ObjectNode fragment = new EntityReader(body.context()).fragment(body.object(), Nulls.FOR_MEMBERS);
        return door.attributes(caller, change, id(id), types, kept -> EntityMerge.update(kept, fragment));
    }

    @PatchMapping(
            value = "/{name}",
            consumes = {JSON, LINKED, MERGE})
    Answer partial(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] sent) {
        TypeSelection types = ofTypes(request);
        LdBody body = contexts.body(request, sent);
        String kept = EntityReader.attributeName(body.context(), name);
        AttributeReader reader = new AttributeReader(body.context(), Nulls.FOR_MEMBERS);
        ObjectNode sentInstance = withoutContext(body);
        return door.change(caller, change, id(id), types, document -> {
            ObjectNode members = reader.members(name, kept, sentInstance, document.get(kept));
            return EntityDoor.demand(members == null ? null : EntityMerge.partial(document, kept, members), name, id);
        });
    }

    @PutMapping(
            value = "/{name}",
            consumes = {JSON, LINKED})
    Answer replace(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) byte @Nullable [] sent) {
        TypeSelection types = ofTypes(request);
        LdBody body = contexts.body(request, sent);
        String kept = EntityReader.attributeName(body.context(), name);
        JsonNode attribute = new AttributeReader(body.context(), Nulls.REFUSED).read(name, kept, withoutContext(body));
        return door.change(
                caller,
                change,
                id(id),
                types,
                document -> EntityDoor.demand(EntityMerge.replace(document, kept, attribute), name, id));
    }

    @DeleteMapping("/{name}")
    Answer delete(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String name) {
        Map<String, String> given = Parameters.of(request, Set.of("datasetId", "deleteAll", "type"));
        boolean all = EntityQuery.truth("deleteAll", given.get("deleteAll"));
        String dataset = dataset(given.get("datasetId"));
        String kept = name.equals("scope") ? name : EntityReader.attributeName(contexts.of(request), name);
        return door.change(
                caller,
                change,
                id(id),
                EntityController.ofTypes(given, contexts, request),
                document -> EntityDoor.demand(EntityMerge.remove(document, kept, dataset, all), name, id));
    }

    private static String dataset(@Nullable String text) {
        return text == null || text.equals("@none")
                ? ""
                : EntityReader.id("datasetId", Json.mapper().getNodeFactory().stringNode(text));
    }

    private static ObjectNode withoutContext(LdBody body) {
        ObjectNode attribute = body.object();
        attribute.remove("@context");
        return attribute;
    }

    private TypeSelection ofTypes(HttpServletRequest request) {
        return EntityController.ofTypes(Parameters.of(request, Set.of("type")), contexts, request);
    }
}
