package org.conurb.agreements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.conurb.agreements.Cities.CONTROL;
import static org.conurb.agreements.Cities.FIRE;
import static org.conurb.agreements.Cities.SCHOOL;
import static org.conurb.agreements.Cities.person;
import static org.conurb.kernel.Action.CHANGE;
import static org.conurb.kernel.Action.CREATE;
import static org.conurb.kernel.Action.DELETE;
import static org.conurb.kernel.Action.READ;
import static org.conurb.kernel.Role.ADMINISTRATOR;
import static org.conurb.kernel.Role.DISPATCHER;
import static org.conurb.kernel.Role.RESPONDER;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.conurb.kernel.Access;
import org.conurb.kernel.Action;
import org.conurb.kernel.Caller;
import org.conurb.kernel.City;
import org.conurb.kernel.Denied;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.junit.jupiter.api.Test;

final class RulesTest {
    private static final List<String> KINDS = List.of(
            "Incident",
            "Unit",
            "Alert",
            "Subscription",
            "Grant",
            "AuditEntry",
            "System",
            "Person",
            "Client",
            "Organisation",
            "Seat",
            "Bench");

    private final Rules rules = new Rules(Cities.elm());

    @Test
    void everyRoleMayAtHomeWhatIsWrittenHereAndNothingElse() {
        assertThat(allowedPairs())
                .containsExactlyInAnyOrder(
                        "dispatcher: Incident read create change",
                        "dispatcher: Unit read create change",
                        "dispatcher: Alert read create change",
                        "dispatcher: System read",
                        "dispatcher: Bench read",
                        "responder: Incident read",
                        "responder: Unit read change",
                        "responder: Alert read",
                        "responder: Bench read",
                        "commander: Incident read create change",
                        "commander: Unit read change",
                        "commander: Alert read create change",
                        "commander: System read",
                        "commander: Bench read",
                        "data-officer: Incident read",
                        "data-officer: Unit read",
                        "data-officer: Alert read",
                        "data-officer: Subscription read create change delete",
                        "data-officer: System read",
                        "data-officer: Bench read create change delete",
                        "auditor: Subscription read",
                        "auditor: Grant read",
                        "auditor: AuditEntry read",
                        "auditor: System read",
                        "auditor: Bench read",
                        "administrator: Unit read create change delete",
                        "administrator: Subscription read create change delete",
                        "administrator: Grant read delete",
                        "administrator: System read change",
                        "administrator: Person read create change delete",
                        "administrator: Client read create change delete",
                        "administrator: Organisation read change",
                        "administrator: Seat read change",
                        "administrator: Bench read create change delete");
    }

    @Test
    void whoHasNoRoleMayNothing() {
        Caller nobody = person("nobody", FIRE);
        for (String kind : KINDS) {
            for (Action action : Action.values()) {
                assertThat(rules.decide(nobody, action, kind, FIRE)).isFalse();
            }
        }
    }

    @Test
    void severalRolesMayWhatAnyOfThemMay() {
        Caller both = person("both", FIRE, RESPONDER, ADMINISTRATOR);
        assertThat(rules.decide(both, READ, "Incident", FIRE)).isTrue();
        assertThat(rules.decide(both, DELETE, "Unit", FIRE)).isTrue();
        assertThat(rules.decide(both, CREATE, "Incident", FIRE)).isFalse();
    }

    @Test
    void anotherOrganisationsThingsAreClosedWithoutAnAgreement() {
        Caller chief = person("chief", SCHOOL, Role.values());
        assertThat(rules.decide(chief, READ, "Incident", CONTROL)).isFalse();
        assertThat(rules.predicate(chief, READ, "Unit")).containsExactly(SCHOOL);
        assertThat(rules.owners(chief)).containsExactlyInAnyOrder(SCHOOL, CONTROL); // for its Alerts
    }

    @Test
    void anAgreementOpensItsKindsAndActionsOnly() {
        Caller dispatcher = person("ada", CONTROL, DISPATCHER);
        assertThat(rules.decide(dispatcher, READ, "Unit", FIRE)).isTrue();
        assertThat(rules.decide(dispatcher, CHANGE, "Unit", FIRE)).isTrue();
        assertThat(rules.decide(dispatcher, CREATE, "Unit", FIRE)).isFalse();
        assertThat(rules.decide(dispatcher, READ, "Incident", FIRE)).isFalse();
        assertThat(rules.predicate(dispatcher, READ, "Unit")).containsExactlyInAnyOrder(CONTROL, FIRE);
        assertThat(rules.predicate(dispatcher, READ, "Incident")).containsExactly(CONTROL);
    }

    @Test
    void anAgreementNeverLiftsAPersonAboveTheOwnRole() {
        assertThat(rules.decide(person("eve", CONTROL, Role.AUDITOR), READ, "Unit", FIRE))
                .isFalse();
        assertThat(rules.decide(person("dora", CONTROL, Role.DATA_OFFICER), CHANGE, "Unit", FIRE))
                .isFalse();
    }

