package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Query parameters of NGSI-LD: each once, none unknown; what this hub does not do is refused by name. */
final class Parameters {
    private static final Set<String> EVERYWHERE = Set.of("grant", "local");
    private static final Set<String> REFUSED = Set.of("entityMap", "splitEntities");

    /** How entities are told. */
    static final Set<String> FORM = Set.of(
            "options",
            "format",
            "attrs",
            "pick",
            "omit",
            "lang",
            "datasetId",
            "join",
            "joinLevel",
            "containedBy",
            "geometryProperty");

    /** What tells some entities from others. */
    private static final Set<String> FILTER = Set.of(
            "id",
            "idPattern",
            "type",
            "attrs",
            "q",
            "csf",
            "scopeQ",
            "expandValues",
            "jsonKeys",
            "georel",
            "geometry",
            "coordinates",
            "geoproperty");

    /** Which entities are asked for. */
    static final Set<String> QUERY = and(FILTER, Set.of("limit", "offset", "cursor", "count", "options", "format"));

    /** In which order. */
    static final Set<String> ORDER = Set.of("orderBy", "orderFrom", "orderGeometry", "collation");

    /** What goes with a query whose rest stands in the body. */
    static final Set<String> BESIDE_BODY =
            Set.of("limit", "offset", "cursor", "count", "options", "format", "lang", "geometryProperty");

    /** Which entities go, or which of their attributes. */
    static final Set<String> PURGE = and(FILTER, Set.of("keep", "drop"));

    private Parameters() {}

    static Map<String, String> of(HttpServletRequest request, Set<String> known) {
        Map<String, String> given = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (REFUSED.contains(name)) {
                refuse(name, values);
                return;
            }
            if (!known.contains(name) && !EVERYWHERE.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw NgsiLdFault.invalid(
                        "There is no parameter %s here.".formatted(shown),
                        "Known are: %s.".formatted(known.stream().sorted().collect(Collectors.joining(", "))));
            }
            if (values.length != 1) {
                throw NgsiLdFault.invalid("%s comes more than once.".formatted(name), "Join its values by commas.");
            }
            given.put(name, values[0]);
        });
        EntityQuery.truth("local", given.get("local"));
        return given;
    }

    private static void refuse(String name, String[] values) {
        if (values.length != 1 || EntityQuery.truth(name, values[0])) {
            throw NgsiLdFault.unsupported(
                    "%s belongs to distributed operations, which this hub does not do yet.".formatted(name),
                    "Leave it out.");
        }
    }

    @SafeVarargs
    static Set<String> and(Set<String> known, Set<String>... more) {
        Set<String> all = new HashSet<>(known);
        for (Set<String> some : more) {
            all.addAll(some);
        }
        return all;
    }
}
