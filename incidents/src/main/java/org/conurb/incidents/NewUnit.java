package org.conurb.incidents;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/units}, and of {@code PATCH /api/units/{id}} where what is absent stays as it is. */
record NewUnit(
        @Nullable String id,
        @Nullable String callSign,
        @Nullable String kind,
        @Nullable Map<String, Object> place) {}
