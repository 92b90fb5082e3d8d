package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.store.Answer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entities as features for GIS programs (OGC API - Features - Part 1: Core 1.0.1): a collection for each type that the caller
 * may read, its features in GeoJSON and CRS84. They are found, shown and withheld as over NGSI-LD.
 */
@RestController
@RequestMapping(OgcLinks.ROOT)
class OgcController {
    private final EntityRetrieval retrieval;
    private final Discovery discovery;
    private final OgcExtents extents;
    private final Clock clock;

    OgcController(EntityRetrieval retrieval, Discovery discovery, OgcExtents extents, Clock clock) {
        this.retrieval = retrieval;
        this.discovery = discovery;
        this.extents = extents;
        this.clock = clock;
    }

    @GetMapping
    Answer landing(HttpServletRequest request) {
        return plain(request, OgcDocuments.landing(OgcLinks.of(request)));
    }

    @GetMapping("/conformance")
    Answer conformance(HttpServletRequest request) {
        return plain(request, OgcDocuments.conformance());
    }

    @GetMapping("/api")
    Answer api(HttpServletRequest request) {
        Parameters.of(request, Set.of());
        return Answer.ok(OgcDocuments.api(OgcLinks.of(request))).with("Content-Type", OgcLinks.OPEN_API);
    }

    @GetMapping("/collections")
    Answer collections(Caller caller, HttpServletRequest request) {
        return plain(request, OgcDocuments.collections(OgcLinks.of(request), discovery.types(caller)));
    }

    @GetMapping("/collections/{kind}")
    Answer collection(Caller caller, HttpServletRequest request, @PathVariable String kind) {
        String kept = kept(kind);
        attributes(caller, kept);
        ObjectNode collection = OgcDocuments.collection(OgcLinks.of(request), kept);
        extents.of(caller, kept).ifPresent(box -> OgcDocuments.extent(collection, box));
        return plain(request, collection);
    }

    @GetMapping("/collections/{kind}/queryables")
    Answer queryables(Caller caller, HttpServletRequest request, @PathVariable String kind) {
        Parameters.of(request, Set.of());
        String kept = kept(kind);
        return Answer.ok(OgcDocuments.queryables(OgcLinks.of(request), kept, attributes(caller, kept)))
                .with("Content-Type", OgcLinks.SCHEMA);
    }

    @GetMapping("/collections/{kind}/items")
    Answer items(Caller caller, HttpServletRequest request, @PathVariable String kind) {
        AnswerType type = AnswerType.of(request, AnswerType.GEO, AnswerType.JSON);
        String kept = kept(kind);
        Map<String, String> given = parameters(caller, request, kept);
        Found.Page page = retrieval.query(caller, OgcQuery.of(kept, given));
        if (page.entities().isEmpty()) {
            attributes(caller, kept);
        }
        OgcLinks links = OgcLinks.of(request);
        ObjectNode body =
                OgcFeatures.collection(page).put("timeStamp", clock.instant().toString());
        OgcLinks.To to = links.to(body)
                .absolute("self", type.mediaType(), "This page", links.asked(request))
                .with("collection", OgcLinks.JSON, kept, OgcLinks.collection(kept));
        page.next().ifPresent(next -> to.absolute("next", type.mediaType(), "Next page", at(links, request, next)));
        page.previous()
                .ifPresent(before -> to.absolute("prev", type.mediaType(), "Page before", at(links, request, before)));
        return told(type, body);
    }

    private static String at(OgcLinks links, HttpServletRequest request, Cursor cursor) {
        return links.origin() + LdAnswers.page(request, "cursor", cursor.write());
    }

    @GetMapping("/collections/{kind}/items/{id}")
    Answer item(Caller caller, HttpServletRequest request, @PathVariable String kind, @PathVariable String id) {
        Parameters.of(request, Set.of());
        AnswerType type = AnswerType.of(request, AnswerType.GEO, AnswerType.JSON);
        String kept = kept(kind);
        if (!Names.isIri(id)) {
            throw NgsiLdFault.absent("feature", id);
        }
        Found found = retrieval
                .get(caller, EntityController.id(id), new TypeSelection.Named(kept), OgcFeatures.FORM)
                .entity();
        ObjectNode feature = OgcFeatures.feature(found);
        OgcLinks.of(request)
                .to(feature)
                .with("self", type.mediaType(), "This feature", OgcLinks.item(kept, id))
                .with("collection", OgcLinks.JSON, kept, OgcLinks.collection(kept));
        return told(type, feature);
    }

    private static String kept(String kind) {
        return Names.demand("a collection", LdContext.CORE.expand(kind));
    }

    /** Of entities of that type, of which the caller may read one at least. */
    private Set<String> attributes(Caller caller, String kind) {
        return discovery.attributes(caller, kind).orElseThrow(() -> NgsiLdFault.absent("collection", kind));
    }

    /** What is no parameter of the door must be an attribute (requirement {@code query-param-unknown}). */
    private Map<String, String> parameters(Caller caller, HttpServletRequest request, String kind) {
        Set<String> others = new HashSet<>(request.getParameterMap().keySet());
        others.removeAll(OgcQuery.PARAMETERS);
        if (others.isEmpty()) {
            return Parameters.of(request, OgcQuery.PARAMETERS);
        }
        Set<String> attributes = attributes(caller, kind);
        others.stream().filter(name -> !attributes.contains(name)).findFirst().ifPresent(name -> {
            throw NgsiLdFault.invalid(
                    "There is neither a parameter nor an attribute %s here."
                            .formatted(name.length() > 60 ? name.substring(0, 60) + "…" : name),
                    "Known are bbox, datetime, limit, cursor, and the attributes that %s%s/queryables names."
                            .formatted(OgcLinks.ROOT, OgcLinks.collection(kind)));
        });
        return Parameters.of(request, Parameters.and(OgcQuery.PARAMETERS, others));
    }

    private static Answer plain(HttpServletRequest request, JsonNode body) {
        Parameters.of(request, Set.of());
        return told(AnswerType.of(request, AnswerType.JSON), body);
    }

    private static Answer told(AnswerType type, JsonNode body) {
        return Answer.ok(body).with("Content-Type", type.mediaType()).with("Vary", "Accept");
    }
}
