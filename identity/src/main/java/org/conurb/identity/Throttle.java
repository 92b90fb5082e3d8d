package org.conurb.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down who guesses passwords. Three counts run side by side: of a name from an address, of a name, of an address.
 * Each lets a few attempts pass, then makes wait a second, doubled with each further one up to a limit. The limit of a
 * name alone is low, so that nobody can lock a dispatcher out. Unknown names count as known ones do. Memory is bounded: the
 * count touched longest ago is forgotten first. Safe for many threads.
 */
final class Throttle {
    private static final int MOST = 20_000;
    private static final Duration FORGIVEN_AFTER = Duration.ofHours(1);

    private enum Rule {
        NAME_FROM_ADDRESS(4, Duration.ofMinutes(15)),
        NAME(20, Duration.ofSeconds(30)),
        ADDRESS(40, Duration.ofSeconds(30));

        private final int free;
        private final Duration longest;

        Rule(int free, Duration longest) {
            this.free = free;
            this.longest = longest;
        }

        Duration pause(int attempts) {
            if (attempts < free) {
                return Duration.ZERO;
            }
            Duration doubled = Duration.ofSeconds(1L << Math.min(20, attempts - free));
            return doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    private record Key(Rule rule, String name, String address) {}

    private record Count(int attempts, Instant notBefore, Instant last) {}

    private final Clock clock;
    private final Map<Key, Count> counts = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Count> eldest) {
            return size() > MOST;
        }
    };

    Throttle(Clock clock) {
        this.clock = clock;
    }

    /**
     * Asks to try; an attempt counts as wrong until {@link #succeeded} takes it back, so many at once gain nothing.
     *
     * @param name empty where none is told, as with a passkey: then only the address counts
     * @return how long to wait first; empty when the attempt may be made, which is then counted
     */
    synchronized Optional<Duration> attempt(String name, String address) {
        Instant now = clock.instant();
        Duration wait = Duration.ZERO;
        for (Key key : keys(name, address)) {
            Count count = counts.get(key);
            if (count != null) {
                Duration left = Duration.between(now, count.notBefore());
                // A clock that was set back must not lock anybody out for longer than the rule's limit.
                left = left.compareTo(key.rule().longest) > 0 ? key.rule().longest : left;
                wait = left.compareTo(wait) > 0 ? left : wait;
            }
        }
        if (wait.isPositive()) {
            return Optional.of(wait);
        }
        for (Key key : keys(name, address)) {
            Count before = counts.get(key);
            int attempts =
                    before == null || before.last().plus(FORGIVEN_AFTER).isBefore(now) ? 1 : before.attempts() + 1;
            counts.put(key, new Count(attempts, now.plus(key.rule().pause(attempts)), now));
        }
        return Optional.empty();
    }

    /** The password was right: the name's counts start anew, and the address gets its attempt back. */
    synchronized void succeeded(String name, String address) {
        counts.remove(new Key(Rule.NAME_FROM_ADDRESS, name, address));
        counts.remove(new Key(Rule.NAME, name, ""));
        counts.computeIfPresent(
                new Key(Rule.ADDRESS, "", address),
                (key, count) -> new Count(Math.max(0, count.attempts() - 1), count.last(), count.last()));
    }

    synchronized int size() {
        return counts.size();
    }

    private static List<Key> keys(String name, String address) {
        Key ofAddress = new Key(Rule.ADDRESS, "", address);
        return name.isEmpty()
                ? List.of(ofAddress)
                : List.of(new Key(Rule.NAME_FROM_ADDRESS, name, address), new Key(Rule.NAME, name, ""), ofAddress);
    }
}
