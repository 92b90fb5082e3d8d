package org.conurb.demo;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The site as the demo meets it: its public API, as the installation client. */
interface Site {
    JsonNode get(String path) throws Refused;

    JsonNode send(String method, String path, Object body, Map<String, String> headers) throws Refused;

    default JsonNode post(String path, Object body) throws Refused {
        return send("POST", path, body, Map.of());
    }

    /** The site did not do it, or is not there. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        /** @param status of HTTP; 0 where there was no answer */
        Refused(int status, String detail) {
            super(detail);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
