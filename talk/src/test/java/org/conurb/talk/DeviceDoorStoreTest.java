package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.conurb.talk.TalkSite.CONTROL;
import static org.conurb.talk.TalkSite.DISPATCH;
import static org.conurb.talk.TalkSite.FIRE;
import static org.conurb.talk.TalkSite.FIRE_CHIEF;
import static org.conurb.talk.TalkSite.POLICE;
import static org.conurb.talk.TalkSite.SCHOOL;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.kernel.Action;
import org.conurb.kernel.Audit;
import org.conurb.kernel.AuditEntry;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Role;
import org.conurb.media.WebRtcClient;
import org.conurb.media.WebRtcClient.Direction;
import org.conurb.talk.SocketSite.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.DefaultHandlerExceptionResolver;

/** Loudspeakers and gateways by WHEP and WHIP: real media through the door, over a real database. */
class DeviceDoorStoreTest {
    private static final Map<String, Caller> CALLERS = Map.of(
            "dispatch-1", TalkSite.dispatcher(),
            "duty", TalkSite.caller(CONTROL, Role.COMMANDER, "duty"),
            "fire-chief", TalkSite.caller(FIRE, Role.COMMANDER, "fire-chief"),
            "police-desk", TalkSite.caller(POLICE, Role.DISPATCHER, "police-desk"),
            "head", TalkSite.caller(SCHOOL, Role.COMMANDER, "head"));

    @TempDir
    private Path folder;

    private final WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
    private final List<WebRtcClient> peers = new ArrayList<>();
    private final Set<String> signedOff = ConcurrentHashMap.newKeySet();
    /** What was written, once it was. */
    private final List<AuditEntry> written = new CopyOnWriteArrayList<>();

    private TalkSite talk;
    private SocketSite sockets;
    private DeviceDoor door;
    private MockMvc mvc;
    private String joint = "";

    @BeforeEach
    void start() throws Exception {
        // the control room lets fire talk in its groups, police only listen, and the school nothing
        start(TalkSite.open(TalkSite.city(
                List.of(TalkSite.shared(FIRE, Action.READ, Action.CHANGE), TalkSite.shared(POLICE, Action.READ)))));
    }

    private void start(TalkSite with) throws Exception {
        talk = with;
        sockets = new SocketSite(CALLERS::get, talk.participants, talk.access, talk.transactions);
        talk.directory.follow(change -> change.tell(sockets.site));
        Audit audit = entry -> {
            talk.transactions.afterCommit(() -> written.add(entry));
            return UUID.randomUUID();
        };
        Spurts spurts = new Spurts(talk.transactions, new TalkFolder(folder), talk.access, audit);
        door = new DeviceDoor(
                sockets.site,
                talk.participants,
                sockets.workers,
                spurts,
                talk.access,
                audit,
                caller -> !signedOff.contains(caller.subject()),
                talk.transactions,
                talk.clock);
        mvc = MockMvcBuilders.standaloneSetup(door)
                .setCustomArgumentResolvers(new BySeat())
                .setHandlerExceptionResolvers(refusals(), new DefaultHandlerExceptionResolver())
                .build();
        joint = talk.directory.of(DISPATCH).stream()
                .filter(facts -> facts.name().equals("Joint"))
                .findFirst()
                .orElseThrow()
                .group()
                .id();
    }

