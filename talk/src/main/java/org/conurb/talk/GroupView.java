package org.conurb.talk;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as a member sees it.
 *
 * @param waiting how many wait for the floor
 * @param joined how many are in its call
 * @param locationEvery how often a unit in it should tell its position, in seconds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GroupView(
        String id,
        String name,
        String kind,
        String origin,
        String organisation,
        @Nullable String incident,
        boolean recorded,
        boolean affiliated,
        boolean mayTalk,
        List<String> rights,
        String urgency,
        List<Party> talkers,
        int waiting,
        int members,
        int joined,
        List<Emergency> emergencies,
        @Nullable String patchedTo,
        long locationEvery) {
    record Party(String id, String name) {}

    record Emergency(String participant, String name, String urgency, boolean alert) {}

    /** A group that was made just now; what it is like is seen in the list. */
    record Made(String id, String name, boolean recorded) {}

    static GroupView of(
            GroupFacts facts,
            CallState state,
            boolean affiliated,
            Participant who,
            Participants participants,
            long locationEvery) {
        TalkGroup group = facts.group();
        Membership membership = group.membership(who).orElse(Membership.listening());
        return new GroupView(
                group.id(),
                facts.name(),
                GroupEntity.code(group.kind()),
                GroupEntity.code(facts.origin()),
                group.owner().value(),
                facts.incident().orElse(null),
                facts.recorded(),
                affiliated,
                membership.may(Membership.Right.TALK),
                membership.rights().stream().sorted().map(GroupEntity::code).toList(),
                GroupEntity.code(state.urgency()),
                state.talkers().stream()
                        .map(talker -> new Party(talker.mcpttId(), participants.name(talker)))
                        .toList(),
                state.waiting(),
                group.members().size(),
                state.joined(),
                state.distressed().stream()
                        .map(one -> new Emergency(
                                one.who().mcpttId(),
                                participants.name(one.who()),
                                GroupEntity.code(one.urgency()),
                                one.alert()))
                        .toList(),
                state.patchedTo().orElse(null),
                locationEvery);
    }
}
