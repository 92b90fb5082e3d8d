package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DeferredLogTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("root of a test");
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final List<String> file = new CopyOnWriteArrayList<>();

    private AppenderBase<ILoggingEvent> end(String name, java.util.function.Consumer<ILoggingEvent> write) {
        AppenderBase<ILoggingEvent> end = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                write.accept(event);
            }
        };
        end.setContext(context);
        end.setName(name);
        end.start();
        return end;
    }

    private void terminalStalls(ILoggingEvent event) {
        try {
            stalled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTerminalThatStopsReadingHoldsUpNobodyAndTheFileGetsAll() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        logger.setAdditive(false);
        logger.addAppender(end("terminal", this::terminalStalls));
        logger.addAppender(end(
                "file",
                event -> file.add(event.getFormattedMessage() + " "
                        + event.getKeyValuePairs().getFirst().value)));
        DeferredLog.defer(logger);
        DeferredLog.defer(logger); // as it is already

        int lines = DeferredLog.WAITING * 2;
        for (int line = 0; line < lines; ) { // would never end
            for (int end = line + 1_024; line < end; line++) {
                logger.atError().addKeyValue("line", line).log("told");
            }
            int told = line;
            TestSite.await("written", () -> file.size() == told);
        }
        assertThat(file).hasSize(lines).first().isEqualTo("told 0");
        assertThat(file).last().isEqualTo("told " + (lines - 1));
        stalled.countDown();
        context.stop();
    }
}
