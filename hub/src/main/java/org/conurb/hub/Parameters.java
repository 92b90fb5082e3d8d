package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Query parameters of NGSI-LD: each once, none unknown. */
final class Parameters {
    private static final Set<String> EVERYWHERE = Set.of("grant", "local");
    static final Set<String> FORM = Set.of("options", "format", "attrs");
    static final Set<String> QUERY = Set.of(
            "id",
            "idPattern",
            "type",
            "attrs",
            "q",
            "georel",
            "geometry",
            "coordinates",
            "geoproperty",
            "limit",
            "cursor",
            "count",
            "options",
            "format");
    static final Set<String> TEMPORAL =
            Set.of("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "attrs", "options", "format");

    private Parameters() {}

    static Map<String, String> of(HttpServletRequest request, Set<String> known) {
        Map<String, String> given = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (!known.contains(name) && !EVERYWHERE.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw NgsiLdFault.invalid(
                        "There is no parameter %s here.".formatted(shown),
                        "Known are: %s."
                                .formatted(String.join(
                                        ", ", known.stream().sorted().toList())));
            }
            if (values.length != 1) {
                throw NgsiLdFault.invalid("%s comes more than once.".formatted(name), "Join its values by commas.");
            }
            given.put(name, values[0]);
        });
        return given;
    }

    static Representation representation(Map<String, String> given, LdContext context) {
        List<String> options = EntityQuery.list("options", given.get("options"), 10);
        Set<String> names = new HashSet<>();
        EntityQuery.list("attrs", given.get("attrs"), 200)
                .forEach(name -> names.add(Names.demand("an attribute of attrs", context.expand(name))));
        Representation.Format format = Representation.format(given.get("format"), options);
        return new Representation(context, format, Set.copyOf(names), options.contains("sysAttrs"));
    }

    static Set<String> and(Set<String> known, String... more) {
        Set<String> all = new HashSet<>(known);
        all.addAll(Set.of(more));
        return all;
    }
}
