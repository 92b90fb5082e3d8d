package org.conurb.incidents;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a unit is.
 *
 * @param unit its id, where several report at once
 * @param at when it was there; now where absent
 */
record PositionReport(
        @Nullable String unit,
        @Nullable Map<String, Object> place,
        @Nullable Instant at) {}
