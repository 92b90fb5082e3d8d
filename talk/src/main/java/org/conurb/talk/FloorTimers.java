package org.conurb.talk;

import java.time.Duration;

/**
 * Timers and counters of the floor control server (TS 24.380 11.1.3 and 11.2.2), each above zero and at most a day.
 *
 * @param t1 end of RTP media: silence after which a talk is over
 * @param t2 stop talking: longest talk, from its first packet on
 * @param t2Warning how long before T2 the talker is warned; shorter than T2
 * @param t3 stop talking grace: how long one may go on after Floor Revoke
 * @param t4 inactivity: an idle floor after which the call is told inactive
 * @param t7 Floor Idle is sent again to clients on an unreliable path
 * @param t8 Floor Revoke is sent again, at least this far apart
 * @param t9 retry-after: no floor for who talked too long or was released by force, unless urgent
 * @param t20 Floor Granted is sent again to one who waited, on an unreliable path, until its media comes
 * @param c7 how often T7 repeats, 0 to 100
 * @param c20 how often T20 repeats, 0 to 100
 */
record FloorTimers(
        Duration t1,
        Duration t2,
        Duration t2Warning,
        Duration t3,
        Duration t4,
        Duration t7,
        Duration t8,
        Duration t9,
        Duration t20,
        int c7,
        int c20) {
    private static final Duration LONGEST = Duration.ofDays(1);

    FloorTimers {
        check("T1", t1);
        check("T2", t2);
        check("T2's warning", t2Warning);
        check("T3", t3);
        check("T4", t4);
        check("T7", t7);
        check("T8", t8);
        check("T9", t9);
        check("T20", t20);
        if (t2Warning.compareTo(t2) >= 0) {
            throw new IllegalArgumentException(
                    "The warning comes %s before the end of a talk of %s. Take less.".formatted(t2Warning, t2));
        }
        if (c7 < 0 || c7 > 100 || c20 < 0 || c20 > 100) {
            throw new IllegalArgumentException("C7 is %d and C20 %d: they are 0 to 100.".formatted(c7, c20));
        }
    }

    /** What the tables recommend, and what they leave open as we have it. */
    static FloorTimers standard() {
        return new FloorTimers(
                Duration.ofSeconds(4),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                10,
                3);
    }

    private static void check(String name, Duration value) {
        if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "%s is %s: it is above zero and at most %s.".formatted(name, value, LONGEST));
        }
    }
}
