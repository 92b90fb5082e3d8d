package org.conurb.talk;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.conurb.hub.Standing;
import org.conurb.kernel.BadRequest;
import org.conurb.kernel.Caller;
import org.conurb.kernel.Denied;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The door for consoles and phones: one WebSocket (RFC 6455) a client, whose messages docs/asyncapi/talk.yaml describes. Signed
 * in as everywhere; a page of another site is refused, as browsers send cookies here from any.
 */
@RestController
class SocketDoor {
    static final String PROTOCOL = "conurb.talk.v1";
    private static final int MOST = 20_000;

    private final SocketRoom room;
    private final Standing standing;
    private final AtomicInteger open = new AtomicInteger();

    SocketDoor(SocketRoom room, Standing standing) {
        this.room = room;
        this.standing = standing;
    }

    @GetMapping("/api/talk/socket")
    void open(Caller caller, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            throw new BadRequest(
                    "talk-socket",
                    "This address is a WebSocket.",
                    "Open it as one, with the subprotocol %s.".formatted(PROTOCOL));
        }
        demandOwnPage(request);
        String offered = request.getHeader("Sec-WebSocket-Protocol");
        if (offered == null
                || Arrays.stream(offered.split(","))
                        .noneMatch(each -> each.strip().equals(PROTOCOL))) {
            throw new BadRequest(
                    "talk-protocol",
                    "The socket does not offer the subprotocol %s.".formatted(PROTOCOL),
                    "Offer it in Sec-WebSocket-Protocol.");
        }
        if (open.get() >= MOST) {
            throw new TalkBusy("All %d sockets of talk are taken.".formatted(MOST));
        }
        SocketEndpoint endpoint = new SocketEndpoint(room, caller, standing.of(caller, request), open::decrementAndGet);
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(SocketEndpoint.class, "/api/talk/socket")
                .subprotocols(List.of(PROTOCOL))
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                        return type.cast(endpoint);
                    }
                })
                .build();
        ServerContainer container = (ServerContainer)
                Objects.requireNonNull(request.getServletContext().getAttribute(ServerContainer.class.getName()));
        try {
            container.upgradeHttpToWebSocket(request, response, config, Map.of());
            open.incrementAndGet();
        } catch (DeploymentException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Browsers tell the page's origin and let any page open a socket with the cookie of ours (RFC 6455 §10.2). */
    private static void demandOwnPage(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null && request.getHeader("Authorization") != null) {
            return; // an app
        }
        URI page = origin == null ? null : uri(origin);
        int port =
                page == null ? -1 : page.getPort() >= 0 ? page.getPort() : "https".equals(page.getScheme()) ? 443 : 80;
        boolean own = page != null
                && request.getServerName().equalsIgnoreCase(page.getHost())
                && (port == request.getServerPort() || request.getHeader("Authorization") != null);
        if (!own) {
            throw new Denied(
                    "The page that opens this socket is not of this site.",
                    "Open it from the console, or as an app with a bearer token.");
        }
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }
}
