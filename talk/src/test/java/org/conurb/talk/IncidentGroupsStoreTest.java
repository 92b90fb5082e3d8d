package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TalkSite.CONTROL;
import static org.conurb.talk.TalkSite.DISPATCH;
import static org.conurb.talk.TalkSite.DUTY;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.FIRE_CHIEF;
import static org.conurb.talk.TalkSite.POLICE;
import static org.conurb.talk.TalkSite.POLICE_DESK;
import static org.conurb.talk.TalkSite.SCHOOL;
import static org.conurb.talk.TalkSite.await;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.Action;
import org.conurb.kernel.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentGroupsStoreTest {
    private TalkSite site = TalkSite.open();
    private final UUID incident = site.ids.next();

    @AfterEach
    void close() {
        site.close();
    }

    private Optional<Entity> entity(String urn) {
        return site.transactions.asSystem(() -> site.entities.find(urn));
    }

    private static int priority(GroupFacts facts, Participant who) {
        return facts.group().membership(who).orElseThrow().priority();
    }

    @Test
    void anIncidentWithoutUnitsHasNoGroup() {
        site.incident(incident, "open");
        site.caughtUp();

        assertThat(site.found(incident)).isEmpty();
    }

    @Test
    void theFirstUnitOpensAGroupOfTheUnitsAndTheSeatsThatLead() {
        UUID engine = site.unit(FIRE, "E 11");
        site.incident(incident, "open", engine);

        GroupFacts facts = site.group(incident);
        Participant e11 = site.participant(engine);
        assertThat(facts.name()).isEqualTo("I-7 Smoke");
        assertThat(facts.origin()).isEqualTo(GroupFacts.Origin.INCIDENT);
        assertThat(facts.group().owner()).isEqualTo(CONTROL);
        assertThat(e11.functionalAlias()).isEqualTo("sip:E%2011@fire.elm");
        assertThat(facts.group().members().keySet()).containsExactly(DISPATCH, DUTY, FIRE_CHIEF, e11);
        assertThat(List.of(
                        priority(facts, DISPATCH),
                        priority(facts, DUTY),
                        priority(facts, FIRE_CHIEF),
                        priority(facts, e11)))
                .containsExactly(200, 150, 150, 100);
        assertThat(facts.group().membership(DISPATCH).orElseThrow().rights())
                .containsExactlyInAnyOrder(Membership.Right.values());
        assertThat(site.directory.affiliated(facts.group().id()))
                .containsExactlyInAnyOrder(DISPATCH, DUTY, FIRE_CHIEF, e11);
        assertThat(site.audit.actions()).contains("talk-group.opened");
        Entity shown = entity(facts.group().id()).orElseThrow();
        assertThat(shown.attribute("state")).contains(Attribute.property("open"));
        assertThat(shown.attribute("incident")).contains(Attribute.relationship(Ids.urn("Incident", incident)));
        assertThat(shown.attribute("memberUnit")).contains(Attribute.relationship(List.of(Ids.urn("Unit", engine))));
    }

    @Test
    void whoDecidesCallsIsToldOfTheGroupBeforeOfItsFollowers() {
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);
        String group = site.group(incident).group().id();
        await("followers", () -> site.told.contains(new GroupChange.Affiliated(site.participant(engine), group)));

        List<GroupChange> ofGroup = site.told.stream()
                .filter(change -> switch (change) {
                    case GroupChange.Opened opened ->
                        opened.facts().group().id().equals(group);
                    case GroupChange.Affiliated in -> in.group().equals(group);
                    case GroupChange.Deaffiliated out -> out.group().equals(group);
                    case GroupChange.Closed gone -> gone.group().equals(group);
                })
                .toList();
        assertThat(ofGroup.getFirst()).isInstanceOf(GroupChange.Opened.class);
        assertThat(ofGroup).hasSize(5);
    }

    @Test
    void thePolicyOfAllWhoAreInvolvedSaysWhetherItIsRecordedAndThatNeverTurnsToLess() {
        UUID engine = site.unit(FIRE, "E11");
        UUID patrol = site.unit(POLICE, "P1");
        site.incident(incident, "open", engine);
        assertThat(site.group(incident).recorded()).isFalse();

        site.incident(incident, "open", engine, patrol);
        await("a recorded group", () -> site.group(incident).recorded());
        site.incident(incident, "open", engine);
        await("fewer members", () -> site.group(incident).group().members().size() == 4);

        assertThat(site.group(incident).recorded()).isTrue();
    }

    @Test
    void aUnitThatLeavesIsNoMemberAnyMoreAndANewOneFollowsAtOnce() {
        UUID first = site.unit(FIRE, "E11");
        UUID second = site.unit(POLICE, "P1");
        site.incident(incident, "open", first);
        String group = site.group(incident).group().id();
        site.directory.deaffiliate(DUTY, group);

        site.incident(incident, "open", second);
        await(
                "the second",
                () -> site.roster.find(second).isPresent()
                        && site.directory.affiliated(group).contains(site.participant(second)));

        assertThat(site.directory.affiliated(group))
                .as("who left on purpose stays away, and who leads another organisation is called")
                .containsExactlyInAnyOrder(DISPATCH, POLICE_DESK, site.participant(second));
        assertThat(site.group(incident).group().membership(site.participant(first)))
                .isEmpty();
        assertThat(priority(site.group(incident), POLICE_DESK)).isEqualTo(GroupRules.LIAISON);
    }

    @Test
    void anOrganisationWithoutAnAgreementIsLeftOut() {
        UUID engine = site.unit(FIRE, "E11");
        UUID bus = site.unit(SCHOOL, "BUS");
        site.incident(incident, "open", engine, bus);

        GroupFacts facts = site.group(incident);
        site.caughtUp();
        assertThat(facts.group().membership(site.participant(bus))).isEmpty();
        assertThat(facts.group().members().keySet())
                .noneMatch(who -> who.organisation().equals(SCHOOL));
        assertThat(site.directory.affiliated(facts.group().id()))
                .noneMatch(who -> who.organisation().equals(SCHOOL));
        assertThat(site.audit.entries().stream()
                        .filter(entry -> entry.action().equals("talk-group.opened"))
                        .map(entry -> entry.facts().get("organisations-without-agreement")))
                .containsExactly("1");
    }

    @Test
    void readingAloneLetsListenAndNotTalk() {
        site.close();
        site = TalkSite.open(TalkSite.city(List.of(TalkSite.shared(FIRE, Action.READ))));
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);

        assertThat(site.group(incident).group().membership(site.participant(engine)))
                .contains(Membership.listening());
    }

    @Test
    void itClosesWithItsIncidentAndIsTheSameWhenThatOpensAgain() {
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);
        String group = site.group(incident).group().id();

        site.incident(incident, "closed");
        await("the end", () -> site.directory.find(group).isEmpty());
        await("that it is told", () -> site.told.contains(new GroupChange.Closed(group)));
        assertThat(entity(group).orElseThrow().attribute("state")).contains(Attribute.property("closed"));
        assertThat(site.audit.actions()).contains("talk-group.closed");

        site.incident(incident, "open", engine);
        assertThat(site.group(incident).group().id()).isEqualTo(group);
        await("followers", () -> site.directory.affiliated(group).size() == 4);
    }

    @Test
    void afterARestartEverythingIsAsBeforeAndWhatCameMeanwhileIsHandledOnce() {
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);
        GroupFacts before = site.group(incident);
        site.directory.deaffiliate(DUTY, before.group().id());
        UUID other = site.ids.next();
        site.stop();
        site.incident(other, "open", engine);

        site = site.restart(site.city);

        assertThat(site.group(incident)).isEqualTo(before);
        assertThat(site.directory.affiliated(before.group().id()))
                .containsExactlyInAnyOrder(DISPATCH, FIRE_CHIEF, site.participant(engine));
        GroupFacts late = site.group(other);
        site.caughtUp();
        assertThat(site.transactions.asSystem(() -> new GroupStore(site.transactions.jdbc())
                        .open().stream()
                                .filter(row -> row.origin() == GroupFacts.Origin.INCIDENT)
                                .map(GroupRow::urn)
                                .toList()))
                .containsExactlyInAnyOrder(before.group().id(), late.group().id());
    }

    @Test
    void anAgreementThatEndsPutsOutWhoStoodOnIt() {
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);
        site.group(incident);

        site = site.restart(TalkSite.city(List.of()));

        assertThat(site.group(incident).group().members().keySet()).containsExactly(DISPATCH, DUTY);
    }

    @Test
    void aUnitIsCalledAsItIsCalledNow() {
        UUID engine = site.unit(FIRE, "E11");
        site.incident(incident, "open", engine);
        site.group(incident);

        site.unit(engine, FIRE, "E99");
        await(
                "the new call sign",
                () -> site.group(incident).group().members().keySet().stream()
                        .anyMatch(who -> "sip:E99@fire.elm".equals(who.functionalAlias())));
        assertThat(site.participants.name(site.participant(engine))).isEqualTo("E99");
    }

    @Test
    void aThousandUnitsAreAThousandMembers() {
        UUID[] units = new UUID[1_000];
        for (int i = 0; i < units.length; i++) {
            units[i] = site.ids.next();
        }
        site.transactions.doAs(Set.of(FIRE), () -> {
            for (int i = 0; i < units.length; i++) {
                site.entities.put(
                        org.conurb.kernel.Caller.system("incidents", FIRE),
                        Entity.of(Ids.urn("Unit", units[i]), "Unit", FIRE)
                                .with("callSign", Attribute.property("E" + i)));
            }
        });
        site.incident(incident, "open", units);

        assertThat(site.group(incident).group().members()).hasSize(1_003);
        await(
                "followers",
                () -> site.directory
                                .affiliated(site.group(incident).group().id())
                                .size()
                        == 1_003);
        assertThat(site.group(incident).group().capacity()).isEqualTo(1_003);
    }
}