    @Test
    void whatIsForEveryoneIsForAllOrganisationsOfTheSiteOnly() {
        assertThat(rules.decide(person("a", SCHOOL, RESPONDER), READ, "Alert", CONTROL))
                .isTrue();
        Caller stranger = person("b", new OrganisationId("elsewhere"), Role.values());
        assertThat(rules.decide(stranger, READ, "Alert", CONTROL)).isFalse();
        assertThat(rules.decide(stranger, READ, "Alert", stranger.organisation()))
                .isFalse();
        assertThat(rules.owners(stranger)).isEmpty();
    }

    @Test
    void allKindsMeansCityDataAndNeverAccountsOrTraces() {
        Caller chief = person("chief", FIRE, Role.values());
        assertThat(rules.decide(chief, READ, "Bench", SCHOOL)).isTrue();
        for (String kind : List.of(
                "Person", "Client", "AuditEntry", "Grant", "Subscription", "ContextSourceRegistration", "System")) {
            assertThat(rules.decide(chief, READ, kind, SCHOOL)).as(kind).isFalse();
        }
    }

    @Test
    void anEntityTypeThatIsCalledAsAnAdministrativeKindIsCityDataAndNoAccount() {
        Caller officer = person("olga", SCHOOL, Role.DATA_OFFICER);
        Caller administrator = person("adam", SCHOOL, ADMINISTRATOR);
        for (String kind : Access.ADMINISTRATIVE) {
            String entities = Access.entities(kind);
            assertThat(rules.decide(officer, DELETE, entities, SCHOOL)).as(kind).isTrue();
            assertThat(rules.predicate(person("fay", FIRE, RESPONDER), READ, entities))
                    .as(kind)
                    .containsExactlyInAnyOrder(FIRE, SCHOOL);
        }
        assertThat(rules.decide(officer, READ, "Person", SCHOOL)).isFalse();
        assertThat(rules.decide(administrator, DELETE, "Person", SCHOOL)).isTrue();
        assertThat(Access.entities("Bench")).isEqualTo("Bench");
    }

    @Test
    void partsOfTheProgramMayEverythingAtHomeAndElsewhereByAgreement() {
        Caller feed = Caller.system("feed", FIRE);
        for (String kind : KINDS) {
            assertThat(rules.decide(feed, DELETE, kind, FIRE)).isTrue();
            assertThat(rules.decide(feed, DELETE, kind, SCHOOL)).isFalse();
        }
        assertThat(rules.decide(feed, READ, "Bench", SCHOOL)).isTrue();
    }

    @Test
    void listsAndSingleDecisionsAgreeInAnyCityAndStayBehindTheSecondWall() {
        Random random = new Random(7);
        List<OrganisationId> all = List.of(CONTROL, FIRE, SCHOOL);
        for (int round = 0; round < 300; round++) {
            List<City.Grant> grants = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                grants.add(new City.Grant(
                        all.get(random.nextInt(3)),
                        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(all.get(random.nextInt(3))),
                        random.nextInt(4) == 0 ? Set.of() : Set.of(KINDS.get(random.nextInt(KINDS.size()))),
                        EnumSet.of(Action.values()[random.nextInt(4)], Action.values()[random.nextInt(4)])));
            }
            Rules any = new Rules(Cities.elm(grants));
            Caller caller = person("p", all.get(random.nextInt(3)), Role.values()[random.nextInt(6)]);
            for (String kind : KINDS) {
                for (Action action : Action.values()) {
                    Set<OrganisationId> listed = any.predicate(caller, action, kind);
                    for (OrganisationId owner : all) {
                        assertThat(any.decide(caller, action, kind, owner)).isEqualTo(listed.contains(owner));
                    }
                    assertThat(any.owners(caller)).containsAll(listed);
                    assertThat(any.predicate(caller, action, kind)).isSameAs(listed);
                }
            }
        }
    }

    @Test
    void kindsThatStrangersInventAreNotRememberedWithoutEnd() {
        Caller caller = person("ada", FIRE, DISPATCHER);
        for (int i = 0; i < 50_000; i++) {
            rules.predicate(caller, READ, "Kind" + i);
        }
        assertThat(rules.remembered()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void refusalSaysNoMoreThanTheCallerMayKnow() {
        Access access = new Agreements(rules, noPurposes());
        Caller responder = person("rose", FIRE, RESPONDER);
        assertThatThrownBy(() -> access.demand(responder, CHANGE, "Incident", CONTROL, "I-1"))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> access.demand(responder, CHANGE, "Incident", SCHOOL, "I-1"))
                .isInstanceOf(Denied.class); // the school shares all it has for reading
        assertThatThrownBy(() -> access.demand(person("s", SCHOOL, RESPONDER), CHANGE, "Incident", CONTROL, "I-1"))
                .isInstanceOf(NotFound.class);
    }

    @SuppressWarnings("NullAway")
    private static Purposes noPurposes() {
        return null; // decisions ask nobody else: no database is there
    }

    private List<String> allowedPairs() {
        List<String> pairs = new ArrayList<>();
        for (Role role : Role.values()) {
            for (String kind : KINDS) {
                StringBuilder line = new StringBuilder(role.code() + ": " + kind);
                for (Action action : Action.values()) {
                    if (rules.decide(person("p", FIRE, role), action, kind, FIRE)) {
                        line.append(' ').append(action.code());
                    }
                }
                if (!line.toString().endsWith(kind)) {
                    pairs.add(line.toString());
                }
            }
        }
        return pairs;
    }
}
