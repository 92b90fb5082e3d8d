package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.store.Answer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Types and attributes over NGSI-LD (GS CIM 009 clauses 6.25 to 6.28). */
@RestController
@RequestMapping("/ngsi-ld/v1")
class DiscoveryController {
    private static final String DETAILS = "details";

    private final Discovery discovery;
    private final Contexts contexts;
    private final Ids ids;

    DiscoveryController(Discovery discovery, Contexts contexts, Ids ids) {
        this.discovery = discovery;
        this.contexts = contexts;
        this.ids = ids;
    }

    @GetMapping("/types")
    Answer types(Caller caller, HttpServletRequest request) {
        boolean detailed = detailed(request);
        LdContext context = contexts.of(request);
        if (!detailed) {
            ObjectNode list = node(Ids.urn("EntityTypeList", ids.next()), "EntityTypeList");
            list.set("typeList", names(context, discovery.types(caller)));
            return LdAnswers.object(request, context, list);
        }
        ArrayNode all = Json.mapper().createArrayNode();
        discovery.attributesByType(caller).forEach((kind, attributes) -> {
            ObjectNode type = node(Names.iri(kind), "EntityType");
            type.put("typeName", context.compact(kind));
            type.set("attributeNames", names(context, attributes));
            all.add(type);
        });
        return LdAnswers.list(request, context, all);
    }

    @GetMapping("/types/{type}")
    Answer type(Caller caller, HttpServletRequest request, @PathVariable String type) {
        Parameters.of(request, Set.of());
        LdContext context = contexts.of(request);
        String kind = Names.demand("a type", context.expand(type));
        Discovery.TypeInfo found =
                discovery.type(caller, kind).orElseThrow(() -> NgsiLdFault.absent("entity of type", type));
        ObjectNode info = node(Names.iri(kind), "EntityTypeInfo");
        info.put("typeName", context.compact(kind));
        info.put("entityCount", found.entities());
        ArrayNode details = info.putArray("attributeDetails");
        found.attributes()
                .forEach((name, kinds) ->
                        attribute(context, details.addObject(), name).set("attributeTypes", list(kinds)));
        return LdAnswers.object(request, context, info);
    }

    @GetMapping("/attributes")
    Answer attributes(Caller caller, HttpServletRequest request) {
        boolean detailed = detailed(request);
        LdContext context = contexts.of(request);
        Map<String, Set<String>> found = discovery.typesByAttribute(caller);
        if (!detailed) {
            ObjectNode list = node(Ids.urn("AttributeList", ids.next()), "AttributeList");
            list.set("attributeList", names(context, found.keySet()));
            return LdAnswers.object(request, context, list);
        }
        ArrayNode all = Json.mapper().createArrayNode();
        found.forEach(
                (name, types) -> attribute(context, all.addObject(), name).set("typeNames", names(context, types)));
        return LdAnswers.list(request, context, all);
    }

    @GetMapping("/attributes/{name}")
    Answer attribute(Caller caller, HttpServletRequest request, @PathVariable String name) {
        Parameters.of(request, Set.of());
        LdContext context = contexts.of(request);
        String kept = Names.demand("an attribute", context.expand(name));
        Discovery.AttributeInfo found =
                discovery.attribute(caller, kept).orElseThrow(() -> NgsiLdFault.absent("attribute", name));
        ObjectNode info = attribute(context, Json.mapper().createObjectNode(), kept);
        info.put("attributeCount", found.instances());
        info.set("attributeTypes", list(found.attributeTypes()));
        info.set("typeNames", names(context, found.types()));
        return LdAnswers.object(request, context, info);
    }

    private static boolean detailed(HttpServletRequest request) {
        return EntityQuery.truth(
                DETAILS, Parameters.of(request, Set.of(DETAILS)).get(DETAILS));
    }

    private static ObjectNode node(String id, String type) {
        return Json.mapper().createObjectNode().put("id", id).put("type", type);
    }

    private static ObjectNode attribute(LdContext context, ObjectNode into, String name) {
        return into.put("id", Names.iri(name)).put("type", "Attribute").put("attributeName", context.compact(name));
    }

    private static ArrayNode names(LdContext context, Collection<String> kept) {
        return list(kept.stream().map(context::compact).sorted().toList());
    }

    private static ArrayNode list(Collection<String> texts) {
        ArrayNode list = Json.mapper().createArrayNode();
        texts.forEach(list::add);
        return list;
    }
}
