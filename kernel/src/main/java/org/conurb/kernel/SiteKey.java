package org.conurb.kernel;

/**
 * The key with which a site signs what leaves it: checkpoints of its audit log and bundles of evidence. The first line of
 * a text says what it is, so that one can never pass for the other. Implemented by {@code audit}; safe for many threads.
 */
public interface SiteKey {
    /** The public half: what an auditor keeps outside the city's machine. */
    VerifierKey verifier();

    /**
     * @param text ends in a line feed
     * @return the signed note (C2SP signed-note)
     */
    String sign(String text);
}
