package org.conurb.incidents;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An open incident that a call may be about already.
 *
 * @param metres between the two places
 * @param units how many answer it
 * @param reasons codes: {@code near(metres) opened(seconds ago) same-type like-type other-type}
 */
record Duplicate(
        String incident,
        String number,
        String type,
        int priority,
        Map<String, Object> place,
        Instant openedAt,
        long metres,
        int units,
        List<Reason> reasons) {}
