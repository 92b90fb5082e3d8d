package org.conurb.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Constants;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's HTTP/1.1 with an end to its patience: its own time-outs begin anew with each byte, so a sender who drips
 * headers would hold a connection for ever. Whoever has not sent all headers in time is closed.
 */
public final class PatientHttp11Protocol extends Http11NioProtocol {
    private static final Duration HEADERS_WITHIN = Duration.ofSeconds(15);

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

    private void closeSlow() {
        long now = System.nanoTime();
        for (SocketWrapperBase<?> socket : getEndpoint().getConnections()) {
            if (socket.getCurrentProcessor() instanceof AbstractProcessor processor) {
                long began = processor.getRequest().getStartTimeNanos();
                // Between two reads of headers a request has begun and is nowhere: neither served nor waited for.
                int stage = processor.getRequest().getRequestProcessor().getStage();
                boolean inHeaders = (stage == Constants.STAGE_PARSE || stage == Constants.STAGE_ENDED)
                        && !processor.isAsync()
                        && !processor.isUpgrade();
                if (inHeaders && began > 0 && now - began > HEADERS_WITHIN.toNanos()) {
                    socket.close();
                }
            }
        }
    }
}
