package org.conurb.talk;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.conurb.hub.Standing;
import org.conurb.kernel.Access;
import org.conurb.kernel.Caller;
import org.conurb.kernel.ConurbException;
import org.conurb.kernel.Ids;
import org.conurb.kernel.Json;
import org.conurb.kernel.NotFound;
import org.conurb.kernel.OrganisationId;
import org.conurb.kernel.Role;
import org.conurb.media.Fanout;
import org.conurb.media.MediaWorkers;
import org.conurb.media.WebRtcClient;
import org.conurb.store.Transactions;
import org.conurb.testkit.FakeAccess;
import org.conurb.testkit.FakeAudit;
import org.conurb.testkit.TestStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The socket's door in a real Tomcat, with real media workers; who comes says by a header which seat it has. */
final class SocketSite implements AutoCloseable {
    static final OrganisationId FIRE = new OrganisationId("fire");
    static final String GROUP = "urn:ngsi-ld:TalkGroup:0198f000-0000-7000-8000-000000000001";

    private static final AsyncApi API = AsyncApi.read();
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private final Tomcat tomcat = new Tomcat();
    private final WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Device> devices = new ArrayList<>();
    final FakeAudit audit = new FakeAudit();
    final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            2,
            64,
            true,
            true,
            Clock.systemUTC(),
            System::nanoTime));
    final ControllingFunction site = new ControllingFunction(
            new Fanout(System::nanoTime),
            new CallLimits(100, 8, 4),
            (one, other) -> true,
            new Ids(Clock.systemUTC(), new Random(7)),
            Clock.systemUTC(),
            System::nanoTime);
    /** What a device was told that docs/asyncapi/talk.yaml does not say; looked at when the site closes. */
    private final List<String> undescribed = new CopyOnWriteArrayList<>();

    final Set<String> gone = ConcurrentHashMap.newKeySet();
    final SocketRoom room;

    SocketSite() throws Exception {
        this(SocketSite::caller, new Seats(), FakeAccess.to("fire"), TestStore.with());
        open(GROUP, CallKind.CHAT);
    }

    /** @param callers who sits on a seat */
    SocketSite(Function<String, Caller> callers, Participants participants, Access access, Transactions transactions)
            throws Exception {
        TOMCAT.setLevel(Level.SEVERE);
        room = new SocketRoom(site, participants, new VoiceSessions(workers, site), access, audit, transactions);
        site.start();
        room.start();
        SocketDoor door = new SocketDoor(room, new Standing() {
            @Override
            public boolean holds(Caller caller) {
                return !gone.contains(caller.seat().orElse(""));
            }
        });
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        tomcat.setBaseDir(Files.createTempDirectory("conurb-tomcat").toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        Tomcat.addServlet(context, "talk", new HttpServlet() {
                    @Override
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        try {
                            door.open(callers.apply(request.getHeader("Seat")), request, response);
                        } catch (ConurbException refused) {
                            response.sendError(refused.category().status(), refused.code());
                        }
                    }
                })
                .setAsyncSupported(true);
        context.addServletMappingDecoded("/api/talk/socket", "talk");
        tomcat.start();
    }

    void open(String id, CallKind kind) {
        Map<Participant, Membership> members = new LinkedHashMap<>();
        members.put(Seats.of("dispatch-1"), Membership.dispatching(200));
        for (int i = 1; i <= 9; i++) {
            members.put(Seats.of("e" + i), Membership.talking(100));
        }
        TalkGroup group = new TalkGroup(id, kind, FIRE, FloorPolicy.standard(), 100, members);
        site.open(new GroupFacts(group, "Fire", GroupFacts.Origin.STANDING, Optional.empty(), true));
    }

    private static Caller caller(String seat) {
        return new Caller(
                "person:" + seat,
                seat,
                FIRE,
                Optional.of(seat),
                Set.of(Role.DISPATCHER),
                Optional.empty(),
                Optional.empty());
    }

    private static final class Seats implements Participants {
        static Participant of(String seat) {
            return new Participant("sip:%s@alder".formatted(seat), null, FIRE);
        }

        @Override
        public Participant of(Caller caller, Optional<String> unit) {
            return of(caller.seat().orElseThrow(() -> new NotFound("seat", "none")));
        }

        @Override
        public Optional<Participant> find(String mcpttId) {
            return mcpttId.endsWith("@alder") ? Optional.of(new Participant(mcpttId, null, FIRE)) : Optional.empty();
        }

        @Override
        public boolean reach(OrganisationId one, OrganisationId other) {
            return true;
        }

        @Override
        public String name(Participant who) {
            return who.mcpttId().substring(4, who.mcpttId().indexOf('@'));
        }
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    WebSocket.Builder builder(String seat) {
        return http.newWebSocketBuilder()
                .subprotocols(SocketDoor.PROTOCOL)
                .header("Seat", seat)
                .header("Authorization", "Bearer none");
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:%d/api/talk/socket".formatted(port()));
    }

    Device device(String seat) throws Exception {
        Device device = new Device(seat);
        devices.add(device);
        return device;
    }

    /** One that has said hello. */
    Device greeted(String seat) throws Exception {
        Device device = device(seat);
        device.say("{\"type\":\"hello\",\"client\":\"%s\"}".formatted(seat));
        device.await("welcome");
        device.await("group");
        return device;
    }

    /** The same device and its voice on another socket. */
    Device again(Device before) throws Exception {
        Device device = greeted(before.seat);
        device.voice = before.voice;
        before.voice = null;
        return device;
    }

    @Override
    public void close() throws Exception {
        for (Device device : devices) {
            device.socket.abort();
            if (device.voice != null) {
                device.voice.close();
            }
        }
        room.close();
        tomcat.stop();
        tomcat.destroy();
        site.close();
        workers.close();
        assertThat(undescribed).isEmpty();
    }

    /** A client with a socket and, if it wants, a voice. */
    final class Device implements WebSocket.Listener {
        final String seat;
        final WebSocket socket;
        final BlockingQueue<JsonNode> told = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        volatile int closedWith;

        @Nullable
        WebRtcClient voice;

        Device(String seat) throws Exception {
            this.seat = seat;
            socket = builder(seat).buildAsync(uri(), this).get(10, TimeUnit.SECONDS);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                JsonNode message = Json.mapper().readTree(partial.toString());
                undescribed.addAll(API.faults(message));
                told.add(message);
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closedWith = code;
            return null;
        }

        void say(String message) throws Exception {
            socket.sendText(message, true).get(10, TimeUnit.SECONDS);
        }

        /** The next message of that type; others before it are passed over. */
        JsonNode await(String type) throws Exception {
            while (true) {
                JsonNode next = next(type);
                if (next.path("type").stringValue().equals(type)) {
                    return next;
                }
            }
        }

        JsonNode next() throws Exception {
            return next("something");
        }

        private JsonNode next(String awaited) throws Exception {
            JsonNode next = told.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("No %s came.".formatted(awaited));
            }
            return next;
        }

        void join() throws Exception {
            say("{\"type\":\"affiliate\",\"group\":\"%s\",\"id\":\"join\"}".formatted(GROUP));
            await("done");
        }

        void connectVoice() throws Exception {
            WebRtcClient client = new WebRtcClient(keys);
            voice = client;
            String offer = Json.mapper().writeValueAsString(client.offerAudio(WebRtcClient.Direction.BOTH));
            say("{\"type\":\"offer\",\"sdp\":%s}".formatted(offer));
            client.connect(await("answer").path("sdp").stringValue(), null);
            site.connected().get(10, TimeUnit.SECONDS);
        }

        /** To another port, as a phone does that leaves a Wi-Fi. */
        void moveVoice() throws Exception {
            WebRtcClient client = java.util.Objects.requireNonNull(voice);
            String offer = Json.mapper().writeValueAsString(client.offerRestart());
            say("{\"type\":\"offer\",\"restart\":true,\"sdp\":%s}".formatted(offer));
            client.move(await("answer").path("sdp").stringValue(), null);
        }

        void speak(int sequence) throws Exception {
            ByteBuffer rtp = ByteBuffer.allocate(40).putShort((short) 0x806f).putShort((short) sequence);
            rtp.putInt(sequence * 960).putInt(77).putInt(sequence);
            if (voice != null) {
                voice.sendRtp(rtp.array(), 40, sequence);
            }
        }

        /** What the speaker put into the next packet that is heard; -1 for silence. */
        int hear(int patienceMillis) throws Exception {
            ByteBuffer datagram = ByteBuffer.allocate(2_000);
            for (int waited = 0; voice != null && waited < patienceMillis; ) {
                int read = voice.channel().read(datagram.clear());
                if (read > 0 && voice.openRtp(datagram.array(), read) >= 0) {
                    return datagram.getInt(12);
                }
                if (read <= 0) {
                    Thread.sleep(5);
                    waited += 5;
                }
            }
            return -1;
        }
    }
}
