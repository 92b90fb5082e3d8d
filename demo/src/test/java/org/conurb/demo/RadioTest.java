package org.conurb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RadioTest {
    private static final String GROUP = "urn:ngsi-ld:TalkGroup:1";
    private static final String TWO = "urn:ngsi-ld:TalkGroup:2";
    private static final Speech SPEECH = Speech.load();

    private final List<Map<String, Object>> said = new ArrayList<>();
    private final List<Long> packets = new ArrayList<>();
    private int others;
    private boolean answers = true;
    private long now;
    private final Radio radio = new Radio(
            "E11",
            "urn:i",
            SPEECH,
            new Radio.Line() {
                @Override
                public void say(Map<String, Object> message) {
                    said.add(message);
                }

                @Override
                public void voice(byte[] opus, boolean begins, long at) {
                    assertThat(begins).isEqualTo(packets.isEmpty());
                    packets.add(at);
                }

                @Override
                public int heard() {
                    int count = others;
                    others = 0;
                    return count;
                }
            },
            new Radio.Net() {
                @Override
                public boolean isOurs(String party) {
                    return party.startsWith("sip:unit-");
                }

                @Override
                public boolean answers(String talk) {
                    return answers;
                }
            },
            new Random(4));

    @Test
    void itFollowsTheGroupOfItsIncidentAndNoOther() {
        told("{'type':'group','group':{'id':'urn:x','incident':'urn:other','affiliated':false}}");
        told("{'type':'group','group':{'id':'urn:y','affiliated':false}}");
        assertThat(said).isEmpty();
        told(shown(false));
        told(shown(false));
        assertThat(said).containsExactly(Map.of("type", "affiliate", "group", GROUP));
    }

    @Test
    void itSaysWhatItHasToSayWhenTheFloorIsItsOwn() {
        radio.report(Phrase.ON_SCENE, now);
        pass(1_000);
        assertThat(said).as("no group yet").isEmpty();
        told(shown(true));
        pass(100);
        assertThat(said).containsExactly(Map.of("type", "request", "group", GROUP));
        pass(1_000);
        assertThat(packets).as("not granted yet").isEmpty();
        told("{'type':'granted','group':'%s'}");
        assertThat(radio.isTalking()).isTrue();
        pass(6_000);
        assertThat(packets).hasSize(SPEECH.of("E11", Phrase.ON_SCENE).size());
        for (int i = 2; i < packets.size(); i++) {
            assertThat(packets.get(i) - packets.get(i - 1)).isEqualTo(20_000_000);
        }
        assertThat(said).last().isEqualTo(Map.of("type", "release", "group", GROUP));
        assertThat(radio.isIdle()).isTrue();
    }

    @Test
    void whoIsDeniedAsksAgainLaterAndWhatIsOldIsNotSaidAnyMore() {
        told(shown(true));
        radio.report(Phrase.ON_THE_WAY, now);
        pass(50);
        told("{'type':'denied','group':'%s','cause':3}");
        radio.report(Phrase.ON_SCENE, now);
        pass(900);
        assertThat(requests()).isEqualTo(1);
        pass(4_000);
        assertThat(requests()).isEqualTo(2);
        told("{'type':'denied','group':'%s','cause':1}");
        pass(30_000);
        int asked = requests();
        pass(30_000);
        assertThat(requests()).isEqualTo(asked);
        assertThat(radio.isIdle()).isTrue();
        assertThat(packets).isEmpty();
    }

    @Test
    void itStopsAtOnceWhenTheFloorIsTakenFromIt() {
        talking();
        told("{'type':'revoked','group':'%s','cause':4}");
        int before = packets.size();
        pass(3_000);
        assertThat(packets).hasSize(before);
    }

    @Test
    void aFloorThatComesTooLateIsGivenBack() {
        told(shown(true));
        told("{'type':'granted','group':'%s'}");
        assertThat(said).containsExactly(Map.of("type", "release", "group", GROUP));
        assertThat(radio.isTalking()).isFalse();
    }

    @Test
    void whoTalkedInTheGroupIsAnsweredAndColleaguesAreNot() {
        told(shown(true));
        heard("sip:unit-2@alder", 60);
        pass(5_000);
        assertThat(requests()).isZero();
        heard("sip:dispatch-1@alder", 60);
        pass(2_000);
        told("{'type':'granted','group':'%s'}");
        pass(6_000);
        assertThat(packets).hasSize(SPEECH.of("E11", Phrase.UNDERSTOOD).size());
        answers = false;
        heard("sip:dispatch-1@alder", 60);
        pass(5_000);
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void ofWhomNothingWasHeardItAsksToSayItAgain() {
        told(shown(true));
        heard("sip:dispatch-1@alder", 3);
        pass(2_000);
        told("{'type':'granted','group':'%s'}");
        pass(6_000);
        assertThat(packets).hasSize(SPEECH.of("E11", Phrase.SAY_AGAIN).size());
    }

    @Test
    void aPrivateCallIsAcceptedAfterASecondAndAnsweredByVoice() {
        told("{'type':'invited','group':'" + TWO + "','floor':true,'by':{'id':'sip:dispatch-1@alder'}}");
        pass(950);
        assertThat(said).isEmpty();
        pass(100);
        assertThat(said).containsExactly(Map.of("type", "accept", "group", TWO, "id", TWO));
        told("{'type':'done','re':'" + TWO + "'}");
        pass(500);
        assertThat(said).last().isEqualTo(Map.of("type", "request", "group", TWO));
        told("{'type':'granted','group':'" + TWO + "'}");
        pass(6_000);
        assertThat(packets).hasSize(SPEECH.of("E11", Phrase.GO_AHEAD).size());
        assertThat(radio.isIdle()).as("in a call").isFalse();
        told("{'type':'released','group':'" + TWO + "','cause':'by-user'}");
        assertThat(radio.isIdle()).isTrue();
    }

    @Test
    void inACallWithoutFloorItTalksWithoutAsking() {
        told("{'type':'invited','group':'" + TWO + "','floor':false,'by':{'id':'sip:dispatch-1@alder'}}");
        pass(1_100);
        told("{'type':'done','re':'" + TWO + "'}");
        pass(6_000);
        assertThat(packets).hasSize(SPEECH.of("E11", Phrase.GO_AHEAD).size());
        assertThat(said).hasSize(1);
    }

    @Test
    void aGroupThatIsGoneIsTalkedInNoMore() {
        talking();
        told("{'type':'group-gone','id':'%s'}");
        int before = packets.size();
        radio.report(Phrase.UNDER_CONTROL, now);
        pass(20_000);
        assertThat(packets).hasSize(before);
        assertThat(requests()).isEqualTo(1);
    }

    private void talking() {
        told(shown(true));
        radio.report(Phrase.HELP, now);
        pass(50);
        told("{'type':'granted','group':'%s'}");
        pass(500);
        assertThat(packets).hasSizeBetween(24, 26);
    }

    private void heard(String who, int voice) {
        told("{'type':'transmission','group':'%s','talk':'t" + said.size() + now + "','ear':0,'party':{'id':'" + who
                + "'}}");
        others += voice;
        told("{'type':'transmission-end','group':'%s','talk':'t" + said.size() + now + "','ear':0}");
    }

    private static String shown(boolean affiliated) {
        return "{'type':'group','group':{'id':'%s','incident':'urn:i','affiliated':" + affiliated + "}}";
    }

    private int requests() {
        return (int)
                said.stream().filter(one -> "request".equals(one.get("type"))).count();
    }

    private void told(String message) {
        radio.told(HttpSite.JSON.readTree(message.replace('\'', '"').replace("%s", GROUP)), now);
    }

    private void pass(int millis) {
        for (int i = 0; i < millis; i += 5) {
            now += 5_000_000;
            radio.tick(now);
        }
    }
}
