package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Voice to many, and the floor: beside mumble-server and Janus where they are installed, each server on the same one core. */
final class TalkBench {
    private static final int LISTENERS = 3_500;
    private static final int CALLS = 36;
    private static final int LISTENERS_OF_A_CALL = 100;
    private static final int WARM_SECONDS = 5;
    /** Java's compilers take the same core, and need longer. */
    private static final int WARM_SECONDS_OF_OURS = 20;

    private static final int SECONDS = 15;
    private static final double MOST_MICROSECONDS = 5;
    private static final double MOST_P99_MS = 50;

    /** Listeners of the peers: as many as they serve without loss on one core. */
    private static final int OF_MUMBLE = 1_000;

    private static final int OF_JANUS = 500;
    private static final double CHEAPER_THAN_MUMBLE = 2;
    private static final double CHEAPER_THAN_JANUS = 6;

    enum Part {
        ALL,
        /** One talker and thousands, beside the peers. */
        LISTENERS,
        CALLS,
        FLOOR,
        /** Press to first packet, and late entry. */
        ACCESS,
        JOINS;

        boolean has(Part other) {
            return this == ALL || this == other;
        }
    }

    private interface Measurement {
        void of(TalkCity city) throws IOException, InterruptedException;
    }

    private final PrintStream progress;
    private final Path scratch;
    private final List<Goal> goals = new ArrayList<>();

    private TalkBench(PrintStream progress, Path scratch) {
        this.progress = progress;
        this.scratch = scratch;
    }

    static List<Goal> run(PrintStream progress, Part part) throws IOException, InterruptedException {
        if (!Cores.canPin()) {
            progress.println("bench talk: no second core or no taskset here: server and load share what there is");
        }
        Cores.pinSelf(Cores.LOAD);
        try (Scratch scratch = Scratch.named("talk")) {
            TalkBench bench = new TalkBench(progress, scratch.folder());
            bench.run(part);
            return bench.goals;
        } finally {
            Cores.freeSelf();
        }
    }

    private void run(Part part) throws IOException, InterruptedException {
        if (part.has(Part.LISTENERS)) {
            listeners();
        }
        if (part.has(Part.CALLS)) {
            in("calls", true, this::calls);
        }
        if (part.has(Part.FLOOR)) {
            in("floor", false, city -> TalkFloor.run(progress, city, goals));
        }
        if (part.has(Part.ACCESS)) {
            in("access", false, city -> TalkAccess.run(progress, city, goals));
        }
        if (part.has(Part.JOINS)) {
            in("joins", true, city -> TalkJoins.run(progress, city, goals));
        }
    }

    private void in(String name, boolean alone, Measurement measurement) throws IOException, InterruptedException {
        try (TalkCity city = TalkCity.start(scratch.resolve(name), alone)) {
            measurement.of(city);
        }
    }

    private void listeners() throws IOException, InterruptedException {
        Optional<Delivered> mumble = mumble();
        Optional<Delivered> janus = janus();
        in("listeners", true, city -> {
            Delivered ours;
            try (TalkCrowd crowd = TalkCrowd.of(city, 1)) {
                ours = new VoiceRun(1, LISTENERS, WARM_SECONDS_OF_OURS, SECONDS).measure(crowd, progress);
            }
            came("%d listeners of one talker".formatted(LISTENERS), ours);
            goals.add(Goal.atMost(
                    "CPU of the server for a delivered packet (%.0f listeners a core)"
                            .formatted(ours.listenersOfACore()),
                    ours.microsecondsEach(),
                    "us",
                    MOST_MICROSECONDS));
            mumble.ifPresent(peer -> ratio("mumble-server", peer, ours, CHEAPER_THAN_MUMBLE));
            janus.ifPresent(peer -> ratio("Janus", peer, ours, CHEAPER_THAN_JANUS));
        });
    }

    private void calls(TalkCity city) throws IOException, InterruptedException {
        try (TalkCrowd crowd = TalkCrowd.of(city, CALLS)) {
            came(
                    "%d calls of %d listeners".formatted(CALLS, LISTENERS_OF_A_CALL),
                    new VoiceRun(CALLS, LISTENERS_OF_A_CALL, WARM_SECONDS_OF_OURS, SECONDS).measure(crowd, progress));
        }
    }

    private void came(String what, Delivered delivered) {
        goals.add(Goal.atMost(
                "%s: lost of %d packets".formatted(what, delivered.expected()), delivered.lost(), "packets", 0));
        goals.add(Goal.atMost(
                "%s: sent to heard, p99 (p50 %.1f, p95 %.1f)"
                        .formatted(what, delivered.p50Millis(), delivered.p95Millis()),
                delivered.p99Millis(),
                "ms",
                MOST_P99_MS));
        goals.add(Goal.atMost("%s: packets of another voice".formatted(what), delivered.astray(), "packets", 0));
    }

    private void ratio(String peer, Delivered theirs, Delivered ours, double target) {
        goals.add(Goal.atLeast(
                "CPU of %s over ours (%d listeners, lost %d, p99 %.1f ms, %.2f us, %.0f a core)"
                        .formatted(
                                peer,
                                theirs.listeners(),
                                theirs.lost(),
                                theirs.p99Millis(),
                                theirs.microsecondsEach(),
                                theirs.listenersOfACore()),
                theirs.microsecondsEach() / ours.microsecondsEach(),
                "x",
                target));
    }

    private Optional<Delivered> mumble() throws IOException, InterruptedException {
        Optional<Path> program = MumblePeer.installed();
        if (program.isEmpty()) {
            progress.println("bench talk: no mumble-server here to compare with (apt-get install mumble-server)");
            return Optional.empty();
        }
        try (VoiceServer peer = MumblePeer.start(program.get(), scratch.resolve("mumble"), OF_MUMBLE)) {
            return Optional.of(new VoiceRun(1, OF_MUMBLE, WARM_SECONDS, SECONDS).measure(peer, progress));
        }
    }

    private Optional<Delivered> janus() throws IOException, InterruptedException {
        Optional<Path> program = JanusPeer.installed();
        if (program.isEmpty()) {
            progress.println("bench talk: no Janus here to compare with (apt-get install janus)");
            return Optional.empty();
        }
        try (VoiceServer peer = JanusPeer.start(program.get(), scratch.resolve("janus"))) {
            return Optional.of(new VoiceRun(1, OF_JANUS, WARM_SECONDS, SECONDS).measure(peer, progress));
        }
    }
}
