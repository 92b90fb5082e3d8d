package org.conurb.benchmarks;

import java.util.Locale;

/**
 * How voice came through a server.
 *
 * @param sent packets by the talkers
 * @param expected packets at all listeners together, had none been lost
 * @param delivered packets at all listeners together, each counted once
 * @param astray packets of a voice that the listener does not hear, or of none
 * @param cpuSeconds of the server for these, less what it takes when nobody talks
 */
record Delivered(
        int listeners,
        long sent,
        long expected,
        long delivered,
        long astray,
        double p50Millis,
        double p95Millis,
        double p99Millis,
        double cpuSeconds) {
    long lost() {
        return expected - delivered;
    }

    double microsecondsEach() {
        return cpuSeconds * 1e6 / delivered;
    }

    /** How many listeners of one talker a core serves, were it to do nothing else. */
    double listenersOfACore() {
        return 1e6 / VoicePacket.PER_SECOND / microsecondsEach();
    }

    String told(String server) {
        return String.format(
                Locale.ROOT,
                "bench talk: %s: %d listeners: %d of %d packets, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms; %.2f us CPU each, %.0f listeners a core%s",
                server,
                listeners,
                delivered,
                expected,
                p50Millis,
                p95Millis,
                p99Millis,
                microsecondsEach(),
                listenersOfACore(),
                astray == 0 ? "" : "; " + astray + " astray");
    }
}
