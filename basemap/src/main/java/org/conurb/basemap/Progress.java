package org.conurb.basemap;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lines such as {@code basemap: 42 % ways}, which a caller can parse; percent never falls. Counting is safe from any
 * thread and cheap; one thread of its own prints, five times a second at most.
 */
final class Progress implements AutoCloseable {
    /** Steps in order, with the percent at which each starts. */
    enum Step {
        CHECKING(0),
        READING(2),
        NODES(20),
        WAYS(35),
        RELATIONS(60),
        TILES(65),
        DONE(100);

        private final int from;

        Step(int from) {
            this.from = from;
        }

        private int to() {
            return values()[Math.min(ordinal() + 1, values().length - 1)].from;
        }
    }

    private final PrintStream out;
    private final ScheduledExecutorService printer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("basemap-progress").factory());
    private volatile State state = new State(Step.CHECKING, 1, new LongAdder());
    private int shownPercent = -1;
    private Step shownStep = Step.CHECKING;

    private record State(Step step, long total, LongAdder done) {
        int percent() {
            double part = Math.min(1, done.sum() / (double) Math.max(1, total));
            return (int) (step.from + part * (step.to() - step.from));
        }
    }

    Progress(PrintStream out) {
        this.out = out;
        print();
        var unused = printer.scheduleWithFixedDelay(this::print, 200, 200, TimeUnit.MILLISECONDS);
    }

    /** Moves on to a later step; an earlier or the present one changes nothing. */
    synchronized void begin(Step step, long total) {
        if (step.compareTo(state.step) > 0) {
            state = new State(step, total, new LongAdder());
        }
    }

    /** Counts one thing done of the present step. */
    void advance() {
        state.done.increment();
    }

    Step step() {
        return state.step;
    }

    private synchronized void print() {
        State now = state;
        int percent = now.percent();
        if (percent > shownPercent || now.step != shownStep) {
            out.printf("basemap: %d %% %s%n", percent, now.step.name().toLowerCase(java.util.Locale.ROOT));
            out.flush();
            shownPercent = percent;
            shownStep = now.step;
        }
    }

    /** A line of its own for something the user should know. */
    synchronized void say(String line) {
        out.println("basemap: " + line);
        out.flush();
    }

    @Override
    public void close() {
        printer.shutdown();
        print();
    }
}
