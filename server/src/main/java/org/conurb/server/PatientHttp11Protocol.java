package org.conurb.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/1.1 with an end to its patience: its own time-outs begin anew with each byte, so a sender who drips would
 * hold a connection and a thread for ever. Whoever has not sent all headers in time is closed, and whoever drips a body,
 * at whatever door: before sign-in too, where Spring reads forms by itself, and behind a refusal, where Tomcat reads what
 * is still to come. {@link RequestBodies} tells the rest of it in words, a little earlier.
 */
public final class PatientHttp11Protocol extends Http11NioProtocol {
    private static final Duration HEADERS_WITHIN = Duration.ofSeconds(15);
    /** So much later than {@link RequestBodies}, whose answer comes first. */
    private static final Duration LATER = Duration.ofSeconds(4);

    private final Map<Http11Processor, SocketWrapperBase<?>> atWork = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-patience").factory());

    @Override
    public void start() throws Exception {
        super.start();
        timer.scheduleWithFixedDelay(this::closeSlow, 2, 2, TimeUnit.SECONDS);
    }

    @Override
    public void stop() throws Exception {
        timer.shutdownNow();
        super.stop();
    }

    @Override
    protected Processor createProcessor() {
        return new Watched(getAdapter());
    }

    /** Tomcat takes a processor from its connection while it works: so this one says where it does. */
    private final class Watched extends Http11Processor {
        Watched(Adapter adapter) {
            super(PatientHttp11Protocol.this, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            atWork.put(this, socket);
            try {
                return super.service(socket);
            } finally {
                atWork.remove(this);
            }
        }
    }

    private void closeSlow() {
        long now = System.nanoTime();
        for (SocketWrapperBase<?> socket : getEndpoint().getConnections()) {
            if (socket.getCurrentProcessor() instanceof AbstractProcessor waiting) {
                closeSlow(waiting, socket, now);
            }
        }
        atWork.forEach((processor, socket) -> closeSlow(processor, socket, now));
    }

    private static void closeSlow(AbstractProcessor processor, SocketWrapperBase<?> socket, long now) {
        if (!processor.isAsync() && !processor.isUpgrade() && tooSlow(processor.getRequest(), now)) {
            socket.close();
        }
    }

    private static boolean tooSlow(Request request, long now) {
        long began = request.getStartTimeNanos();
        if (began <= 0) {
            return false;
        }
        Duration taken = Duration.ofNanos(now - began);
        return switch (request.getRequestProcessor().getStage()) {
            // Between two reads of headers a request has begun and is nowhere: neither served nor waited for.
            case Constants.STAGE_PARSE, Constants.STAGE_ENDED -> taken.compareTo(HEADERS_WITHIN) > 0;
            // Where nothing was read yet, it is we who are slow.
            case Constants.STAGE_SERVICE ->
                request.getBytesRead() > 0
                        && !request.isFinished()
                        && (isFile(request)
                                ? RequestBodies.fileTooSlow(request.getBytesRead(), taken.minus(LATER))
                                : RequestBodies.tooSlow(request.getBytesRead(), taken.minus(LATER)));
            case Constants.STAGE_ENDINPUT ->
                !request.isFinished() && RequestBodies.tooSlow(Long.MAX_VALUE, taken.minus(LATER));
            default -> false;
        };
    }

    private static boolean isFile(Request request) {
        return RequestBodies.isFile(
                String.valueOf(request.getMethod()),
                String.valueOf(request.requestURI().toString()));
    }
}
