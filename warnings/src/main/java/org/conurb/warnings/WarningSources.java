package org.conurb.warnings;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.conurb.kernel.Health;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks at each source in its own time, and ends warnings whose time is over; tells how the sources are. */
final class WarningSources implements SmartLifecycle, Health {
    private static final Logger LOG = LoggerFactory.getLogger(WarningSources.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final List<Source> sources;
    private final Warnings warnings;
    private final WarningsSettings settings;
    private final Clock clock;
    private final Map<Source, SourceState> states = new ConcurrentHashMap<>();
    private final Instant startedAt;
    private @Nullable ScheduledThreadPoolExecutor timer;

    WarningSources(List<Source> sources, Warnings warnings, WarningsSettings settings, Clock clock) {
        this.sources = List.copyOf(sources);
        this.warnings = warnings;
        this.settings = settings;
        this.clock = clock;
        this.startedAt = clock.instant();
        sources.forEach(source -> states.put(source, SourceState.fresh(startedAt)));
    }

    @Override
    public synchronized void start() {
        // One thread each: a feed that hangs delays neither the others nor the ending of warnings.
        ScheduledThreadPoolExecutor all = new ScheduledThreadPoolExecutor(
                sources.size() + 1, Thread.ofVirtual().name("warnings-", 0).factory());
        timer = all;
        every(all, settings.expiryEvery(), this::endDue);
        for (Source source : sources) {
            Duration every = source.configured().every();
            every(all, every.compareTo(SHORTEST) < 0 ? SHORTEST : every, () -> poll(source));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its tasks end with the timer, and never by themselves
    private static void every(ScheduledThreadPoolExecutor timer, Duration time, Runnable task) {
        timer.scheduleWithFixedDelay(task, 0, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }

    private void endDue() {
        try {
            int ended = warnings.endDue();
            if (ended > 0) {
                LOG.atInfo().addKeyValue("count", ended).log("warnings.ended");
            }
        } catch (RuntimeException e) { // else the timer would never come back
            LOG.atError().setCause(e).log("warnings.end-failed");
        }
    }

    /** Looks at one source; nothing it throws stops the next look. */
    void poll(Source source) {
        SourceRound round;
        try {
            round = source.poll();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("source", source.configured().location())
                    .setCause(e)
                    .log("warnings.source-broke");
            round = SourceRound.failed("%s: our own fault, see the log"
                    .formatted(source.configured().location()));
        }
        if (round.taken() > 0 || round.refused() > 0) {
            LOG.atInfo()
                    .addKeyValue("source", source.configured().location())
                    .addKeyValue("taken", round.taken())
                    .addKeyValue("refused", round.refused())
                    .log("warnings.polled");
        }
        SourceRound brought = round;
        SourceState before = states.getOrDefault(source, SourceState.fresh(startedAt));
        SourceState after = before.after(brought, clock.instant());
        states.put(source, after);
        if (after.problem().isPresent() && !after.problem().equals(before.problem())) {
            LOG.atWarn().addKeyValue("problem", after.problem().get()).log("warnings.source-problem");
        }
    }

    @Override
    public Reading read() {
        if (sources.isEmpty()) {
            return new Reading("warnings.sources", State.OK, startedAt, "No feed or folder is set up.", "");
        }
        Map<Source, SourceState> now = new LinkedHashMap<>();
        sources.forEach(source -> now.put(source, states.getOrDefault(source, SourceState.fresh(startedAt))));
        List<SourceState> troubled = now.values().stream()
                .filter(state -> state.problem().isPresent())
                .toList();
        String detail = now.entrySet().stream()
                .map(each -> tell(each.getKey(), each.getValue()))
                .collect(Collectors.joining("; "));
        Instant since = (troubled.isEmpty() ? now.values() : troubled)
                .stream().map(SourceState::since).min(Instant::compareTo).orElse(startedAt);
        return troubled.isEmpty()
                ? new Reading("warnings.sources", State.OK, since, detail, "")
                : new Reading(
                        "warnings.sources",
                        State.DEGRADED,
                        since,
                        detail,
                        "Look at the named feed or folder; it is tried again by itself. Warnings can be sent by POST"
                                + " /api/warnings meanwhile.");
    }

    private static String tell(Source source, SourceState state) {
        String read = state.succeededAt().map(at -> "read " + at).orElse("not read yet");
        String counts = "%d taken, %d refused".formatted(state.taken(), state.refused());
        return "%s: %s, %s%s"
                .formatted(
                        source.configured().location(),
                        read,
                        counts,
                        state.problem().map(problem -> " (" + problem + ")").orElse(""));
    }
}
