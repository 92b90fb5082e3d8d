package org.conurb.talk;

import static org.conurb.talk.Schedule.Fault.LEAVES_UNTOLD;
import static org.conurb.talk.Schedule.Fault.POSITIONS_SWALLOWED;
import static org.conurb.talk.Schedule.Fault.URGENCY_IGNORED;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One life of one or two calls, made by chance of a seed: who is in them, by which policy, and what happens, step by step,
 * at which times. After each step {@link FloorChecker} looks at all that came out. The same seed gives the same life.
 */
final class Schedule {
    /** What is broken on purpose, to see that it is found. */
    enum Fault {
        NONE,
        /** The floor always has room. */
        ROOM_FOR_ALL,
        /** Nobody who waits is granted. */
        NOBODY_IS_NEXT,
        /** Leaving is not told to the arbiter. */
        LEAVES_UNTOLD,
        /** The arbiter waits a day for media. */
        SILENCE_UNHEARD,
        /** The arbiter lets everyone talk for a day. */
        TALKS_UNLIMITED,
        /** Whatever is asked, is asked as routine. */
        URGENCY_IGNORED,
        /** Who waits is not told where. */
        POSITIONS_SWALLOWED
    }

    private static final long MILLI = 1_000_000;
    private static final int TRACE = 30;

    private final long seed;
    private final Fault fault;
    private final Random random;
    private final Chance chance;
    private final List<Side> sides = new ArrayList<>();
    private final FloorChecker checker = new FloorChecker();
    private final Map<Participant, Boolean> reliable = new LinkedHashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private long now = 1_000 * MILLI;
    private boolean patched;
    private int steps;

    /** A group, its arbiter and who may be in it. */
    final class Side implements FloorOutput {
        final int number;
        final TalkGroup group;
        final FloorArbiter arbiter;
        final List<Participant> people;
        private final Map<Participant, Integer> lostInARow = new LinkedHashMap<>();

        Side(int number, TalkGroup group) {
            this.number = number;
            this.group = group;
            this.people = List.copyOf(group.members().keySet());
            TalkGroup told = withFault(group);
            arbiter = new FloorArbiter(told, this, floor(told));
        }

        @Override
        public void send(Participant to, FloorMessage message) {
            note("   to " + to + " " + message);
            boolean swallowed = fault == POSITIONS_SWALLOWED && message instanceof FloorMessage.QueuePositionInfo;
            checker.sent(this, to, message, !swallowed && arrives(to));
        }

        /** On an unreliable path up to three messages in a row are lost. */
        private boolean arrives(Participant to) {
            if (reliable(to)) {
                return true;
            }
            int lost = lostInARow.getOrDefault(to, 0);
            boolean arrives = lost == 3 || random.nextInt(10) < 6;
            lostInARow.put(to, arrives ? 0 : lost + 1);
            return arrives;
        }

        @Override
        public void permit(Participant talker, boolean mayTalk) {
            note("   gate of " + talker + (mayTalk ? " opens" : " shuts"));
            checker.permitted(this, talker, mayTalk);
        }
    }

    Schedule(long seed, Fault fault) {
        this.seed = seed;
        this.fault = fault;
        this.random = new Random(seed);
        this.chance = new Chance(random);
        random.nextInt();
        Side first = new Side(0, group(0));
        sides.add(first);
        if (!first.group.kind().isPrivate() && first.group.kind() != CallKind.BROADCAST && random.nextInt(3) == 0) {
            sides.add(new Side(1, group(1)));
        }
        checker.begin(sides);
    }

