package org.conurb.talk;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Caller;
import org.conurb.media.Ear;
import org.conurb.media.MediaSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A browser or phone behind its socket. What it is told waits in a queue that one virtual thread empties; who does not read
 * for as long as the queue fills is cut off, and comes again.
 */
final class SocketClient implements TalkClient {
    private static final Logger LOG = LoggerFactory.getLogger(SocketClient.class);
    private static final int MOST_WAITING = 1_024;
    private static final Object END = new Object();

    private final String id = "ws-" + UUID.randomUUID();
    private final Session session;
    private final Caller caller;
    private final BooleanSupplier holds;
    private final Mouth mouth = new Mouth();
    /** What is done on this client's own thread once the text is written. */
    private record Said(String text, Runnable written) {}

    /** Notices, texts, and the end. */
    private final BlockingQueue<Object> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Participant participant;
    private volatile @Nullable NoticeTexts texts;
    private volatile String device = "";
    private volatile List<Ear> ears = List.of();
    private volatile @Nullable MediaSession media;

    SocketClient(Session session, Caller caller, BooleanSupplier holds) {
        this.session = session;
        this.caller = caller;
        this.holds = holds;
        Thread.ofVirtual().name("talk-socket").start(this::send);
    }

    Caller caller() {
        return caller;
    }

    /** Whether its sign-in still does. */
    boolean holds() {
        return holds.getAsBoolean();
    }

    /** It has said as whom it takes part. @param device that the client keeps over reconnections */
    void greet(Participant as, String device, NoticeTexts texts) {
        this.participant = as;
        this.device = device;
        this.texts = texts;
    }

    boolean isGreeted() {
        return participant != null;
    }

    String device() {
        return device;
    }

    @Nullable
    MediaSession media() {
        return media;
    }

    void media(@Nullable MediaSession now, List<Ear> heardBy) {
        media = now;
        ears = heardBy;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Participant participant() {
        return Objects.requireNonNull(participant, "said nothing yet");
    }

    @Override
    public boolean isReliable() {
        return true;
    }

    @Override
    public List<Ear> ears() {
        return ears;
    }

    @Override
    public Mouth mouth() {
        return mouth;
    }

    @Override
    public void tell(TalkNotice notice) {
        put(notice);
    }

    void say(ObjectNode message) {
        put(message.toString());
    }

    /** @param written done on a thread that may wait, once the message has gone to the connection */
    void say(ObjectNode message, Runnable written) {
        put(new Said(message.toString(), written));
    }

    private void put(Object what) {
        if (!closed.get() && !waiting.offer(what)) {
            close(CloseReason.CloseCodes.TRY_AGAIN_LATER, "The reader is too slow.");
        }
    }

    private void send() {
        try {
            for (Object next = waiting.take(); next != END; next = waiting.take()) {
                session.getBasicRemote().sendText(text(next));
                if (next instanceof Said said) {
                    done(said);
                }
            }
        } catch (IOException | IllegalStateException gone) {
            close(CloseReason.CloseCodes.GOING_AWAY, "");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void done(Said said) {
        try {
            said.written.run();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("talk.written-failed");
        }
    }

    /** Written on this client's own thread, not on the floor's. */
    private String text(Object next) {
        return switch (next) {
            case TalkNotice notice ->
                Objects.requireNonNull(texts, "told before it said hello").of(notice, participant());
            case Said said -> said.text;
            default -> (String) next;
        };
    }

    /** From any thread; does not wait. */
    void close(CloseReason.CloseCode code, String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        waiting.clear();
        if (!waiting.offer(END)) {
            throw new IllegalStateException("A queue that was emptied has room");
        }
        Thread.ofVirtual().name("talk-socket-end").start(() -> {
            try {
                session.close(new CloseReason(code, reason));
            } catch (IOException gone) {
                // as wanted
            }
        });
    }

    /** The socket is gone: nothing is sent any more. */
    void gone() {
        closed.set(true);
        waiting.clear();
        boolean told = waiting.offer(END);
        assert told;
    }
}
