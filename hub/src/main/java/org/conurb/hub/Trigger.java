package org.conurb.hub;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What kind of change notifies (GS CIM 009 clause 5.2.12, notificationTrigger). */
enum Trigger {
    ENTITY_CREATED("entityCreated"),
    ENTITY_UPDATED("entityUpdated"),
    ENTITY_DELETED("entityDeleted"),
    ATTRIBUTE_CREATED("attributeCreated"),
    ATTRIBUTE_UPDATED("attributeUpdated"),
    ATTRIBUTE_DELETED("attributeDeleted");

    /** Where a subscription names none. */
    static final Set<Trigger> USUAL = Set.of(ATTRIBUTE_CREATED, ATTRIBUTE_UPDATED);

    private final String code;

    Trigger(String code) {
        this.code = code;
    }

    static Set<Trigger> of(List<String> codes) {
        if (codes.isEmpty()) {
            return USUAL;
        }
        Set<Trigger> triggers = EnumSet.noneOf(Trigger.class);
        for (String code : codes) {
            triggers.add(Arrays.stream(values())
                    .filter(one -> one.code.equals(code))
                    .findFirst()
                    .orElseThrow(() -> NgsiLdFault.badData(
                            "notificationTrigger has one that is none.",
                            "Known are: %s."
                                    .formatted(Arrays.stream(values())
                                            .map(one -> one.code)
                                            .collect(Collectors.joining(", "))))));
        }
        return Set.copyOf(triggers);
    }
}