    /**
     * @return how many steps there were
     * @throws AssertionError with the seed and what happened last
     */
    int run() {
        try {
            for (int left = 40 + random.nextInt(100); left > 0; left--) {
                goOn();
                step();
                check();
            }
            comeToRest();
            return steps;
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "Schedule of seed %d, step %d: %s%nAlone: -Dconurb.talk.seed=%d -Dconurb.talk.schedules=1%nLast of it:%n%s"
                            .formatted(seed, steps, failure, seed, shortened(String.join("\n", trace))),
                    failure);
        }
    }

    private void check() {
        steps++;
        checker.at(now);
        for (Side side : sides) {
            side.arbiter.tick(now);
        }
        checker.check(now);
    }

    private static String shortened(String trace) {
        return trace.replaceAll("sip:(seat-\\d-\\d)(\\.seat)?@alder.example", "$1")
                .replaceAll("GrantedParty\\[mcpttId=([^,]*), functionalAlias=[^]]*]", "$1")
                .replaceAll(", (indicator=FloorIndicator\\[bits=\\d+]|ssrc=0|phrase=|mayRequest=\\w+)", "");
    }

    private void note(String what) {
        trace.addLast(what);
        if (trace.size() > TRACE) {
            trace.removeFirst();
        }
    }

    private boolean reliable(Participant who) {
        return reliable.computeIfAbsent(who, one -> random.nextInt(4) > 0);
    }

    // ---- who and by which rules

    private TalkGroup group(int number) {
        CallKind kind = switch (number == 0 ? random.nextInt(10) : 9) {
            case 0 -> CallKind.PRIVATE;
            case 1 -> CallKind.PRIVATE_WITHOUT_FLOOR;
            case 2 -> CallKind.BROADCAST;
            case 3, 4 -> CallKind.TEMPORARY;
            case 5, 6, 7 -> CallKind.PRE_ARRANGED;
            default -> CallKind.CHAT;
        };
        int people = kind.isPrivate() ? 2 : 2 + random.nextInt(6);
        Map<Participant, Membership> members = new LinkedHashMap<>();
        for (int i = 0; i < people; i++) {
            // the first two of the second group may be of the first as well
            int of = number == 1 && i < 2 && random.nextBoolean() ? 0 : number;
            members.put(TestFloor.seat("seat-" + of + "-" + i), chance.membership());
        }
        FloorPolicy policy = chance.policy(kind == CallKind.BROADCAST);
        return new TalkGroup(
                "sip:group-" + number + "@alder.example", kind, TestFloor.FIRE, policy, Math.max(2, people), members);
    }

    private TalkGroup withFault(TalkGroup group) {
        FloorTimers t = group.policy().timers();
        Duration day = Duration.ofDays(1);
        FloorTimers timers = switch (fault) {
            case SILENCE_UNHEARD ->
                new FloorTimers(day, t.t2(), t.t2Warning(), t.t3(), t.t4(), t.t7(), t.t8(), t.t9(), t.t20(), 5, 3);
            case TALKS_UNLIMITED ->
                new FloorTimers(t.t1(), day, t.t2Warning(), t.t3(), t.t4(), t.t7(), t.t8(), t.t9(), t.t20(), 5, 3);
            default -> t;
        };
        FloorPolicy p = group.policy();
        return new TalkGroup(
                group.id(),
                group.kind(),
                group.owner(),
                new FloorPolicy(p.talkers(), p.queueLimit(), p.override(), p.preemptFrom(), timers),
                group.capacity(),
                group.members());
    }

    private Floor floor(TalkGroup group) {
        return switch (fault) {
            case ROOM_FOR_ALL ->
                new Floor(group) {
                    @Override
                    boolean hasRoom() {
                        return true;
                    }
                };
            case NOBODY_IS_NEXT ->
                new Floor(group) {
                    @Override
                    void fill() {}
                };
            default -> new Floor(group);
        };
    }

    // ---- what happens

    private void goOn() {
        long timer =
                sides.stream().mapToLong(side -> side.arbiter.nextTimer()).min().orElse(FloorArbiter.NEVER);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {} // the same moment
            case 3, 4, 5, 6 -> now += random.nextInt(100) * MILLI;
            case 7, 8 -> now += random.nextInt(1_500) * MILLI;
            case 9 -> now = timer == FloorArbiter.NEVER ? now : Math.max(now, timer - 1);
            case 10 -> now = timer == FloorArbiter.NEVER ? now : Math.max(now, timer);
            default -> now += random.nextInt(20) == 0 ? Duration.ofHours(1).toNanos() : 10_000 * MILLI;
        }
    }

    private void step() {
        Side side = sides.get(random.nextInt(sides.size()));
        Participant who = side.people.get(random.nextInt(side.people.size()));
        // some of these come from a clock that went back
        long at = random.nextInt(50) == 0 ? now - random.nextInt(5_000) * MILLI : now;
        checker.at(at);
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3, 4, 5 -> request(side, who, Urgency.ROUTINE, at);
            case 6 -> request(side, who, Urgency.IMMINENT_PERIL, at);
            case 7, 8 -> request(side, who, Urgency.EMERGENCY, at);
            case 9, 10, 11 -> release(side, who, at);
            case 12, 13, 14, 15, 16 -> media(side, who, at);
            case 17, 18, 19, 20 -> join(side, who, at);
            case 21 -> leave(side, who, at);
            case 22 -> {
                note("%d position of %s".formatted(side.number, who));
                side.arbiter.queuePosition(who, at);
            }
            case 23 -> cancel(side, who, at);
            case 24 -> force(side, who, at);
            case 25 -> raise(side, who, at);
            case 26 -> lower(side, who, at);
            case 27 -> acknowledge(side, who, at);
            case 28 -> progress(side, at);
            default -> patchOrNot(at);
        }
    }

    private void request(Side side, Participant who, Urgency urgency, long at) {
        int priority = chance.of(0, 10, 200, 255);
        note("%d at %d ms %s asks %d %s".formatted(side.number, at / MILLI, who, priority, urgency));
        checker.asks(side, who, priority, urgency, at);
        side.arbiter.request(who, priority, fault == URGENCY_IGNORED ? Urgency.ROUTINE : urgency, at);
        checker.isAnswered(side, who);
    }

    private void release(Side side, Participant who, long at) {
        note("%d at %d ms %s releases".formatted(side.number, at / MILLI, who));
        side.arbiter.release(who, at);
        checker.released(side, who);
    }

    private void media(Side side, Participant who, long at) {
        Participant from = who;
        if (random.nextInt(4) > 0 && !side.arbiter.talkers().isEmpty()) {
            from = side.arbiter
                    .talkers()
                    .get(random.nextInt(side.arbiter.talkers().size()));
        }
        note("%d at %d ms media of %s".formatted(side.number, at / MILLI, from));
        boolean pass = side.arbiter.mediaArrived(from, at);
        checker.media(side, from, pass);
    }

    private void join(Side side, Participant who, long at) {
        boolean reliable = reliable(who);
        note("%d at %d ms %s joins%s".formatted(side.number, at / MILLI, who, reliable ? "" : " with losses"));
        checker.joins(side, who, reliable, at);
        side.arbiter.join(who, side.group.membership(who).orElseThrow(), reliable, at);
    }

    private void leave(Side side, Participant who, long at) {
        note("%d at %d ms %s leaves".formatted(side.number, at / MILLI, who));
        checker.leaves(side, who, at);
        if (fault != LEAVES_UNTOLD) {
            side.arbiter.leave(who, at);
        }
    }

    private void cancel(Side side, Participant whom, long at) {
        Participant by = side.people.get(random.nextInt(side.people.size()));
        note("%d at %d ms %s cancels the request of %s".formatted(side.number, at / MILLI, by, whom));
        side.arbiter.cancelQueued(by, whom, at);
    }

    private void force(Side side, Participant whom, long at) {
        Participant by = side.people.get(random.nextInt(side.people.size()));
        note("%d at %d ms %s releases %s by force".formatted(side.number, at / MILLI, by, whom));
        side.arbiter.forcedRelease(by, whom, at);
    }

    private void raise(Side side, Participant who, long at) {
        Urgency urgency = random.nextBoolean() ? Urgency.EMERGENCY : Urgency.IMMINENT_PERIL;
        note("%d at %d ms %s is in %s".formatted(side.number, at / MILLI, who, urgency));
        checker.raises(side, who, urgency, at);
        if (fault != URGENCY_IGNORED) {
            side.arbiter.raise(who, urgency, at);
        }
    }

    private void lower(Side side, Participant who, long at) {
        note("%d at %d ms %s is in no emergency".formatted(side.number, at / MILLI, who));
        checker.lowers(side, who, at);
        side.arbiter.lower(who, at);
    }

    private void acknowledge(Side side, Participant who, long at) {
        note("%d at %d ms %s acknowledges".formatted(side.number, at / MILLI, who));
        side.arbiter.acknowledge(who, at);
    }

    private void progress(Side side, long at) {
        Urgency urgency = Urgency.values()[random.nextInt(3)];
        note("%d at %d ms is in %s".formatted(side.number, at / MILLI, urgency));
        side.arbiter.inProgress(urgency, at);
    }

    private void patchOrNot(long at) {
        if (sides.size() < 2) {
            return;
        }
        note("at %d ms %s".formatted(at / MILLI, patched ? "unpatch" : "patch"));
        sides.forEach(side -> side.arbiter.tick(at));
        patched = !patched;
        checker.patched(patched);
        if (patched) {
            sides.get(0).arbiter.patch(sides.get(1).arbiter, at);
        } else {
            sides.get(0).arbiter.unpatch(sides.get(1).arbiter, at);
        }
    }

    /** Nobody does anything any more: in bounded time nobody talks or waits, and everybody knows it. */
    private void comeToRest() {
        for (int i = 0; i < 2_000; i++) {
            long timer = sides.stream()
                    .mapToLong(side -> side.arbiter.nextTimer())
                    .min()
                    .orElseThrow();
            if (timer == FloorArbiter.NEVER) {
                checker.rests();
                return;
            }
            now = Math.max(now, timer);
            note("at %d ms rest".formatted(now / MILLI));
            check();
        }
        throw new AssertionError("It does not come to rest.");
    }
}
