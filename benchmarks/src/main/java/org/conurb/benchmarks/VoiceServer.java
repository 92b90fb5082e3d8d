package org.conurb.benchmarks;

import java.io.IOException;

/** A server that carries voices to listeners, ours or another: what the load asks of it. */
interface VoiceServer extends AutoCloseable {
    String name();

    /** CPU seconds so far, all threads. */
    double cpuSeconds() throws IOException;

    /** One more listens to that voice: connected, counted by {@code deliveries} and read by {@code crowd}. */
    void join(int voice, UdpCrowd crowd, Deliveries deliveries) throws IOException, InterruptedException;

    /** Sends the voice's next packet. */
    void say(int voice, int number) throws IOException, InterruptedException;

    /** Stops it, with its processes and its listeners. */
    @Override
    void close() throws IOException;
}
