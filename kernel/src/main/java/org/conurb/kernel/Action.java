package org.conurb.kernel;

import java.util.Locale;

/** What can be done with a thing. */
public enum Action {
    READ,
    CREATE,
    CHANGE,
    DELETE;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
