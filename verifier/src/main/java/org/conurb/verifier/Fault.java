package org.conurb.verifier;

/**
 * Something that is wrong with a bundle.
 *
 * @param where file of the bundle, or what else is meant
 */
record Fault(Kind kind, String where, String detail) {
    enum Kind {
        /** It is no bundle, or its manifest cannot be read; nothing else was looked at. */
        UNREADABLE,
        SIGNATURE_WRONG,
        FILE_CHANGED,
        FILE_MISSING,
        FILE_EXTRA,
        /** What is in the bundle is not what was recorded, or not in its order. */
        CHAIN_WRONG
    }

    @Override
    public String toString() {
        return "%s: %s: %s"
                .formatted(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), where, detail);
    }
}
