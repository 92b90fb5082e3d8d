package org.conurb.talk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import org.conurb.kernel.HashChain;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What is known of a talk spurt when it begins; also the head of its file, so that a file tells by itself what it is.
 *
 * @param form {@value #FORM}
 * @param site id of the city
 * @param group MCPTT group ID
 * @param origin of the group: {@code standing}, {@code incident}, {@code temporary}, {@code private}
 * @param organisation whose group it is
 * @param incident URN
 * @param participant MCPTT ID of the talker
 * @param name of the talker, for people
 * @param participantOrganisation the talker's
 * @param began whole microseconds
 * @param recorded whether the group's policy keeps the voice
 * @param monotonicNanos of the clock of arrivals, at the file's start
 */
record SpurtFacts(
        String form,
        String site,
        UUID spurt,
        String group,
        String groupName,
        String origin,
        OrganisationId organisation,
        @Nullable String incident,
        String participant,
        String name,
        OrganisationId participantOrganisation,
        Instant began,
        String urgency,
        boolean recorded,
        long monotonicNanos) {
    static final String FORM = "conurb-talk/1";

    SpurtFacts {
        if (!FORM.equals(form)) {
            throw new IllegalArgumentException("This is of the form %s, not %s".formatted(form, FORM));
        }
    }

    /** @param name of the talker, for people */
    static SpurtFacts of(String site, Talk talk, String name, long monotonicNanos) {
        GroupFacts facts = talk.facts();
        Participant talker = talk.talker();
        return new SpurtFacts(
                FORM,
                site,
                talk.id(),
                talk.group(),
                facts.name(),
                code(facts.origin()),
                facts.group().owner(),
                facts.incident().orElse(null),
                talker.mcpttId(),
                name,
                talker.organisation(),
                talk.began().truncatedTo(ChronoUnit.MICROS),
                code(talk.urgency()),
                facts.recorded(),
                monotonicNanos);
    }

    private static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The whole hour that it belongs to: the one in which it began. */
    Instant hour() {
        return began.truncatedTo(ChronoUnit.HOURS);
    }

    byte[] toJson() {
        return Json.canonical().writeValueAsBytes(this);
    }

    /** @throws IllegalArgumentException for anything else */
    static SpurtFacts parse(byte[] json) {
        try {
            return Json.mapper().readValue(json, SpurtFacts.class);
        } catch (JacksonException | NullPointerException | org.conurb.kernel.ConurbException e) {
            throw new IllegalArgumentException("These are no facts of a talk: " + e.getMessage(), e);
        }
    }

    /** Of who talked, for the chain. */
    byte[] participantDigest() {
        return HashChain.sha256().digest(participant.getBytes(UTF_8));
    }
}
