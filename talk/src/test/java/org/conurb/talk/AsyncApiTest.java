package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Json;
import org.conurb.kernel.OrganisationId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The document of the socket and the code that speaks say the same. */
class AsyncApiTest {
    private static final OrganisationId FIRE = new OrganisationId("fire");
    private static final Participant DISPATCH = new Participant("sip:dispatch-1@alder", null, FIRE);
    private static final Participant ENGINE = new Participant("sip:unit-e11@alder", "sip:E11@fire.alder", FIRE);
    private static final String GROUP = "urn:ngsi-ld:TalkGroup:0198f000-0000-7000-8000-000000000001";
    private static final UUID TALK = UUID.fromString("0198f000-0000-7000-8000-000000000002");

    private final AsyncApi document = AsyncApi.read();
    private final NoticeTexts texts = new NoticeTexts(new Participants() {
        @Override
        public Participant of(Caller caller, Optional<String> unit) {
            return DISPATCH;
        }

        @Override
        public Optional<Participant> find(String mcpttId) {
            return Stream.of(DISPATCH, ENGINE)
                    .filter(who -> who.mcpttId().equals(mcpttId))
                    .findFirst();
        }

        @Override
        public boolean reach(OrganisationId one, OrganisationId other) {
            return true;
        }

        @Override
        public String name(Participant who) {
            return "Name of " + who;
        }
    });

    @Test
    void everyTypeThatTheDoorTakesIsDescribedAndNoOther() {
        assertThat(document.said()).isEqualTo(types(SocketInput.values()));
    }

    @Test
    void everyTypeThatAClientIsToldIsDescribedAndNoOther() {
        assertThat(document.told()).isEqualTo(types(SocketOutput.values()));
    }

    private static Set<String> types(Enum<?>[] all) {
        Set<String> types = new TreeSet<>();
        for (Enum<?> each : all) {
            types.add(NoticeTexts.code(each));
        }
        return types;
    }

    @Test
    void everyNoticeIsToldAsDescribed() {
        Set<Class<?>> seen = new LinkedHashSet<>();
        for (TalkNotice notice : notices()) {
            JsonNode told = Json.mapper().readTree(texts.of(notice, DISPATCH));
            seen.add(
                    notice instanceof TalkNotice.FloorTold floor
                            ? floor.message().getClass()
                            : notice.getClass());
            assertThat(document.faults(told)).isEmpty();
        }
        Set<Class<?>> kinds = new LinkedHashSet<>(List.of(TalkNotice.class.getPermittedSubclasses()));
        kinds.addAll(List.of(FloorMessage.class.getPermittedSubclasses()));
        kinds.remove(TalkNotice.FloorTold.class);
        kinds.removeAll(onlySaid());
        assertThat(seen).containsExactlyInAnyOrderElementsOf(kinds);
    }

    private static List<Class<? extends FloorMessage>> onlySaid() {
        return List.of(
                FloorMessage.Request.class,
                FloorMessage.Release.class,
                FloorMessage.QueuePositionRequest.class,
                FloorMessage.Ack.class);
    }

    private static List<TalkNotice> notices() {
        List<TalkNotice> all = new ArrayList<>();
        for (FloorMessage message : floorMessages()) {
            all.add(new TalkNotice.FloorTold(GROUP, message));
        }
        for (Urgency urgency : Urgency.values()) {
            Talk talk = new Talk(TALK, facts(CallKind.CHAT, false), ENGINE, Instant.EPOCH, urgency);
            all.add(new TalkNotice.Transmission(talk, Hearing.UNHEARD));
            all.add(new TalkNotice.Progress(GROUP, urgency, ENGINE));
        }
        all.add(new TalkNotice.Warning(GROUP, Duration.ofSeconds(5)));
        all.add(new TalkNotice.TransmissionEnd(GROUP, TALK, 3));
        all.add(new TalkNotice.Invited(GROUP, ENGINE, true));
        for (CallEnd why : CallEnd.values()) {
            all.add(new TalkNotice.Released(GROUP, why));
        }
        all.add(new TalkNotice.Alert(GROUP, ENGINE, true));
        for (CallKind kind : CallKind.values()) {
            all.add(new TalkNotice.GroupShown(facts(kind, kind.isPrivate()), busy(), true));
            all.add(new TalkNotice.GroupShown(facts(kind, kind.isPrivate()), CallState.NONE, false));
        }
        all.add(new TalkNotice.GroupGone(GROUP));
        return all;
    }

