package org.conurb.talk;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In how many calls one may be at once (TS 23.379 annex A, TS 22.280 5.4.2 and 5.5.2), counted for everyone over all calls.
 * Safe for many threads. An emergency is let in beyond every limit, and counts.
 */
final class CallLimits {
    private record Count(int groupCalls, int privateCalls) {
        static final Count NONE = new Count(0, 0);
    }

    private final int nc4;
    private final int nc5;
    private final int n10;
    private final Map<Participant, Count> counts = new ConcurrentHashMap<>();

    /**
     * @param nc4 group calls at once, 1 to 1,000
     * @param nc5 transmissions one hears at once, 1 to 16
     * @param n10 private calls at once, 1 to 100
     */
    CallLimits(int nc4, int nc5, int n10) {
        check("Nc4", nc4, 1_000);
        check("Nc5", nc5, 16);
        check("N10", n10, 100);
        this.nc4 = nc4;
        this.nc5 = nc5;
        this.n10 = n10;
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s is %d: it is 1 to %d.".formatted(name, value, most));
        }
    }

    /** Transmissions one hears at once. */
    int nc5() {
        return nc5;
    }

    /** @return whether there was room for one more, which counts now */
    boolean enter(Participant who, CallKind kind, Urgency urgency) {
        boolean[] entered = new boolean[1];
        counts.compute(who, (one, count) -> {
            Count before = count == null ? Count.NONE : count;
            int groupCalls = before.groupCalls + (kind.isPrivate() ? 0 : 1);
            int privateCalls = before.privateCalls + (kind.isPrivate() ? 1 : 0);
            boolean fits = kind.isPrivate() ? privateCalls <= n10 : groupCalls <= nc4;
            entered[0] = fits || urgency == Urgency.EMERGENCY;
            return entered[0] ? new Count(groupCalls, privateCalls) : count;
        });
        return entered[0];
    }

    void leave(Participant who, CallKind kind) {
        counts.computeIfPresent(who, (one, count) -> {
            int groupCalls = Math.max(0, count.groupCalls - (kind.isPrivate() ? 0 : 1));
            int privateCalls = Math.max(0, count.privateCalls - (kind.isPrivate() ? 1 : 0));
            return groupCalls + privateCalls == 0 ? null : new Count(groupCalls, privateCalls);
        });
    }

    int groupCalls(Participant who) {
        return counts.getOrDefault(who, Count.NONE).groupCalls;
    }

    int privateCalls(Participant who) {
        return counts.getOrDefault(who, Count.NONE).privateCalls;
    }
}
