package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.talk.TalkSite.CONTROL;
import static org.conurb.talk.TalkSite.DISPATCH;
import static org.conurb.talk.TalkSite.DUTY;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.FIRE_CHIEF;
import static org.conurb.talk.TalkSite.POLICE;
import static org.conurb.talk.TalkSite.POLICE_DESK;
import static org.conurb.talk.TalkSite.SCHOOL;
import static org.conurb.talk.TalkSite.await;
import static org.conurb.talk.TalkSite.caller;
import static org.conurb.talk.TalkSite.dispatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.conurb.hub.Attribute;
import org.conurb.hub.Entity;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Conflict;
import org.conurb.kernel.Denied;
import org.conurb.kernel.Epsg4326Point;
import org.conurb.kernel.Ids;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.store.Retained;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TalkGroupsStoreTest {
    private static final String JOINT = urn("policy", "joint");

    private TalkSite site = TalkSite.open();

    @AfterEach
    void close() {
        site.close();
    }

    private static String urn(String what, String id) {
        var city = TalkSite.city(List.of());
        return Ids.urn(
                "TalkGroup",
                what.equals("policy")
                        ? StandingGroups.idOf(
                                city,
                                city.talkGroupPolicies().stream()
                                        .filter(policy -> policy.id().equals(id))
                                        .findFirst()
                                        .orElseThrow())
                        : StandingGroups.idOf(city, new OrganisationId(id)));
    }

    private GroupRow open(Caller caller, Participant who, String... members) {
        return site.in(caller, () -> site.temporary.open(caller, who, "Bridge", List.of(members), true));
    }

    private Optional<Entity> entity(String urn) {
        return site.transactions.asSystem(() -> site.entities.find(urn));
    }

    private List<String> seen(String sql, OrganisationId... owners) {
        return site.transactions.as(
                List.of(owners),
                () -> site.transactions.jdbc().sql(sql).query(String.class).list());
    }

    @Test
    void theCityFolderHasAGroupForEachPolicyAndForEachOrganisationThatResponds() {
        assertThat(site.directory.of(DISPATCH).stream().map(GroupFacts::name))
                .containsExactly("Blaze", "Control", "Joint");
        assertThat(site.directory.of(FIRE_CHIEF).stream().map(GroupFacts::name))
                .as("the control room lets fire into its groups")
                .containsExactly("Blaze", "Control", "Fire", "Joint");
        assertThat(site.directory.find(JOINT).orElseThrow().recorded()).isTrue();
        assertThat(site.directory.find(urn("organisation", "school"))).isEmpty();
        assertThat(entity(JOINT).orElseThrow().attribute("origin")).contains(Attribute.property("standing"));
    }

    @Test
    void theyAreTheSameAfterARestartAndWhoLeftThemStaysAway() {
        assertThat(site.directory.affiliated(JOINT)).contains(DISPATCH, DUTY, FIRE_CHIEF, POLICE_DESK);
        site.directory.deaffiliate(DUTY, JOINT);
        assertThat(site.directory.affiliate(DUTY, urn("organisation", "fire")))
                .as("fire has not let the control room in")
                .isFalse();

        site = site.restart(site.city);

        assertThat(site.directory.affiliated(JOINT)).containsExactlyInAnyOrder(DISPATCH, FIRE_CHIEF, POLICE_DESK);
        assertThat(site.directory.affiliate(DUTY, JOINT)).isTrue();
        assertThat(site.directory.affiliated(JOINT)).contains(DUTY);
        assertThat(site.told).contains(new GroupChange.Affiliated(DUTY, JOINT));
    }

    @Test
    void aNewUnitIsInItsOrganisationsGroupsAndFollowsItsOwn() {
        UUID engine = site.unit(FIRE, "E11");
        String fire = urn("organisation", "fire");

        await(
                "the unit",
                () -> site.roster.find(engine).isPresent()
                        && site.directory.affiliated(fire).contains(site.participant(engine)));
        assertThat(site.directory.find(JOINT).orElseThrow().group().membership(site.participant(engine)))
                .contains(Membership.talking(GroupRules.UNIT));
        assertThat(site.directory.affiliated(JOINT)).doesNotContain(site.participant(engine));
    }

    @Test
    void aTemporaryGroupCallsWhoeverIsNamedAndEndsWhenItIsEnded() {
        UUID engine = site.unit(FIRE, "E11");
        site.caughtUp();
        GroupRow made = open(dispatcher(), DISPATCH, "fire-chief", Ids.urn("Unit", engine), POLICE_DESK.mcpttId());

        GroupFacts facts = site.directory.find(made.urn()).orElseThrow();
        assertThat(facts.group().kind()).isEqualTo(CallKind.TEMPORARY);
        assertThat(facts.group().members().keySet())
                .containsExactly(DISPATCH, FIRE_CHIEF, site.participant(engine), POLICE_DESK);
        assertThat(site.directory.affiliated(made.urn())).hasSize(4);

        Caller fire = caller(FIRE, Role.RESPONDER, "fire-chief");
        assertThatThrownBy(() -> site.in(fire, () -> {
                    site.temporary.close(fire, made.id());
                    return 0;
                }))
                .isInstanceOf(Denied.class);
        site.in(dispatcher(), () -> {
            site.temporary.close(dispatcher(), made.id());
            return 0;
        });
        assertThat(site.directory.find(made.urn())).isEmpty();
        assertThat(entity(made.urn()).orElseThrow().attribute("state")).contains(Attribute.property("closed"));
    }

    @Test
    void groupsAreRegroupedByWhoIsInThem() {
        GroupRow made = open(dispatcher(), DISPATCH, JOINT);
        assertThat(site.directory
                        .find(made.urn())
                        .orElseThrow()
                        .group()
                        .members()
                        .keySet())
                .containsExactly(DISPATCH, DUTY, FIRE_CHIEF, POLICE_DESK);

        assertThatThrownBy(() -> open(dispatcher(), DISPATCH, urn("organisation", "fire")))
                .as("a group that one is not in is as none")
                .isInstanceOf(NotFound.class);
    }

    @Test
    void nobodyIsCalledAcrossWithoutAnAgreement() {
        assertThatThrownBy(() -> open(dispatcher(), DISPATCH, "head"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("school");
        assertThatThrownBy(() -> open(dispatcher(), DISPATCH)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> open(dispatcher(), DISPATCH, "nobody")).isInstanceOf(NotFound.class);
        assertThat(site.directory.of(DISPATCH)).hasSize(3);
    }

    @Test
    void aStandingGroupIsNotEndedByHand() {
        UUID joint = Ids.parse("TalkGroup", JOINT).orElseThrow();
        assertThatThrownBy(() -> site.in(dispatcher(), () -> {
                    site.temporary.close(dispatcher(), joint);
                    return 0;
                }))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void oneTakesPartAsTheSeatTakenOrAsAUnitOfTheOwnOrganisation() {
        UUID engine = site.unit(FIRE, "E11");
        Caller crew = new Caller(
                "person:crew",
                "Crew",
                FIRE,
                Optional.empty(),
                Set.of(Role.RESPONDER),
                Optional.empty(),
                Optional.empty());

        assertThat(site.participants.of(dispatcher(), Optional.empty())).isEqualTo(DISPATCH);
        assertThat(site.participants
                        .of(crew, Optional.of(Ids.urn("Unit", engine)))
                        .mcpttId())
                .isEqualTo("sip:unit-%s@elm".formatted(engine));
        assertThatThrownBy(() -> site.participants.of(crew, Optional.empty())).isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> site.participants.of(dispatcher(), Optional.of(Ids.urn("Unit", engine))))
                .isInstanceOf(NotFound.class);
        Caller clerk = caller(FIRE, Role.AUDITOR, "x");
        assertThatThrownBy(() -> site.participants.of(clerk, Optional.of(Ids.urn("Unit", engine))))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> site.participants.of(caller(POLICE, Role.DISPATCHER, "dispatch-1"), Optional.empty()))
                .as("a seat of another organisation")
                .isInstanceOf(Conflict.class);
    }

    @Test
    void whoIsReachableIsFoundByNameAndCallSign() {
        site.unit(FIRE, "E11");
        site.caughtUp();
        assertThat(site.participants.search(FIRE::equals, "e1", 10).stream().map(site.participants::name))
                .containsExactly("E11");
        assertThat(site.participants.search(id -> !id.equals(SCHOOL), "", 3)).hasSize(3);
        assertThat(site.participants.search(FIRE::equals, "chief", 10)).containsExactly(FIRE_CHIEF);
    }

    @Test
    void behindTheSecondWallAGroupIsItsOwnersAlone() {
        assertThat(seen("select name from talk.talk_group", CONTROL)).contains("Joint", "Control");
        assertThat(seen("select name from talk.talk_group", POLICE)).containsExactly("Police");
        assertThat(seen("select participant from talk.affiliation", SCHOOL)).isEmpty();
        open(dispatcher(), DISPATCH, "fire-chief");
        assertThat(seen("select participant from talk.member", CONTROL)).hasSize(2);
        assertThat(seen("select participant from talk.member", FIRE)).isEmpty();
        site.unit(FIRE, "E11");
        site.caughtUp();
        assertThat(seen("select call_sign from talk.unit", POLICE)).isEmpty();
    }

    @Test
    void anEmergencyIsAnEntityWithItsPlaceUntilItIsCancelled() {
        GroupFacts joint = site.directory.find(JOINT).orElseThrow();
        Epsg4326Point place = new Epsg4326Point(43.73, 7.42);
        site.emergencies.raised(joint, FIRE_CHIEF, Urgency.IMMINENT_PERIL, false, Optional.empty());
        site.emergencies.raised(joint, FIRE_CHIEF, Urgency.EMERGENCY, true, Optional.of(place.toGeoJson()));
        await("the second of both", () -> site.audit.actions().contains("talk-emergency.changed"));
        await(
                "it to be written",
                () -> entity(JOINT)
                        .orElseThrow()
                        .attribute("urgency")
                        .equals(Optional.of(Attribute.property("emergency"))));

        EmergencyRow row = emergencies().getFirst();
        assertThat(row.name()).isEqualTo("Fire chief");
        assertThat(row.place()).contains(place);
        Entity shown = entity(row.urn()).orElseThrow();
        assertThat(shown.owner()).isEqualTo(CONTROL);
        assertThat(shown.attribute("location")).contains(Attribute.geo(place.toGeoJson()));
        assertThat(shown.attribute("state")).contains(Attribute.property("open"));

        site.emergencies.ended(joint, FIRE_CHIEF);
        await("the end", () -> emergencies().isEmpty());
        assertThat(entity(row.urn()).orElseThrow().attribute("state")).contains(Attribute.property("ended"));
        assertThat(entity(JOINT).orElseThrow().attribute("urgency")).contains(Attribute.property("routine"));
    }

    private List<EmergencyRow> emergencies() {
        return site.transactions.asSystem(() -> new EmergencyStore(site.transactions.jdbc()).open());
    }

    @Test
    void anEmergencyLastsOverARestartAndEndsWithItsGroup() {
        GroupRow made = open(dispatcher(), DISPATCH, "fire-chief");
        GroupFacts bridge = site.directory.find(made.urn()).orElseThrow();
        site.emergencies.raised(bridge, FIRE_CHIEF, Urgency.EMERGENCY, false, Optional.empty());
        await("it to be written", () -> !emergencies().isEmpty());

        site = site.restart(site.city);
        assertThat(emergencies()).hasSize(1);

        site.in(dispatcher(), () -> {
            site.temporary.close(dispatcher(), made.id());
            return 0;
        });
        await("the end", () -> emergencies().isEmpty());
    }

    @Test
    void groupsThatClosedLongAgoAreForgottenWithTheirEntities() {
        GroupRow made = open(dispatcher(), DISPATCH, "fire-chief");
        site.in(dispatcher(), () -> {
            site.temporary.close(dispatcher(), made.id());
            return 0;
        });
        Retained retained = TalkGroups.retained(site.transactions, site.entities);
        Map<OrganisationId, Integer> gone = site.transactions
                .asSystem(() -> retained.forget().apply(site.clock.instant().plusSeconds(1)))
                .owners();

        assertThat(gone).containsExactly(Map.entry(CONTROL, 1));
        assertThat(entity(made.urn())).isEmpty();
        assertThat(new ArrayList<>(site.directory.of(DISPATCH))).hasSize(3);
    }
}
