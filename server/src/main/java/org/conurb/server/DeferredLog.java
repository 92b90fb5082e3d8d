package org.conurb.server;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Lines of the log are written by a thread for each of their ends (file, terminal), so that nobody who logs waits for a
 * disk or for a terminal that has stopped reading: not the floor, not a media worker. Where {@link #WAITING} wait at an
 * end, what comes then is lost to that end, and to no other.
 */
final class DeferredLog {
    static final int WAITING = 8_192;
    private static final int FLUSH_MILLIS = 2_000;

    private DeferredLog() {}

    /** Of the whole program; once, when its ends are known. They are written out when logging stops. */
    static void install() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        defer(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
    }

    static void defer(Logger logger) {
        List<Appender<ILoggingEvent>> ends = new ArrayList<>();
        logger.iteratorForAppenders().forEachRemaining(ends::add);
        for (Appender<ILoggingEvent> end : ends) {
            if (end instanceof AsyncAppender) {
                continue;
            }
            AsyncAppender later = new AsyncAppender();
            later.setContext(logger.getLoggerContext());
            later.setName(end.getName() + "-later");
            later.setQueueSize(WAITING);
            later.setDiscardingThreshold(0);
            later.setNeverBlock(true);
            later.setMaxFlushTime(FLUSH_MILLIS);
            later.addAppender(end);
            later.start();
            logger.detachAppender(end);
            logger.addAppender(later);
        }
    }
}
