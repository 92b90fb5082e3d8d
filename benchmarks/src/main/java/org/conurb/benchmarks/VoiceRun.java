package org.conurb.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One measurement of one server, the same for all: listeners join, nobody talks for some seconds, then voices talk at 50
 * packets a second, first to warm up and then to be counted.
 *
 * @param voices that talk at the same time, evenly apart within the 20 ms
 * @param listeners of each voice
 */
record VoiceRun(int voices, int listeners, int warmSeconds, int seconds) {
    private static final int SETTLE_SECONDS = 3;
    private static final int IDLE_SECONDS = 5;
    private static final int STRAGGLERS_MS = 1_000;
    private static final int TOLD_EACH = 500;

    Delivered measure(VoiceServer server, PrintStream progress) throws IOException, InterruptedException {
        int warm = warmSeconds * VoicePacket.PER_SECOND;
        int counted = seconds * VoicePacket.PER_SECOND;
        Deliveries deliveries = new Deliveries(voices, warm, counted);
        try (UdpCrowd crowd = new UdpCrowd()) {
            join(server, crowd, deliveries, progress);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            double began = server.cpuSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            double idle = (server.cpuSeconds() - began) / IDLE_SECONDS;
            talk(server, deliveries, 0, warm);
            if (deliveries.early() == 0) {
                throw new IOException(
                        "None of %d listeners heard anything of %s".formatted(crowd.size(), server.name()));
            }
            double before = server.cpuSeconds();
            double load = loadSeconds();
            long from = System.nanoTime();
            talk(server, deliveries, warm, counted);
            load = (loadSeconds() - load) / ((System.nanoTime() - from) / 1e9);
            TimeUnit.MILLISECONDS.sleep(STRAGGLERS_MS);
            double took = server.cpuSeconds() - before - idle * (System.nanoTime() - from) / 1e9;
            crowd.check();
            Delivered delivered = deliveries.delivered(took);
            progress.printf(
                    "%s; %.0f ms a second when nobody talks; load %.0f %% of its core%n",
                    delivered.told(server.name()), idle * 1e3, load * 100);
            return delivered;
        }
    }

    /** What this process takes: a load that has no time left measures itself. */
    private static double loadSeconds() throws IOException {
        return RunningSite.cpuSeconds(ProcessHandle.current().pid());
    }

    private void join(VoiceServer server, UdpCrowd crowd, Deliveries deliveries, PrintStream progress)
            throws IOException, InterruptedException {
        for (int i = 0; i < listeners; i++) {
            for (int voice = 0; voice < voices; voice++) {
                server.join(voice, crowd, deliveries);
                if (crowd.size() % TOLD_EACH == 0) {
                    progress.printf("bench talk: %s: %d listeners have joined%n", server.name(), crowd.size());
                }
            }
        }
    }

    /** What is late is sent at once, so that none is left out. */
    private void talk(VoiceServer server, Deliveries deliveries, int from, int count)
            throws IOException, InterruptedException {
        long every = TimeUnit.SECONDS.toNanos(1) / VoicePacket.PER_SECOND / voices;
        long began = System.nanoTime();
        for (long i = 0; i < (long) count * voices; i++) {
            long due = began + i * every;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            int voice = (int) (i % voices);
            int number = from + (int) (i / voices);
            deliveries.sent(voice, number);
            server.say(voice, number);
        }
    }
}
