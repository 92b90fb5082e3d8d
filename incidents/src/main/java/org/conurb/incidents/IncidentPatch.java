package org.conurb.incidents;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Body of {@code PATCH /api/incidents/{id}}: what is absent stays as it is. */
record IncidentPatch(
        @Nullable String type,
        @Nullable Integer priority,
        @Nullable Map<String, Object> place,
        @Nullable String description,
        @Nullable Object caller,
        @Nullable String state) {}
