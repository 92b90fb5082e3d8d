package org.conurb.video;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The loops that read from cameras: as many as are set, or one for each so many cameras and at most one a core. */
final class NetworkLoops implements AutoCloseable {
    static final int CAMERAS_EACH = 200;

    private final int most;
    private final int camerasEach;
    private final Duration wakeEvery;
    private final LongSupplier nanoTime;
    private final Map<NetworkLoop, Integer> cameras = new LinkedHashMap<>();

    /** @param set how many; 0 for as many as the cameras need */
    NetworkLoops(int set, int cores, int camerasEach, Duration wakeEvery, LongSupplier nanoTime) {
        this.most = set > 0 ? set : cores;
        this.camerasEach = set > 0 ? 0 : camerasEach;
        this.wakeEvery = wakeEvery;
        this.nanoTime = nanoTime;
    }

    /** The loop with the fewest cameras, for one more. */
    synchronized NetworkLoop take() {
        NetworkLoop loop = cameras.entrySet().stream()
                .min(Comparator.comparingInt(Map.Entry::getValue))
                .filter(fewest -> fewest.getValue() < camerasEach || cameras.size() == most)
                .map(Map.Entry::getKey)
                .orElseGet(this::another);
        cameras.merge(loop, 1, Integer::sum);
        return loop;
    }

    private NetworkLoop another() {
        NetworkLoop loop = new NetworkLoop("video-loop-" + cameras.size(), wakeEvery, nanoTime);
        loop.start();
        return loop;
    }

    /** A camera has left it. */
    synchronized void give(NetworkLoop loop) {
        cameras.merge(loop, -1, Integer::sum);
    }

    synchronized int size() {
        return cameras.size();
    }

    /** The longest that a packet waited for its loop within the last minute. */
    synchronized Duration lag() {
        return cameras.keySet().stream()
                .map(NetworkLoop::longestTurn)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        cameras.keySet().forEach(NetworkLoop::close);
    }
}
