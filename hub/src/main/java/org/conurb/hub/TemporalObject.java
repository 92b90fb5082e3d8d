package org.conurb.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of a query in a body that ask of time (GS CIM 009 clauses 5.2.21 and 5.2.44), as parameters. */
final class TemporalObject {
    static final Set<String> PARTS = Set.of("temporalQ", "aggrParams");

    private static final Set<String> OF_TIME =
            Set.of("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration");
    private static final Set<String> OF_AGGREGATES = Set.of("aggrMethods", "aggrPeriodDuration");

    private TemporalObject() {}

    static Map<String, String> read(ObjectNode body) {
        Map<String, String> given = new HashMap<>();
        read("temporalQ", body, OF_TIME, given);
        read("aggrParams", body, OF_AGGREGATES, given);
        if (body.has("aggrParams") && !given.containsKey("aggrMethods")) {
            throw NgsiLdFault.badData("aggrParams has no aggrMethods.", "Send \"aggrMethods\":[\"avg\"].");
        }
        return given;
    }

    private static void read(String part, ObjectNode body, Set<String> known, Map<String, String> given) {
        JsonNode node = body.get(part);
        if (node == null) {
            return;
        }
        if (!node.isObject()) {
            throw NgsiLdFault.badData("%s is no object.".formatted(part), "Send an object.");
        }
        node.properties().forEach(member -> {
            String name = member.getKey();
            String place = part + "." + name;
            if (!known.contains(name)) {
                throw NgsiLdFault.badData(
                        "%s has no member %s.".formatted(part, name.length() > 60 ? name.substring(0, 60) + "…" : name),
                        "Known are %s."
                                .formatted(String.join(
                                        ", ", known.stream().sorted().toList())));
            }
            if (given.put(name, text(place, name, member.getValue())) != null) {
                throw NgsiLdFault.badData("%s comes in temporalQ and in aggrParams.".formatted(name), "Send it once.");
            }
        });
    }

    private static String text(String place, String name, JsonNode value) {
        if (name.equals("lastN") && value.isNumber()) {
            return value.toString();
        }
        if (name.equals("aggrMethods") && value.isArray() && !value.isEmpty()) {
            List<String> all = new ArrayList<>();
            value.forEach(one -> all.add(text(place, "", one)));
            return String.join(",", all);
        }
        if (!value.isString()) {
            throw NgsiLdFault.badData("%s is not text.".formatted(place), "Send it as text.");
        }
        return value.stringValue();
    }
}
