package org.conurb.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What many of one operation took.
 *
 * @param server CPU of the server for one, in milliseconds
 * @param postgres CPU of PostgreSQL for one, in milliseconds
 */
record Lap(int operations, double rate, double p50Millis, double p95Millis, double server, double postgres) {
    private static final int MOST = 1_000_000;

    /** One operation; whoever refuses throws. */
    @FunctionalInterface
    interface Operation {
        void once(Wire wire, RandomGenerator random) throws IOException;
    }

    /**
     * Does the operation on so many connections without pause, and measures what falls into the window.
     *
     * @param each how many operations one is, as entities of a batch
     */
    static Lap of(
            RunningSite site,
            String token,
            int connections,
            double warmUp,
            double window,
            int each,
            Operation operation)
            throws IOException, InterruptedException {
        long begins = System.nanoTime() + (long) (warmUp * 1e9);
        long ends = begins + (long) (window * 1e9);
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        List<long[]> delays = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(number);
                long[] took = new long[MOST / connections];
                int n = 0;
                try (Wire wire = new Wire(site.address(), token)) {
                    for (long began = System.nanoTime(); began < ends; ) {
                        operation.once(wire, random);
                        long now = System.nanoTime();
                        if (began >= begins && now <= ends && n < took.length) {
                            took[n++] = now - began;
                        }
                        began = now;
                    }
                } catch (IOException | RuntimeException e) {
                    failed.add(e);
                }
                synchronized (delays) {
                    delays.add(Arrays.copyOf(took, n));
                }
            }));
        }
        TimeUnit.NANOSECONDS.sleep(begins - System.nanoTime());
        double[] before = site.cpuSeconds();
        TimeUnit.NANOSECONDS.sleep(ends - System.nanoTime());
        double[] after = site.cpuSeconds();
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failed.isEmpty()) {
            throw new IOException("An operation failed", failed.getFirst());
        }
        long[] all = delays.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        double count = Math.max(1, (double) all.length * each);
        return new Lap(
                all.length * each,
                count / window,
                millis(all, 0.5),
                millis(all, 0.95),
                (after[0] - before[0]) * 1000 / count,
                (after[1] - before[1]) * 1000 / count);
    }

    static double millis(long[] sorted, double quantile) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e6;
    }

    /** CPU of all for one, in milliseconds. */
    double cpu() {
        return server + postgres;
    }

    String told(String name) {
        return String.format(
                Locale.ROOT,
                "  %-22s %8.0f/s  p50 %7.2f ms  p95 %7.2f ms  CPU %6.3f ms = server %.3f + PostgreSQL %.3f",
                name,
                rate,
                p50Millis,
                p95Millis,
                cpu(),
                server,
                postgres);
    }
}
