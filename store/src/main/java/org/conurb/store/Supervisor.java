package org.conurb.store;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the postmaster running: when it ends without being told to, it is started again, at once and then ever more
 * slowly, up to every five seconds. The field {@code postmaster} is guarded by this object.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration RECOVERY = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 2_000;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Cluster cluster;
    private final Runnable onRestart;
    private final ScheduledExecutorService timer;
    private final int port;

    private @Nullable Postmaster postmaster;
    private volatile boolean closing;
    private boolean closed;
    private volatile int restarts;

    private Supervisor(Cluster cluster, Postmaster postmaster, Runnable onRestart) {
        this.cluster = cluster;
        this.onRestart = onRestart;
        this.port = postmaster.port();
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("postgres-supervisor").factory());
        watch(postmaster);
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::prune, 1, 1, TimeUnit.HOURS);
    }

    /** @param onRestart told after each restart, to drop connections that are dead */
    static Supervisor over(Cluster cluster, int port, Runnable onRestart) throws IOException {
        return new Supervisor(cluster, Postmaster.open(cluster, port, RECOVERY), onRestart);
    }

    int port() {
        return port;
    }

    int restarts() {
        return restarts;
    }

    synchronized long pid() {
        return postmaster == null ? -1 : postmaster.pid();
    }

    private synchronized void watch(Postmaster started) {
        postmaster = started;
        started.ended().thenRunAsync(() -> lost(started), timer);
    }

    private synchronized void lost(Postmaster which) {
        if (closing || postmaster != which) {
            return;
        }
        LOG.atError().addKeyValue("pid", which.pid()).log("postgres.lost");
        postmaster = null;
        timer.schedule(() -> restart(100), 0, TimeUnit.MILLISECONDS);
    }

    private synchronized void restart(long pauseMillis) {
        if (closing) {
            return;
        }
        try {
            watch(Postmaster.open(cluster, port, RECOVERY));
            restarts++;
            onRestart.run();
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("postgres.restart.failed");
            long next = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
            timer.schedule(() -> restart(next), pauseMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** One that we adopted is not our child; where nobody buries it, its end is not told. */
    private synchronized void look() {
        if (postmaster != null && !postmaster.alive()) {
            lost(postmaster);
        }
    }

    private void prune() {
        try {
            Postmaster.pruneLogs(cluster);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("postgres.log.not-pruned");
        }
    }

    /** Stops PostgreSQL within ten seconds. */
    @Override
    public void close() {
        closing = true;
        timer.shutdownNow(); // ends a restart that is under way
        synchronized (this) {
            if (!closed && postmaster != null) {
                postmaster.stop();
            }
            closed = true;
        }
    }
}
