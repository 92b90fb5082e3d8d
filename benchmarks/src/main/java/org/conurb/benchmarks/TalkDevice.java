package org.conurb.benchmarks;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.conurb.kernel.Json;
import org.conurb.media.WebRtcClient;
import tools.jackson.databind.JsonNode;

/** A unit's device as a browser would be one: a socket, and one peer connection that stays. */
final class TalkDevice implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int MOST_TOLD = 10_000;

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>(MOST_TOLD);
    private final TalkSockets.Socket socket;
    private final WebRtcClient media;

    /** @param at when it came, by {@link System#nanoTime} */
    record Told(String type, JsonNode message, long at) {}

    /** Signs in, and sets up a connection on which it talks, and hears so many at once. */
    TalkDevice(TalkCity city, TalkSockets sockets, String unit, int hears) throws IOException, InterruptedException {
        socket = sockets.open(city.site().address(), city.token(), this::told);
        media = new WebRtcClient(city.keys());
        say(Map.of("type", "hello", "unit", unit, "client", UUID.randomUUID().toString()));
        next(Set.of("welcome"), "");
        say(Map.of("type", "offer", "sdp", media.offerVoices(hears)));
        media.connect(next(Set.of("answer"), "").message().path("sdp").asString(), null);
    }

    private void told(byte[] json, long now) {
        JsonNode message = Json.mapper().readTree(json);
        if (!told.offer(new Told(message.path("type").asString(), message, now))) {
            throw new IllegalStateException("Nobody reads what the device is told");
        }
    }

    WebRtcClient media() {
        return media;
    }

    void say(Map<String, Object> message) throws IOException {
        socket.say(Json.mapper().writeValueAsString(message));
    }

    /**
     * The next message of one of these types, and of that group where one is named; what comes before it is forgotten.
     *
     * @throws IOException where it says that something is wrong, or says nothing for ten seconds
     */
    Told next(Set<String> types, String group) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Told one = told.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (one == null) {
                throw new IOException("Nothing of " + types + " was told");
            }
            if (one.type().equals("problem")) {
                throw new IOException("The socket says: " + one.message());
            }
            if (types.contains(one.type())
                    && (group.isEmpty()
                            || one.message().path("group").asString("").equals(group))) {
                return one;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        media.close();
    }
}
