package org.conurb.incidents;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/incidents}. */
record NewIncident(
        @Nullable String id,
        @Nullable String type,
        @Nullable Integer priority,
        @Nullable Map<String, Object> place,
        @Nullable String description,
        @Nullable Object caller) {}
