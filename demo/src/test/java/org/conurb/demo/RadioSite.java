package org.conurb.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.conurb.media.MediaWorkers;
import org.conurb.media.RtpCodec;
import org.conurb.media.TrackWish;
import tools.jackson.databind.JsonNode;

/** What radios meet of a site, in a real Tomcat with real media workers: sign-in, socket and voice. What it says is the test's. */
final class RadioSite implements AutoCloseable {
    private static final Logger TOMCAT = Logger.getLogger("org.apache");
    private static final long PATIENCE = 10;

    private final Tomcat tomcat = new Tomcat();
    private final MediaWorkers workers = MediaWorkers.start(new MediaWorkers.Settings(
            InetAddress.getLoopbackAddress(),
            List.of(InetAddress.getLoopbackAddress()),
            0,
            -1,
            1,
            16,
            true,
            true,
            Clock.systemUTC(),
            System::nanoTime));
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    final List<Client> all = new CopyOnWriteArrayList<>();
    final List<String> registered = new CopyOnWriteArrayList<>();
    final List<String> removed = new CopyOnWriteArrayList<>();

    RadioSite(Path data) throws Exception {
        TOMCAT.setLevel(Level.SEVERE);
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        tomcat.setBaseDir(Files.createTempDirectory("conurb-tomcat").toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        Tomcat.addServlet(context, "site", new Pages()).setAsyncSupported(true);
        context.addServletMappingDecoded("/*", "site");
        tomcat.start();
        Files.writeString(
                data.resolve("ports.json"),
                "{\"address\":\"http://127.0.0.1:%d\"}"
                        .formatted(tomcat.getConnector().getLocalPort()));
        Files.writeString(data.resolve("bootstrap.json"), "{\"clientId\":\"installation\",\"clientSecret\":\"s\"}");
    }

    /** The radio of a unit, once it has its voice. */
    Client client(String unit) throws InterruptedException {
        await("the radio of " + unit, () -> clients.containsKey(unit) && clients.get(unit).connected);
        return Objects.requireNonNull(clients.get(unit));
    }

    static void await(String what, BooleanSupplier met) throws InterruptedException {
        for (int i = 0; i < PATIENCE * 100; i++) {
            if (met.getAsBoolean()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new AssertionError("Not within %d s: %s".formatted(PATIENCE, what));
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        workers.close();
    }

    private final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getRequestURI();
            if (path.equals("/api/talk/socket")) {
                upgrade(request, response);
            } else if (path.equals("/oauth2/token")) {
                answer(response, Map.of("access_token", login(request.getHeader("Authorization"))));
            } else if (request.getMethod().equals("GET")) {
                answer(
                        response,
                        Map.of("items", List.of(Map.of("name", "Radios of the demo's crews", "clientId", "old"))));
            } else if (request.getMethod().equals("DELETE")) {
                removed.add(path);
                answer(response, Map.of());
            } else {
                JsonNode body = HttpSite.JSON.readTree(request.getInputStream().readAllBytes());
                registered.add(body.path("organisation").asString() + " " + body.path("roles"));
                answer(
                        response,
                        Map.of("clientId", "radios-" + body.path("organisation").asString(), "clientSecret", "x"));
            }
        }

        private static String login(String basic) {
            String both = new String(java.util.Base64.getDecoder().decode(basic.substring(6)), UTF_8);
            return both.substring(0, both.indexOf(':'));
        }

        private static void answer(HttpServletResponse response, Object body) throws IOException {
            response.setContentType("application/json");
            response.getOutputStream().write(HttpSite.JSON.writeValueAsBytes(body));
        }

        private void upgrade(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Client client = new Client(request.getHeader("Authorization").substring(7));
            ServerEndpointConfig config = ServerEndpointConfig.Builder.create(Client.class, "/api/talk/socket")
                    .subprotocols(List.of(RadioLine.PROTOCOL))
                    .configurator(new ServerEndpointConfig.Configurator() {
                        @Override
                        public <T> T getEndpointInstance(Class<T> type) {
                            return type.cast(client);
                        }
                    })
                    .build();
            ServerContainer container = (ServerContainer)
                    Objects.requireNonNull(request.getServletContext().getAttribute(ServerContainer.class.getName()));
            try {
                container.upgradeHttpToWebSocket(request, response, config, Map.of());
            } catch (DeploymentException e) {
                throw new IOException(e);
            }
        }
    }

    /** The site's end of one radio. */
    final class Client extends Endpoint implements MessageHandler.Whole<String>, MediaListener {
        final String token;
        final BlockingQueue<JsonNode> said = new LinkedBlockingQueue<>();
        final List<byte[]> voice = new CopyOnWriteArrayList<>();
        volatile boolean connected;
        volatile boolean closed;
        private volatile Session socket;
        private volatile MediaSession media;
        private int number;

        Client(String token) {
            this.token = token;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.setMaxTextMessageBufferSize(1 << 16);
            session.addMessageHandler(this);
            socket = session;
            all.add(this);
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            closed = true;
        }

        @Override
        public void onMessage(String text) {
            JsonNode message = HttpSite.JSON.readTree(text);
            if (message.path("type").asString().equals("hello")) {
                clients.put(message.path("unit").asString(), this);
                tell(Map.of("type", "welcome"));
            } else if (message.path("type").asString().equals("offer")) {
                media = workers.open(
                        message.path("sdp").asString(),
                        List.of(new TrackWish("audio", TrackWish.Flow.BOTH, List.of(RtpCodec.opus()))),
                        this);
                tell(Map.of("type", "answer", "sdp", media.answer()));
            } else if (!message.path("type").asString().equals("ping")) {
                said.add(message);
            }
        }

        void tell(Map<String, Object> message) {
            try {
                synchronized (this) {
                    socket.getBasicRemote().sendText(HttpSite.JSON.writeValueAsString(message));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void hangUp() throws IOException {
            socket.close();
        }

        /** What it says next. */
        JsonNode next() throws InterruptedException {
            JsonNode message = said.poll(PATIENCE, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("It says nothing.");
            }
            return message;
        }

        /** Somebody's voice for its ear. */
        void play(int packets) throws InterruptedException {
            long before = workers.figures().sent();
            List<ByteBuffer> rtp = new ArrayList<>();
            for (int i = 0; i < packets; i++) {
                rtp.add(ByteBuffer.allocate(32)
                        .putShort((short) 0x806f)
                        .putShort((short) ++number)
                        .putInt(number * 960)
                        .putInt(99)
                        .clear());
            }
            media.execute(() -> rtp.forEach(one -> media.tracks().getFirst().send(one, System.nanoTime())));
            await("they are sent", () -> workers.figures().sent() >= before + packets);
        }

        @Override
        public void connected(MediaSession session) {
            connected = true;
        }

        @Override
        public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
            byte[] payload = new byte[rtp.remaining() - 12];
            rtp.get(rtp.position() + 12, payload);
            voice.add(payload);
        }
    }
}
