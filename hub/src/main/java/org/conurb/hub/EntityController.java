package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
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
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes of entities over NGSI-LD (GS CIM 009 clauses 6.4, 6.5); {@link QueryController} reads them. */
@RestController
@RequestMapping("/ngsi-ld/v1/entities")
class EntityController {
    static final String JSON = "application/json";
    static final String LINKED = "application/ld+json";
    static final String MERGE = "application/merge-patch+json";

    private final EntityDoor door;
    private final EntityPurge purge;
    private final Contexts contexts;

    EntityController(EntityDoor door, EntityPurge purge, Contexts contexts) {
        this.door = door;
        this.purge = purge;
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

    @DeleteMapping
    Answer purge(Caller caller, Change change, HttpServletRequest request) {
        return purge.purge(caller, change, EntityPurge.Wish.of(request, contexts.of(request)));
    }

    @RequestMapping(method = {RequestMethod.PUT, RequestMethod.PATCH})
    Answer ofNone() {
        throw NgsiLdFault.badData("The path names no entity.", "Put the id behind the last /.");
    }

    @PutMapping(
            value = "/{id}",
            consumes = {JSON, LINKED})
    Answer replace(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] sent) {
        TypeSelection types = ofTypes(request);
        LdBody body = of(id, request, sent);
        ObjectNode replacement = new EntityReader(body.context()).fragment(body.object(), Nulls.REFUSED);
        return door.change(caller, change, id(id), types, kept -> EntityMerge.whole(kept, replacement));
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
        Map<String, String> given = Parameters.of(request, MergePatch.PARAMETERS);
        LdBody body = of(id, request, sent);
        MergePatch patch = MergePatch.of(given, body.context(), body.object());
        return door.change(caller, change, id(id), ofTypes(request, MergePatch.PARAMETERS), patch::on);
    }

    @DeleteMapping("/{id}")
    Answer delete(Caller caller, Change change, HttpServletRequest request, @PathVariable String id) {
        return door.delete(caller, change, id(id), ofTypes(request));
    }

    static String id(String id) {
        return EntityReader.id("The path", Json.mapper().getNodeFactory().stringNode(id));
    }

    private TypeSelection ofTypes(HttpServletRequest request) {
        return ofTypes(request, Set.of("type"));
    }

    private TypeSelection ofTypes(HttpServletRequest request, Set<String> known) {
        return ofTypes(Parameters.of(request, known), contexts, request);
    }

    /** The types that the parameter {@code type} selects by. */
    static TypeSelection ofTypes(Map<String, String> given, Contexts contexts, HttpServletRequest request) {
        String type = given.get("type");
        return type == null ? TypeSelection.EVERY : TypeSelection.read("type", type, contexts.of(request));
    }

    private LdBody of(String id, HttpServletRequest request, byte @Nullable [] sent) {
        return of(id, contexts.body(request, sent));
    }

    /** Refuses a body that tells another id than the path. */
    static LdBody of(String id, LdBody body) {
        JsonNode told = EntityReader.idOf(body.object());
        if (told != null && !(told.isString() && told.stringValue().equals(id))) {
            throw NgsiLdFault.badData("The id in the body is another than in the path.", "Leave it out of the body.");
        }
        return body;
    }
}