    private static final class BySeat implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Caller.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                ModelAndViewContainer container,
                NativeWebRequest request,
                WebDataBinderFactory binders) {
            return CALLERS.get(request.getHeader("Seat"));
        }
    }

    /** As the server's advice does for all doors. */
    private static HandlerExceptionResolver refusals() {
        return (request, response, handler, failure) -> {
            if (!(failure instanceof ConurbException refused)) {
                return null;
            }
            try {
                response.sendError(refused.category().status(), refused.detail());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return new ModelAndView();
        };
    }

    @AfterEach
    void stop() throws Exception {
        for (WebRtcClient peer : peers) {
            peer.close();
        }
        sockets.close();
        talk.close();
    }

    private MockHttpServletResponse by(String seat, MockHttpServletRequestBuilder request) throws Exception {
        return mvc.perform(request.header("Seat", seat)).andReturn().getResponse();
    }

    private MockHttpServletResponse offer(String seat, String path, String sdp) throws Exception {
        return by(seat, post(path).contentType("application/sdp").content(sdp));
    }

    private WebRtcClient peer() throws IOException {
        WebRtcClient peer = new WebRtcClient(keys);
        peers.add(peer);
        return peer;
    }

    private record Session(WebRtcClient peer, String location) {}

    private Session open(String seat, String path, Direction direction) throws Exception {
        WebRtcClient peer = peer();
        MockHttpServletResponse answer = offer(seat, path, peer.offerAudio(direction));
        assertThat(answer.getStatus()).isEqualTo(201);
        assertThat(answer.getContentType()).isEqualTo("application/sdp");
        assertThat(answer.getContentAsString()).startsWith("v=0").contains("m=audio", "opus/48000");
        String location = answer.getHeader("Location");
        assertThat(location).startsWith(path.substring(0, 10) + "/sessions/");
        peer.connect(answer.getContentAsString(), null);
        return new Session(peer, location);
    }

    private Session listen(String seat) throws Exception {
        int before = state().joined();
        Session session = open(seat, "/whep/talk/" + joint, Direction.RECEIVE);
        TalkSite.await("it to be counted", () -> state().joined() == before + 1);
        return session;
    }

    private Session talk(String seat) throws Exception {
        return open(seat, "/whip/talk/" + joint, Direction.SEND);
    }

    private CallState state() {
        return sockets.site.state(joint);
    }

    private void awaitTalkers(Participant... who) {
        TalkSite.await("the talkers", () -> state().talkers().equals(List.of(who)));
    }

    private List<String> actions() {
        return written.stream().map(AuditEntry::action).toList();
    }

    private static void speak(Session session, int sequence) throws IOException {
        ByteBuffer rtp = ByteBuffer.allocate(40).putShort((short) 0x806f).putShort((short) sequence);
        rtp.putInt(sequence * 960).putInt(77).putInt(sequence);
        session.peer.sendRtp(rtp.array(), 40, sequence);
    }

    /** What was put into the next packet that is heard. */
    private static int hear(Session session) {
        ByteBuffer datagram = ByteBuffer.allocate(2_000);
        DatagramChannel channel = session.peer.channel();
        int[] heard = {-1};
        TalkSite.await("a packet", () -> {
            try {
                int read = channel.read(datagram.clear());
                boolean voice = read > 0 && session.peer.openRtp(datagram.array(), read) >= 0;
                heard[0] = voice ? datagram.getInt(12) : -1;
                return voice;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return heard[0];
    }

    @Test
    void whatADeviceSaysIsHeardByADeviceThatListensAndByWhoIsThere() throws Exception {
        Device duty = sockets.greeted("duty");
        Session speaker = listen("dispatch-1");
        Session gateway = talk("fire-chief");
        awaitTalkers(FIRE_CHIEF);
        assertThat(duty.await("transmission").path("party").path("id").asString())
                .isEqualTo(FIRE_CHIEF.mcpttId());

        speak(gateway, 1);
        speak(gateway, 2);
        assertThat(hear(speaker)).isEqualTo(1);
        assertThat(hear(speaker)).isEqualTo(2);
        assertThat(actions()).containsExactly("talk.live.read", "talk.connected");
        AuditEntry read = written.getFirst();
        assertThat(read.grant()).isEqualTo(Optional.of(new UUID(0, 1)));
        assertThat(read.facts()).containsEntry("from", "2026-03-01T08:00:00Z");

        assertThat(by("fire-chief", delete(gateway.location)).getStatus()).isEqualTo(200);
        awaitTalkers();
        duty.await("transmission-end");
    }

    @Test
    void whoOpenedASessionEndsItAndNobodyElse() throws Exception {
        Session speaker = listen("dispatch-1");
        int joined = state().joined();
        assertThat(by("duty", delete(speaker.location)).getStatus()).isEqualTo(404);
        assertThat(by(
                                "dispatch-1",
                                patch(speaker.location)
                                        .contentType("application/trickle-ice-sdpfrag")
                                        .content("a=end-of-candidates"))
                        .getStatus())
                .as("neither trickle nor restart")
                .isEqualTo(405);
        assertThat(state().joined()).isEqualTo(joined);

        assertThat(by("dispatch-1", delete(speaker.location)).getStatus()).isEqualTo(200);
        TalkSite.await("it to be gone", () -> state().joined() == joined - 1);
        assertThat(by("dispatch-1", delete(speaker.location)).getStatus()).isEqualTo(404);
        assertThat(by("dispatch-1", delete("/whep/talk/sessions/none")).getStatus())
                .isEqualTo(404);
    }

    @Test
    void withoutAPurposeNobodyListens() throws Exception {
        talk.access.withoutPurpose();
        assertThat(offer("dispatch-1", "/whep/talk/" + joint, peer().offerAudio(Direction.RECEIVE))
                        .getStatus())
                .isEqualTo(403);
        nothingHappened();
    }

    @Test
    void othersGroupsAreNotThereAsUnknownOnes() throws Exception {
        String unknown = joint.substring(0, joint.length() - 12) + "0123456789ab";
        for (String door : List.of("/whep/talk/", "/whip/talk/")) {
            Direction direction = door.startsWith("/whep") ? Direction.RECEIVE : Direction.SEND;
            MockHttpServletResponse forbidden = offer("head", door + joint, peer().offerAudio(direction));
            MockHttpServletResponse absent = offer("head", door + unknown, peer().offerAudio(direction));
            assertThat(forbidden.getStatus()).isEqualTo(404);
            assertThat(absent.getStatus()).isEqualTo(404);
            assertThat(forbidden.getErrorMessage().replace(joint, "it"))
                    .isEqualTo(absent.getErrorMessage().replace(unknown, "it"));
        }
        nothingHappened();
    }

    @Test
    void whoMayOnlyListenDoesNotTalk() throws Exception {
        assertThat(offer("police-desk", "/whip/talk/" + joint, peer().offerAudio(Direction.SEND))
                        .getStatus())
                .isEqualTo(403);
        nothingHappened();
        listen("police-desk");
    }

    @Test
    void anOfferThatIsNoneChangesNothing() throws Exception {
        String video = peer().offerVideo(Direction.SEND);
        for (String bad : List.of("", "nonsense", "v=0\r\n", video, "v=0\r\n" + "a=x\r\n".repeat(20_000))) {
            for (String path : List.of("/whep/talk/" + joint, "/whip/talk/" + joint)) {
                int status = offer("dispatch-1", path, bad).getStatus();
                assertThat(status).as("%.20s to %s", bad, path).isIn(400, 406, 409, 422);
            }
        }
        MockHttpServletResponse text = by(
                "dispatch-1",
                post("/whep/talk/" + joint).contentType("text/plain").content(peer().offerAudio(Direction.RECEIVE)));
        assertThat(text.getStatus()).isEqualTo(415);
        nothingHappened();
        listen("dispatch-1");
        assertThat(actions()).as("nothing of the refused ones is remembered").containsExactly("talk.live.read");
    }

    private void nothingHappened() throws Exception {
        assertThat(written).isEmpty();
        assertThat(sockets.site.connected().get()).isEmpty();
        assertThat(state().joined()).isZero();
        assertThat(door.open()).isZero();
    }

    @Test
    void theEndOfThePurposeEndsTheStream() throws Exception {
        sockets.greeted("duty"); // one talks to somebody, not to devices alone
        Session speaker = listen("dispatch-1");
        Session gateway = talk("fire-chief");
        awaitTalkers(FIRE_CHIEF);
        int joined = state().joined();
        door.look();
        assertThat(state().joined()).as("it stands").isEqualTo(joined);

        talk.access.withoutPurpose();
        door.look();
        TalkSite.await("the listener to be gone", () -> state().joined() == joined - 1);
        assertThat(by("dispatch-1", delete(speaker.location)).getStatus()).isEqualTo(404);
        assertThat(state().talkers()).as("who talks needs none").containsExactly(FIRE_CHIEF);

        signedOff.add(CALLERS.get("fire-chief").subject());
        door.look();
        awaitTalkers();
        assertThat(by("fire-chief", delete(gateway.location)).getStatus()).isEqualTo(404);
    }

    @Test
    void eachHourThatIsHeardIsWrittenOnce() throws Exception {
        listen("dispatch-1");
        listen("dispatch-1");
        door.look();
        assertThat(actions()).hasSize(1);
        talk.clock.advance(Duration.ofMinutes(61));
        door.look();
        door.look();
        assertThat(written)
                .extracting(entry -> entry.facts().get("from"))
                .containsExactly("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z");
    }

    @Test
    void aGroupThatIsNoMoreEndsItsDevices() throws Exception {
        sockets.greeted("duty");
        listen("dispatch-1");
        talk("fire-chief");
        awaitTalkers(FIRE_CHIEF);
        door.look();
        assertThat(door.open()).isEqualTo(2);
        sockets.site.close(joint);
        door.look();
        TalkSite.await("both to be gone", () -> door.open() == 0);
    }
}
