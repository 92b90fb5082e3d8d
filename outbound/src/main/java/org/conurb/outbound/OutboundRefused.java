package org.conurb.outbound;

import org.conurb.kernel.Category;
import org.conurb.kernel.ConurbException;

/** We do not call there, and will not on a retry. */
public final class OutboundRefused extends ConurbException {
    private OutboundRefused(String detail, String remedy) {
        super(Category.DENIED, "outbound-refused", detail, remedy);
    }

    static OutboundRefused form(String uri, String reason) {
        return new OutboundRefused(
                "%s cannot be called: %s.".formatted(uri, reason),
                "Give an http or https URL with a host and without user name or fragment, or where MQTT is spoken mqtt[s]://[user:password@]host[:port]/topic.");
    }

    /** The address itself stays out of the text: it would tell about our network. */
    static OutboundRefused place(String host, int port) {
        return new OutboundRefused(
                "%s:%d is inside this machine or a private network, or has no public address.".formatted(host, port),
                "If it is meant to be called, start Conurb with --allow-outbound %s:%d."
                        .formatted(host.indexOf(':') < 0 ? host : "[" + host + "]", port));
    }

    static OutboundRefused redirect(String from, String to) {
        return new OutboundRefused(
                "%s redirects to %s, which is another server.".formatted(from, to),
                "Give the address that it redirects to.");
    }
}
