package org.conurb.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One console's event stream, read on a virtual thread. */
final class EventStream implements AutoCloseable {
    private final Socket socket;

    /**
     * @param ready counted down when the stream says hello
     * @param each told the data of each change
     */
    EventStream(URI site, String token, CountDownLatch ready, Consumer<String> each) throws IOException {
        socket = new Socket(site.getHost(), site.getPort());
        socket.getOutputStream()
                .write(("GET /api/events?types=Incident HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                                + "Authorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(() -> read(lines, ready, each));
    }

    private static void read(BufferedReader lines, CountDownLatch ready, Consumer<String> each) {
        boolean change = false;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    change = line.endsWith("change");
                    if (line.endsWith("hello")) {
                        ready.countDown();
                    }
                } else if (change && line.startsWith("data:")) {
                    each.accept(line);
                }
            }
        } catch (IOException closed) {
            // The benchmark is over.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
