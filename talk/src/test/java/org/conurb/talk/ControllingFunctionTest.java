package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Ids;
import org.conurb.kernel.OrganisationId;
import org.conurb.media.Fanout;
import org.conurb.media.RtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControllingFunctionTest {
    private static final OrganisationId FIRE = new OrganisationId("fire");
    private static final Participant DISPATCH = new Participant("sip:dispatch-1@alder", null, FIRE);
    private static final Participant E11 = new Participant("sip:unit-e11@alder", "sip:E11@fire.alder", FIRE);
    private static final Participant E12 = new Participant("sip:unit-e12@alder", "sip:E12@fire.alder", FIRE);
    private static final Participant STRANGER = new Participant("sip:p1@alder", null, new OrganisationId("police"));

    private final List<Talk> ended = new CopyOnWriteArrayList<>();
    private final List<Integer> recorded = new CopyOnWriteArrayList<>();
    private final List<String> emergencies = new CopyOnWriteArrayList<>();
    private final Fanout fanout = new Fanout(System::nanoTime);
    private final ControllingFunction site = new ControllingFunction(
            fanout,
            new CallLimits(100, 16, 10),
            (one, other) -> !other.equals(STRANGER.organisation()),
            new Ids(Clock.systemUTC(), new Random(1)),
            Clock.systemUTC(),
            System::nanoTime);

    private final TestClient dispatch = new TestClient("d", DISPATCH, 4);
    private final TestClient e11 = new TestClient("e11", E11, 4);
    private final TestClient e12 = new TestClient("e12", E12, 1);

    @BeforeEach
    void start() {
        site.onTalk(new TalkListener() {
            @Override
            public Optional<RtpSink> began(Talk talk) {
                return talk.facts().recorded()
                        ? Optional.of((rtp, arrival) -> recorded.add((int) rtp.get(rtp.position() + 12)))
                        : Optional.empty();
            }

            @Override
            public void ended(Talk talk, Instant at) {
                ended.add(talk);
            }
        });
        site.book(new EmergencyBook() {
            @Override
            public void raised(
                    GroupFacts group,
                    Participant who,
                    Urgency urgency,
                    boolean alert,
                    Optional<Map<String, Object>> place) {
                emergencies.add("raised " + who + " " + urgency + " " + place.isPresent());
            }

            @Override
            public void ended(GroupFacts group, Participant who) {
                emergencies.add("ended " + who);
            }
        });
        site.start();
        for (TestClient client : List.of(dispatch, e11, e12)) {
            site.connect(client).join();
        }
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static GroupFacts group(String id, CallKind kind, boolean recorded) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(DISPATCH, Membership.dispatching(200));
        members.put(E11, Membership.talking(100));
        members.put(E12, Membership.talking(100));
        TalkGroup group = new TalkGroup(id, kind, FIRE, FloorPolicy.standard(), 100, members);
        return new GroupFacts(group, id, GroupFacts.Origin.STANDING, Optional.empty(), recorded);
    }

    private void opened(String id, CallKind kind, boolean recorded) {
        site.open(group(id, kind, recorded));
        for (Participant who : List.of(DISPATCH, E11, E12)) {
            assertThat(site.affiliate(who, id).join()).isTrue();
        }
    }

    /** All that was posted before is done. */
    private void settled() {
        site.connected().join();
    }

    @Test
    void oneTalksAndTheOthersHear() {
        opened("fire", CallKind.PRE_ARRANGED, true);
        e11.speak(9, 1);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 2);
        dispatch.speak(8, 1);
        site.release(e11, "fire");
        settled();
        e11.speak(9, 3);

        assertThat(e11.floor(FloorMessage.Granted.class)).hasSize(1);
        assertThat(dispatch.heard()).containsExactly(1);
        assertThat(e12.heard()).containsExactly(1);
        assertThat(e11.heard()).isEmpty();
        assertThat(recorded).containsExactly(1);
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().talker()).isEqualTo(E11);
        assertThat(dispatch.told(TalkNotice.Transmission.class))
                .extracting(TalkNotice.Transmission::ear)
                .containsExactly(0);
        assertThat(dispatch.told(TalkNotice.TransmissionEnd.class)).hasSize(1);
        assertThat(e11.mouth().dropped()).isEqualTo(2);
    }

    @Test
    void aHigherPriorityTakesTheFloorAndTheGateShutsFirst() {
        opened("fire", CallKind.CHAT, false);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        site.emergency(e12, "fire", Urgency.EMERGENCY, Optional.of(Map.of("type", "Point")))
                .join();
        settled();
        e11.speak(2, 2);
        e12.speak(3, 1);
        settled();

        assertThat(e11.floor(FloorMessage.Revoke.class)).hasSize(1);
        assertThat(e12.floor(FloorMessage.Granted.class)).hasSize(1);
        assertThat(dispatch.heard()).containsExactly(1, 3);
        assertThat(site.state("fire").urgency()).isEqualTo(Urgency.EMERGENCY);
        assertThat(emergencies).containsExactly("raised sip:unit-e12@alder EMERGENCY true");

        assertThat(site.cancel(E12, "fire", E12).join()).as("without the right").isFalse();
        assertThat(site.cancel(DISPATCH, "fire", E12).join()).isTrue();
        assertThat(site.state("fire").urgency()).isEqualTo(Urgency.ROUTINE);
        assertThat(emergencies).last().isEqualTo("ended sip:unit-e12@alder");
    }

    @Test
    void lateEntryHearsWhatIsBeingSaid() {
        opened("fire", CallKind.PRE_ARRANGED, false);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        TestClient late = new TestClient("late", new Participant("sip:late@alder", null, FIRE), 2);
        GroupFacts grown = group("fire", CallKind.PRE_ARRANGED, false);
        Map<Participant, Membership> members = new LinkedHashMap<>(grown.group().members());
        members.put(late.participant(), Membership.listening());
        TalkGroup more = new TalkGroup("fire", CallKind.PRE_ARRANGED, FIRE, FloorPolicy.standard(), 100, members);
        site.open(new GroupFacts(more, "fire", GroupFacts.Origin.STANDING, Optional.empty(), false));
        assertThat(site.connect(late).join()).isTrue();
        assertThat(site.affiliate(late.participant(), "fire").join()).isTrue();
        e11.speak(1, 1);

        assertThat(late.heard()).containsExactly(1);
        assertThat(late.floor(FloorMessage.Taken.class)).isNotEmpty();
        site.request(late, "fire", 255, Urgency.ROUTINE);
        settled();
        assertThat(late.floor(FloorMessage.Deny.class)).hasSize(1);
    }

    @Test
    void whoHasOneEarHearsOneAndThenTheOther() {
        opened("fire", CallKind.CHAT, false);
        opened("joint", CallKind.CHAT, false);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        site.request(dispatch, "joint", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        dispatch.speak(2, 1);
        assertThat(e12.heard()).containsExactly(1);
        assertThat(e12.told(TalkNotice.Transmission.class))
                .extracting(TalkNotice.Transmission::ear)
                .contains(0, -1);

        site.prefer(e12, "fire", 0, true);
        settled();
        e11.speak(3, 2);
        dispatch.speak(4, 2);
        assertThat(e12.heard()).containsExactly(1, 4);
        assertThat(e11.heard()).containsExactly(2, 4);
    }

    @Test
    void aPatchIsOneFloorAndOneAudience() {
        site.open(only("fire", DISPATCH, E11));
        site.open(only("police", DISPATCH, E12));
        for (String id : List.of("fire", "police")) {
            site.affiliate(DISPATCH, id).join();
        }
        site.affiliate(E11, "fire").join();
        site.affiliate(E12, "police").join();
        assertThat(site.patch(E11, "fire", "police").join())
                .as("who does not dispatch")
                .isFalse();
        assertThat(site.patch(DISPATCH, "fire", "police").join()).isTrue();
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        assertThat(e12.heard()).containsExactly(1);
        assertThat(dispatch.heard()).containsExactly(1);

        assertThat(site.unpatch(DISPATCH, "fire", "police").join()).isTrue();
        e11.speak(2, 2);
        assertThat(e12.heard()).containsExactly(1);
        assertThat(dispatch.heard()).containsExactly(1, 2);
    }

    private static GroupFacts only(String id, Participant... who) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        for (Participant each : who) {
            members.put(each, each == DISPATCH ? Membership.dispatching(200) : Membership.talking(100));
        }
        TalkGroup group = new TalkGroup(id, CallKind.CHAT, FIRE, FloorPolicy.standard(), 10, members);
        return new GroupFacts(group, id, GroupFacts.Origin.STANDING, Optional.empty(), false);
    }

    @Test
    void aPrivateCallWithoutFloorIsHeardBothWays() {
        String call = site.callPrivately(e11, DISPATCH, false, FIRE).join().orElseThrow();
        settled();
        assertThat(dispatch.told(TalkNotice.Invited.class))
                .extracting(TalkNotice.Invited::by)
                .containsExactly(E11);
        assertThat(site.accept(dispatch, call).join()).isTrue();
        e11.speak(1, 1);
        dispatch.speak(2, 1);
        assertThat(dispatch.heard()).containsExactly(1);
        assertThat(e11.heard()).containsExactly(2);

        assertThat(site.end(dispatch, call).join()).isTrue();
        e11.speak(3, 2);
        assertThat(dispatch.heard()).containsExactly(1);
        assertThat(e11.told(TalkNotice.Released.class)).isNotEmpty();
        assertThat(site.connect(new TestClient("p1", STRANGER, 1)).join()).isTrue();
        assertThat(site.callPrivately(e11, STRANGER, true, FIRE).join())
                .as("no agreement lets it be called")
                .isEmpty();
    }

    @Test
    void aLostDeviceStopsTalkingAndOthersGoOn() {
        opened("fire", CallKind.PRE_ARRANGED, false);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        site.disconnect(e11);
        settled();
        e11.speak(2, 2);
        assertThat(dispatch.heard()).containsExactly(1);
        assertThat(dispatch.floor(FloorMessage.Idle.class)).isNotEmpty();
        site.request(dispatch, "fire", 100, Urgency.ROUTINE);
        settled();
        dispatch.speak(5, 1);
        assertThat(e12.heard()).containsExactly(1, 5);
        assertThat(ended).hasSize(1);
    }

    @Test
    void aClosedGroupIsGoneForAll() {
        opened("fire", CallKind.CHAT, false);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        site.close("fire");
        settled();
        e11.speak(1, 1);
        assertThat(dispatch.heard()).isEmpty();
        assertThat(dispatch.told(TalkNotice.GroupGone.class)).hasSize(1);
        site.request(dispatch, "fire", 100, Urgency.ROUTINE);
        settled();
        assertThat(dispatch.floor(FloorMessage.Deny.class)).hasSize(1);
        assertThat(ended).hasSize(1);
    }

    @Test
    void aDeviceThatListensIsCounted() {
        opened("fire", CallKind.CHAT, false);
        int before = site.state("fire").joined();
        TestClient speaker = new TestClient("speaker", STRANGER, 1);
        site.listen(speaker, "fire");
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        assertThat(speaker.heard()).containsExactly(1);
        assertThat(site.state("fire").joined()).isEqualTo(before + 1);
        site.listenNoMore(speaker, "fire");
        settled();
        e11.speak(2, 2);
        assertThat(speaker.heard()).containsExactly(1);
        assertThat(site.state("fire").joined()).isEqualTo(before);
    }

    @Test
    void aPatchIsHeardByDevicesToo() {
        site.open(only("fire", DISPATCH, E11));
        site.open(only("police", DISPATCH, E12));
        for (String id : List.of("fire", "police")) {
            site.affiliate(DISPATCH, id).join();
        }
        TestClient speaker = new TestClient("speaker", STRANGER, 1);
        site.listen(speaker, "police");
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        assertThat(site.patch(DISPATCH, "fire", "police").join()).isTrue();
        e11.speak(1, 1);
        assertThat(speaker.heard()).containsExactly(1);
        assertThat(site.unpatch(DISPATCH, "fire", "police").join()).isTrue();
        e11.speak(2, 2);
        assertThat(speaker.heard()).containsExactly(1);
        assertThat(speaker.told(TalkNotice.TransmissionEnd.class)).hasSize(1);
    }

    @Test
    void aGroupThatIsNoMoreIsPatchedToNone() {
        site.open(only("fire", DISPATCH, E11));
        site.open(only("police", DISPATCH, E12));
        assertThat(site.patch(DISPATCH, "fire", "police").join()).isTrue();
        site.close("fire");
        settled();
        assertThat(site.state("police").patchedTo()).isEmpty();
        site.request(e12, "police", 100, Urgency.ROUTINE);
        site.affiliate(DISPATCH, "police").join();
        site.request(e12, "police", 100, Urgency.ROUTINE);
        settled();
        e12.speak(1, 1);
        assertThat(dispatch.heard()).containsExactly(1);
    }

    @Test
    void whoAsksInOneOfTwoPatchedGroupsIsAnsweredThere() {
        opened("fire", CallKind.CHAT, false);
        opened("joint", CallKind.CHAT, true);
        assertThat(site.patch(DISPATCH, "fire", "joint").join()).isTrue();
        site.request(e11, "joint", 100, Urgency.ROUTINE);
        settled();
        e11.speak(1, 1);
        assertThat(e11.told(TalkNotice.FloorTold.class).stream()
                        .filter(told -> told.message() instanceof FloorMessage.Granted))
                .extracting(TalkNotice.FloorTold::group)
                .containsExactly("joint");
        assertThat(recorded).as("by the group that it asked in").containsExactly(1);
        assertThat(site.state("fire").talkers()).containsExactly(E11);
    }

    /** As one who is called while it has a private call: its microphone comes back to that. */
    @Test
    void ofTwoTalksOfOneDeviceTheLaterIsHeardAndThenTheEarlier() {
        opened("fire", CallKind.CHAT, false);
        String call = site.callPrivately(e11, DISPATCH, false, FIRE).join().orElseThrow();
        assertThat(site.accept(dispatch, call).join()).isTrue();
        e11.speak(1, 1);
        site.request(e11, "fire", 100, Urgency.ROUTINE);
        settled();
        e11.speak(2, 2);
        assertThat(e12.heard()).containsExactly(2);
        site.release(e11, "fire");
        settled();
        e11.speak(3, 3);
        assertThat(dispatch.heard()).containsExactly(1, 3, 2); // by its ears in turn: the call, then the group
        assertThat(e12.heard()).containsExactly(2);
    }

    @Test
    void onlyWhoIsCalledAcceptsACall() {
        String call = site.callPrivately(e11, DISPATCH, true, FIRE).join().orElseThrow();
        assertThat(site.accept(e11, call).join()).isFalse();
        assertThat(site.accept(e12, call).join()).isFalse();
        assertThat(site.accept(dispatch, call).join()).isTrue();
    }

    @Test
    void anEmergencyIsLetInBeyondEveryLimitAndOneMorePrivateCallIsNot() {
        TestClient engine = new TestClient("one", E11, 1);
        try (ControllingFunction small = new ControllingFunction(
                fanout,
                new CallLimits(1, 16, 1),
                (one, other) -> true,
                new Ids(Clock.systemUTC(), new Random(2)),
                Clock.systemUTC(),
                System::nanoTime)) {
            small.start();
            for (TestClient client :
                    List.of(engine, new TestClient("two", E12, 1), new TestClient("d2", DISPATCH, 1))) {
                small.connect(client).join();
            }
            for (String id : List.of("fire", "joint")) {
                small.open(group(id, CallKind.CHAT, false));
                small.affiliate(E11, id).join();
            }
            small.request(engine, "joint", 255, Urgency.ROUTINE);
            small.connected().join();
            assertThat(engine.floor(FloorMessage.Deny.class)).hasSize(1);
            small.request(engine, "joint", 255, Urgency.EMERGENCY);
            small.connected().join();
            assertThat(engine.floor(FloorMessage.Granted.class)).hasSize(1);

            assertThat(small.callPrivately(engine, E12, true, FIRE).join()).isPresent();
            assertThat(small.callPrivately(engine, DISPATCH, true, FIRE).join()).isEmpty();
        }
    }

    @Test
    void aParticipantHasFourDevicesAtMost() {
        List<Boolean> connected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connected.add(site.connect(new TestClient("more" + i, E11, 1)).join());
        }
        assertThat(connected).containsExactly(true, true, true, false);
    }
}
