package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TestFloor.CHIEF;
import static org.conurb.talk.TestFloor.ENGINE;
import static org.conurb.talk.TestFloor.FIRE;
import static org.conurb.talk.TestFloor.LADDER;

import org.junit.jupiter.api.Test;

class AffiliationsTest {
    private final Affiliations affiliations = new Affiliations(2);

    private static TalkGroup group(String id) {
        return new TalkGroup(id, CallKind.PRE_ARRANGED, FIRE, FloorPolicy.standard(), 100, TestFloor.crews());
    }

    @Test
    void membersAffiliateInTheOrderInWhichTheyCome() {
        assertThat(affiliations.affiliate(LADDER, group("a"), Urgency.ROUTINE)).isTrue();
        assertThat(affiliations.affiliate(ENGINE, group("a"), Urgency.ROUTINE)).isTrue();
        assertThat(affiliations.affiliate(TestFloor.seat("stranger"), group("a"), Urgency.ROUTINE))
                .isFalse();
        assertThat(affiliations.of(group("a"))).containsExactly(LADDER, ENGINE);
    }

    @Test
    void toNoMoreGroupsThanN2UnlessInAnEmergency() {
        affiliations.affiliate(CHIEF, group("a"), Urgency.ROUTINE);
        affiliations.affiliate(CHIEF, group("b"), Urgency.ROUTINE);
        assertThat(affiliations.affiliate(CHIEF, group("c"), Urgency.IMMINENT_PERIL))
                .isFalse();
        assertThat(affiliations.affiliate(CHIEF, group("a"), Urgency.ROUTINE)).isTrue();
        assertThat(affiliations.affiliate(CHIEF, group("c"), Urgency.EMERGENCY)).isTrue();
        assertThat(affiliations.groups(CHIEF)).containsExactly("a", "b", "c");
    }

    @Test
    void whoDeaffiliatesIsGone() {
        affiliations.affiliate(CHIEF, group("a"), Urgency.ROUTINE);
        affiliations.affiliate(ENGINE, group("a"), Urgency.ROUTINE);
        affiliations.deaffiliate(CHIEF, "a");
        affiliations.deaffiliate(CHIEF, "a");
        affiliations.deaffiliate(LADDER, "a");
        assertThat(affiliations.of(group("a"))).containsExactly(ENGINE);
        affiliations.deaffiliate(ENGINE, "a");
        assertThat(affiliations.of(group("a"))).isEmpty();
        assertThat(affiliations.groups(CHIEF)).isEmpty();
    }
}
