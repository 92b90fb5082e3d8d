package org.conurb.incidents;

import org.conurb.warnings.WarningsConfiguration;

/** A sibling that knows its sibling: what the house test must find. */
public final class PlantedBreach {
    public Class<?> sibling() {
        return WarningsConfiguration.class;
    }
}
