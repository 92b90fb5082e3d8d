package org.conurb.incidents;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a unit says it does.
 *
 * @param code of the city folder
 * @param at when it began; now where absent
 */
record StatusReport(@Nullable String code, @Nullable Instant at) {}
