package org.conurb.video;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.conurb.kernel.Health;
import org.conurb.media.MediaWorkers;

/** How busy video is: as meters, and in one line of the operations page. */
final class VideoFigures implements Health, MeterBinder {
    /** What a packet may wait for its loop; cameras stop sending when their windows are full, some seconds later. */
    private static final Duration LATE = Duration.ofMillis(500);

    private final CameraStreams streams;
    private final LiveSessions sessions;
    private final MediaWorkers workers;
    private final Clock clock;

    VideoFigures(CameraStreams streams, LiveSessions sessions, MediaWorkers workers, Clock clock) {
        this.streams = streams;
        this.sessions = sessions;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (CameraStatus.State state : CameraStatus.State.values()) {
            Gauge.builder("conurb.video.cameras", streams, all -> all.totals().in(state))
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        gauge(
                registry,
                "conurb.video.received",
                "bits per second",
                all -> all.totals().bitsPerSecond());
        gauge(
                registry,
                "conurb.video.lost",
                "packets of the streams that come now",
                all -> all.totals().lostPackets());
        gauge(registry, "conurb.video.loops", "threads that read from cameras", CameraStreams::loops);
        gauge(registry, "conurb.video.substreams", "sub streams that are connected", CameraStreams::subs);
        gauge(registry, "conurb.video.writers.waiting", "recorders that wait for a writer", CameraStreams::waiting);
        TimeGauge.builder(
                        "conurb.video.loops.lag",
                        streams,
                        TimeUnit.NANOSECONDS,
                        all -> all.lag().toNanos())
                .description("longest turn of a loop within the last minute: what packets waited for")
                .register(registry);
        counter(registry, "conurb.video.written", "bytes", all -> all.totals().bytesWritten());
        counter(
                registry,
                "conurb.video.fragments",
                "fragments",
                all -> all.totals().fragmentsWritten());
        Gauge.builder("conurb.video.sessions", sessions, LiveSessions::open)
                .description("live viewers and publishers")
                .register(registry);
        media(registry, "sent", "RTP packets", MediaWorkers.Figures::sent);
        media(registry, "unsent", "RTP packets too long or too late to be sent", MediaWorkers.Figures::unsent);
        media(registry, "dropped", "datagrams that found no room", MediaWorkers.Figures::dropped);
        media(registry, "forged", "packets with a wrong tag, or seen before", MediaWorkers.Figures::forged);
        media(registry, "restarts", "workers that failed and were started again", MediaWorkers.Figures::restarts);
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<CameraStreams> of) {
        Gauge.builder(name, streams, of).description(what).register(registry);
    }

    private void counter(MeterRegistry registry, String name, String unit, ToDoubleFunction<CameraStreams> of) {
        FunctionCounter.builder(name, streams, of).baseUnit(unit).register(registry);
    }

    private void media(MeterRegistry registry, String name, String what, ToDoubleFunction<MediaWorkers.Figures> of) {
        FunctionCounter.builder("conurb.media." + name, workers, all -> of.applyAsDouble(all.figures()))
                .description(what)
                .register(registry);
    }

    @Override
    public Reading read() {
        Duration lag = streams.lag();
        MediaWorkers.Figures media = workers.figures();
        boolean late = lag.compareTo(LATE) > 0;
        String detail = "%d loops, packets waited %d ms at most; %d live, %d packets sent to them, %d found no room."
                .formatted(streams.loops(), lag.toMillis(), sessions.open(), media.sent(), media.dropped());
        return new Reading(
                "video.streams",
                late ? State.DEGRADED : State.OK,
                clock.instant(),
                detail,
                late ? "The machine is too busy for so many cameras: give it more cores, or smaller streams." : "");
    }
}
