package org.conurb.talk;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.OrganisationId;

/**
 * A message that was taken (MCData SDS, TS 24.282).
 *
 * @param owner whose group it is in; between two, an organisation whose things both may reach
 * @param sender MCPTT ID
 * @param to URN of a group, or MCPTT ID
 * @param incident URN of the incident that the group was opened for
 * @param text up to 4,000 characters, may be empty; concerns persons, as place and the names of attachments
 * @param receivers how many it is delivered to
 */
record TalkMessage(
        UUID id,
        OrganisationId owner,
        Instant at,
        String sender,
        String to,
        Optional<String> incident,
        String text,
        Optional<String> code,
        Optional<Epsg4326Point> place,
        List<Attachment> attachments,
        int receivers) {
    static final String KIND = "TalkMessage";

    enum State {
        /** Kept for those who are not there. */
        STORED,
        DELIVERED,
        READ
    }

    /** @param type media type, as its octets tell */
    record Attachment(UUID id, String name, String type, long bytes) {}

    boolean isDirect() {
        return to.startsWith("sip:");
    }

    TalkMessage with(List<Attachment> attached) {
        return new TalkMessage(
                id, owner, at, sender, to, incident, text, code, place, List.copyOf(attached), receivers);
    }
}
