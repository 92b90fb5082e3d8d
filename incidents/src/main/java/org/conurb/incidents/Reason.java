package org.conurb.incidents;

import java.util.Map;

/**
 * Why something is proposed, as a code that the console words in the reader's language.
 *
 * @param values what the words need; never what concerns persons
 */
record Reason(String code, Map<String, Object> values) {
    static Reason of(String code) {
        return new Reason(code, Map.of());
    }

    static Reason of(String code, String name, Object value) {
        return new Reason(code, Map.of(name, value));
    }
}
