package org.conurb.hub;

import static org.conurb.hub.EntityController.JSON;
import static org.conurb.hub.EntityController.LINKED;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.conurb.store.Change;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Batches of entities over NGSI-LD (GS CIM 009 clauses 6.14 to 6.17 and 6.31). */
@RestController
@RequestMapping("/ngsi-ld/v1/entityOperations")
class BatchController {
    private final EntityBatch batch;
    private final Contexts contexts;

    BatchController(EntityBatch batch, Contexts contexts) {
        this.batch = batch;
        this.contexts = contexts;
    }

    @PostMapping(
            value = "/create",
            consumes = {JSON, LINKED})
    Answer create(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return batch.run(caller, change, items(request, sent, true, Nulls.REFUSED), EntityBatch::create);
    }

    @PostMapping(
            value = "/upsert",
            consumes = {JSON, LINKED})
    Answer upsert(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Map<String, String> given = Parameters.of(request, Set.of("options"));
        EntityBatch.Deed deed = switch (given.getOrDefault("options", "replace")) {
            case "replace" -> EntityBatch::replace;
            case "update" -> EntityBatch::update;
            default ->
                throw NgsiLdFault.badData("There is no such option here.", "Send options=replace or options=update.");
        };
        return batch.run(caller, change, items(request, sent, true, Nulls.REFUSED), deed);
    }

    @PostMapping(
            value = "/update",
            consumes = {JSON, LINKED})
    Answer update(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        boolean overwrite = AttributeController.overwrites(Parameters.of(request, Set.of("options")));
        return batch.run(
                caller,
                change,
                items(request, sent, false, Nulls.REFUSED),
                overwrite ? EntityBatch::overwrite : EntityBatch::append);
    }

    @PostMapping(
            value = "/merge",
            consumes = {JSON, LINKED})
    Answer merge(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return batch.run(caller, change, items(request, sent, false, Nulls.EVERYWHERE), EntityBatch::merge);
    }

    @PostMapping(
            value = "/delete",
            consumes = {JSON, LINKED})
    Answer delete(
            Caller caller,
            Change change,
            HttpServletRequest request,
            @RequestBody(required = false) byte @Nullable [] sent) {
        Parameters.of(request, Set.of());
        return batch.run(caller, change, BatchItem.ids(contexts.body(request, sent)), EntityBatch::delete);
    }

    private List<BatchItem> items(HttpServletRequest request, byte @Nullable [] sent, boolean whole, Nulls nulls) {
        LdBody body = contexts.body(request, sent);
        return BatchItem.of(body, one -> contexts.ofItem(request, body, one), whole, nulls);
    }
}
