package org.conurb.talk;

import java.util.HexFormat;
import java.util.Optional;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;

/** How spurts look to everyone else: linked entities of the hub's model. */
final class SpurtEntity {
    private static final String PRIVATE = "private";

    private SpurtEntity() {}

    /** @return empty for private calls: that two spoke is nothing for everyone */
    static Optional<Entity> of(Spurt spurt) {
        SpurtFacts facts = spurt.facts();
        if (facts.origin().equals(PRIVATE)) {
            return Optional.empty();
        }
        return Optional.of(Entity.of(spurt.urn(), Spurt.KIND, spurt.organisation())
                .with("group", Attribute.relationship(facts.group()))
                .with("groupName", Attribute.property(facts.groupName()))
                .with("incident", Optional.ofNullable(facts.incident()).map(Attribute::relationship))
                .with("participant", Attribute.property(facts.participant()))
                .with("talkerName", Attribute.property(facts.name()))
                .with("startedAt", Attribute.property(facts.began()))
                .with("durationSeconds", Attribute.property(spurt.length().toMillis() / 1000.0))
                .with("urgency", Attribute.property(facts.urgency()))
                .with("recorded", Attribute.property(spurt.audio().isPresent()))
                .with(
                        "sha256",
                        spurt.audio()
                                .map(audio -> Attribute.property(HexFormat.of().formatHex(audio.sha256())))));
    }
}
