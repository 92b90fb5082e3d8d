package org.conurb.hub;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Caller;

/**
 * Whether a caller may still come in; implemented by whoever wires identity. Asked every few seconds for what lives long
 * after it was opened: streams of events and subscriptions. Answers from memory.
 */
@FunctionalInterface
public interface Standing {
    boolean holds(Caller caller);

    /** The same for one request's session or token, which may end before the caller's roles do. */
    default BooleanSupplier of(Caller caller, HttpServletRequest request) {
        return () -> holds(caller);
    }
}
