package org.conurb.outbound;

import java.util.Map;
import java.util.Optional;

/**
 * What another server answered, whatever its status.
 *
 * @param headers by lower-case name; of a repeated header the first value
 * @param body whole, as sent; never longer than asked for
 */
public record OutboundResponse(int status, Map<String, String> headers, byte[] body) {
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** @param name in lower case */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