    private static List<FloorMessage> floorMessages() {
        GrantedParty stranger = new GrantedParty("sip:guest@birch", null);
        List<FloorMessage> all = new ArrayList<>(List.of(
                new FloorMessage.Granted(Duration.ofSeconds(30), 100, 0, FloorIndicator.NONE),
                new FloorMessage.Taken(List.of(ENGINE.party(), stranger), true, 1, 0, FloorIndicator.NONE),
                new FloorMessage.Idle(2, FloorIndicator.NONE),
                new FloorMessage.ReleaseMultiTalker(stranger, FloorIndicator.NONE)));
        for (DenyCause cause : DenyCause.values()) {
            all.add(new FloorMessage.Deny(cause, "", FloorIndicator.NONE));
        }
        for (RevokeCause cause : RevokeCause.values()) {
            all.add(new FloorMessage.Revoke(cause, "", FloorIndicator.NONE));
        }
        for (int position : new int[] {1, 253, FloorMessage.QueuePositionInfo.NOT_QUEUED}) {
            all.add(new FloorMessage.QueuePositionInfo(position, 100, FloorIndicator.NONE));
        }
        return all;
    }

    private static GroupFacts facts(CallKind kind, boolean ofTwo) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(DISPATCH, Membership.dispatching(200));
        members.put(ENGINE, Membership.talking(100));
        TalkGroup group = new TalkGroup(GROUP, kind, FIRE, FloorPolicy.standard(), 2, members);
        GroupFacts.Origin origin = ofTwo ? GroupFacts.Origin.PRIVATE : GroupFacts.Origin.INCIDENT;
        return new GroupFacts(group, "Fire", origin, Optional.of("urn:ngsi-ld:Incident:1"), true);
    }

    private static CallState busy() {
        return new CallState(
                Urgency.EMERGENCY,
                List.of(ENGINE),
                List.of(DISPATCH),
                2,
                List.of(new CallState.Distress(ENGINE, Urgency.EMERGENCY, true)),
                Optional.of(GROUP));
    }

    @Test
    void theQueueIsShownToThoseWhoMayTakeRequestsOutOfIt() {
        TalkNotice shown = new TalkNotice.GroupShown(facts(CallKind.CHAT, false), busy(), true);
        JsonNode toDispatch = Json.mapper().readTree(texts.of(shown, DISPATCH)).path("group");
        JsonNode toEngine = Json.mapper().readTree(texts.of(shown, ENGINE)).path("group");
        assertThat(toDispatch.path("queue").path(0).path("id").asString()).isEqualTo(DISPATCH.mcpttId());
        assertThat(toEngine.has("queue")).isFalse();
        assertThat(toEngine.path("waiting").asInt()).isOne();
    }

    @Test
    void theJudgeSeesWhatIsMissingWrongOrNotDescribed() {
        ObjectNode warning = Json.mapper()
                .readTree(texts.of(new TalkNotice.Warning(GROUP, Duration.ofSeconds(5)), DISPATCH))
                .asObject();
        assertThat(document.faults(warning)).isEmpty();
        assertThat(document.faults(warning.deepCopy().without(List.of("seconds"))))
                .hasSize(1);
        assertThat(document.faults(warning.deepCopy().put("seconds", "five"))).hasSize(1);
        assertThat(document.faults(warning.deepCopy().put("more", 1))).hasSize(1);
        assertThat(document.faults(warning.deepCopy().put("type", "news"))).hasSize(1);
    }

    @Test
    void whatOnlyParticipantsSayIsToldToNobody() {
        assertThatThrownBy(() -> texts.of(
                        new TalkNotice.FloorTold(GROUP, new FloorMessage.Release(null, FloorIndicator.NONE)), DISPATCH))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
