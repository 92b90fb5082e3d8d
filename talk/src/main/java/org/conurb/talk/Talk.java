package org.conurb.talk;

import java.time.Instant;
import java.util.UUID;

/**
 * One talk spurt: from when one is permitted to talk until that ends.
 *
 * @param facts of the group it is in, as they were when it began
 */
record Talk(UUID id, GroupFacts facts, Participant talker, Instant began, Urgency urgency) {
    String group() {
        return facts.group().id();
    }
}
