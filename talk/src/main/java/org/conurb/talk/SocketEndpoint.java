package org.conurb.talk;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Caller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One socket from its beginning to its end: hands on what is said, within bounds. The container calls one method at a time. */
final class SocketEndpoint extends Endpoint implements MessageHandler.Whole<String> {
    private static final Logger LOG = LoggerFactory.getLogger(SocketEndpoint.class);
    static final int LONGEST = 64 << 10;
    private static final long SILENCE_MILLIS = 90_000;

    private final SocketRoom room;
    private final Caller caller;
    private final BooleanSupplier holds;
    private final Runnable ended;
    private final MessageRate rate = new MessageRate(System::nanoTime);
    private @Nullable SocketClient client;

    SocketEndpoint(SocketRoom room, Caller caller, BooleanSupplier holds, Runnable ended) {
        this.room = room;
        this.caller = caller;
        this.holds = holds;
        this.ended = ended;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.setMaxTextMessageBufferSize(LONGEST);
        session.setMaxBinaryMessageBufferSize(1);
        session.setMaxIdleTimeout(SILENCE_MILLIS);
        client = new SocketClient(session, caller, holds);
        room.opened(client);
        session.addMessageHandler(this);
    }

    @Override
    public void onMessage(String text) {
        SocketClient to = client;
        if (to == null) {
            return;
        }
        if (!rate.admits()) {
            to.close(
                    CloseReason.CloseCodes.VIOLATED_POLICY,
                    "More than %d messages a second.".formatted(MessageRate.A_SECOND));
            return;
        }
        room.said(to, text);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        ended.run();
        SocketClient gone = client;
        if (gone == null) {
            return;
        }
        CloseReason.CloseCode code = reason.getCloseCode();
        if (code == CloseReason.CloseCodes.NORMAL_CLOSURE || code == CloseReason.CloseCodes.GOING_AWAY) {
            room.ended(gone);
        } else {
            room.broken(gone);
        }
    }

    @Override
    public void onError(Session session, Throwable cause) {
        LOG.atDebug().setCause(cause).addKeyValue("caller", caller.subject()).log("talk.socket-failed");
    }
}
