package org.conurb.talk;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a client sends it, before anything of it is checked.
 *
 * @param id a UUID that the client chose; the same again is the same message
 * @param to URN of a group, MCPTT ID, id of a seat or URN of a unit
 * @param code unit status code of the city
 * @param place GeoJSON Point
 * @param attachments ids of what was sent to {@code POST /api/talk/attachments}
 */
record NewMessage(
        @Nullable String id,
        @Nullable String to,
        @Nullable String text,
        @Nullable String code,
        @Nullable Map<String, Object> place,
        @Nullable List<String> attachments) {}
