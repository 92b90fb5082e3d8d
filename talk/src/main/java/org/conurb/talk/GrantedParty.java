package org.conurb.talk;

import org.jspecify.annotations.Nullable;

/** Who has the floor, as others are told (TS 24.380 8.2.3.6 and 8.2.3.19). */
record GrantedParty(String mcpttId, @Nullable String functionalAlias) {}
