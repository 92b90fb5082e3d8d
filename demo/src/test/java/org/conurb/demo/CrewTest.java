package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrewTest {
    private static final double[] HOME = {7.4128, 43.7332};
    private static final double[] FIRE = {7.4200, 43.7294};

    private final List<String> heard = new ArrayList<>();
    private final List<Phrase> spoken = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T08:00:00Z");
    private final Crew.Terminal radio = new Crew.Terminal() {
        @Override
        public void status(Crew crew, String state) {
            heard.add(state);
        }

        @Override
        public void says(Crew crew, Phrase phrase) {
            spoken.add(phrase);
        }

        @Override
        public Drive way(Crew crew, double[] from, double[] to) {
            return new Drive(List.of(from, new double[] {to[0], from[1]}, to), 120);
        }

        @Override
        public void clear(Crew crew, String incident) {
            heard.add("CLEAR " + incident);
        }
    };

    @Test
    void aCrewObeysFromAlertToReturn() {
        Crew engine = crew("E11", "engine");
        pass(engine, 300);
        assertThat(engine.state()).isEqualTo(Crew.State.HOME);
        assertThat(heard).isEmpty();

        engine.sent("urn:1", "fire.smoke", FIRE, now);
        pass(engine, 15);
        assertThat(engine.state()).isEqualTo(Crew.State.DRIVING);
        assertThat(heard).containsExactly("EN_ROUTE");
        pass(engine, 60);
        assertThat(Drive.metres(engine.place(), HOME)).isGreaterThan(200);
        assertThat(Drive.metres(engine.place(), FIRE)).isGreaterThan(100);
        pass(engine, 70);
        assertThat(engine.state()).isEqualTo(Crew.State.ON_SCENE);
        assertThat(Drive.metres(engine.place(), FIRE)).isLessThan(1);
        pass(engine, 500);
        assertThat(engine.state()).isEqualTo(Crew.State.HOME);
        assertThat(Drive.metres(engine.place(), HOME)).isLessThan(1);
        assertThat(heard).containsExactly("EN_ROUTE", "ON_SCENE", "CLEAR urn:1", "AT_STATION");
        assertThat(spoken)
                .containsSubsequence(Phrase.ON_THE_WAY, Phrase.ON_SCENE, Phrase.UNDER_CONTROL)
                .hasSizeLessThan(5);
    }

    @Test
    void anAmbulanceBringsItsPatientToTheHospital() {
        Crew ambulance = crew("A1", "ambulance");
        ambulance.sent("urn:2", "medical.breathing", FIRE, now);
        pass(ambulance, 1_200);
        assertThat(heard).containsExactly("EN_ROUTE", "ON_SCENE", "TRANSPORTING", "CLEAR urn:2", "AT_STATION");
        assertThat(spoken).containsExactly(Phrase.ON_THE_WAY, Phrase.ON_SCENE, Phrase.TO_HOSPITAL);
    }

    @Test
    void aCrewThatIsReleasedOnItsWayTurnsBack() {
        Crew engine = crew("E11", "engine");
        engine.sent("urn:1", "fire.smoke", FIRE, now);
        pass(engine, 40);
        engine.sent(null, "", FIRE, now);
        pass(engine, 200);
        assertThat(engine.state()).isEqualTo(Crew.State.HOME);
        assertThat(heard).containsExactly("EN_ROUTE", "AT_STATION");
    }

    @Test
    void aCrewWithoutLinkHearsNothingAndPatrolsRoamWhileNobodyNeedsThem() {
        Crew patrol = crew("P1", "patrol");
        patrol.link(false);
        patrol.sent("urn:1", "police.burglary", FIRE, now);
        pass(patrol, 100);
        assertThat(patrol.state()).isEqualTo(Crew.State.ROAMING);
        assertThat(Drive.metres(patrol.place(), HOME)).isGreaterThan(1);
        assertThat(heard).isEmpty();
    }

    @Test
    void theSameSeedDrivesTheSameWay() {
        Crew one = crew("P2", "patrol");
        Crew other = crew("P2", "patrol");
        for (int i = 0; i < 200; i++) {
            now = now.plusSeconds(3);
            one.tick(now, radio);
            other.tick(now, radio);
            assertThat(one.place()).isEqualTo(other.place());
        }
    }

    private static Crew crew(String callSign, String kind) {
        return new Crew("urn:" + callSign, callSign, kind, "fire", HOME, List.of(new double[] {7.42, 43.74}, FIRE), 7);
    }

    private void pass(Crew crew, int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            crew.tick(now, radio);
        }
    }
}
