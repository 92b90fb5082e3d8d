package org.conurb.hub;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets, once an hour, changes that are handled and no longer kept. */
final class HubHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HubHousekeeping.class);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Changes changes;
    private final Worker worker = new Worker("hub-housekeeping", this::run);

    HubHousekeeping(Changes changes) {
        this.changes = changes;
        worker.start();
    }

    private void run() {
        while (!worker.closed()) {
            worker.pause(HOUR);
            if (!worker.closed()) {
                try {
                    int forgotten = changes.purge();
                    LOG.atInfo().addKeyValue("changes", forgotten).log("hub.forgotten");
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).log("hub.forgetting-failed");
                }
            }
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
