package org.conurb.hub;

import java.util.HashMap;
import java.util.Map;

/** Parameters of a statement in the making: what comes from outside stands in them, never in the text. */
final class SqlParams {
    private final Map<String, Object> byName = new HashMap<>();

    /** @return how the statement names it */
    String of(Object value) {
        String name = "p" + byName.size();
        byName.put(name, value);
        return ":" + name;
    }

    void put(String name, Object value) {
        byName.put(name, value);
    }

    Map<String, Object> byName() {
        return byName;
    }
}
