package org.conurb.demo;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.conurb.media.WebRtcClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One radio's socket ({@code /api/talk/socket}) and its voice by WebRTC: a microphone and one ear. What is told is handed on
 * by the socket's thread; all else is of one thread at a time.
 */
final class RadioLine implements Radios.Line {
    static final String PROTOCOL = "conurb.talk.v1";

    private static final long PATIENCE_SECONDS = 10;
    private static final long LIVELY_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long CONSENT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int PAYLOAD_TYPE = 111;
    private static final int HEADER = 12;
    private static final int SAMPLES = 960;
    private static final int MOST_HEARD = 2_000;

    private final WebRtcClient voice;
    private final Consumer<JsonNode> told;
    private final Runnable ended;
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final ByteBuffer packet = ByteBuffer.allocate(1_600);
    private final ByteBuffer datagram = ByteBuffer.allocate(2_000);
    private final int source;
    private CompletableFuture<WebSocket> sending = CompletableFuture.failedFuture(new IOException("not open"));
    private long sequence;
    private long timestamp;
    private long lastVoice;
    private long lastLife;
    private long lastConsent;
    private int heard;

    private RadioLine(WebRtcClient voice, int source, Consumer<JsonNode> told, Runnable ended) {
        this.voice = voice;
        this.source = source;
        this.told = told;
        this.ended = ended;
    }

    /**
     * Connects: socket, greeting, voice. Blocks for as long as that takes, a minute at most.
     *
     * @param told each message but the answer to the offer, in order
     * @param ended when the socket is closed by the other side or breaks
     * @throws IOException where the site does not take it
     * @throws Site.Refused where it does not know who asks
     */
    static RadioLine open(
            HttpSite to, String unit, WebRtcClient.Keys keys, int source, Consumer<JsonNode> told, Runnable ended)
            throws IOException, Site.Refused {
        RadioLine line = new RadioLine(new WebRtcClient(keys), source, told, ended);
        boolean open = false;
        try {
            line.sending = to.socket("/api/talk/socket", PROTOCOL, line.new Listener());
            line.sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            line.say(Map.of("type", "hello", "client", "demo-" + unit, "unit", unit));
            line.say(Map.of("type", "offer", "sdp", line.voice.offerAudio(WebRtcClient.Direction.BOTH)));
            line.voice.connect(line.answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS), null);
            open = true;
            return line;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The site takes no radio of " + unit + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Stopped.", e);
        } finally {
            if (!open) {
                line.close();
            }
        }
    }

    @Override
    public void say(Map<String, Object> message) {
        String text = HttpSite.JSON.writeValueAsString(message);
        sending = sending.thenCompose(socket -> socket.sendText(text, true));
    }

    @Override
    public void voice(byte[] opus, boolean begins, long now) {
        // Time goes on while nobody talks; within a talk it goes by packets, however they come.
        timestamp += begins ? SAMPLES * Math.max(1, (now - lastVoice) / Pacing.PACKET_NANOS) : SAMPLES;
        lastVoice = now;
        packet.clear()
                .put((byte) 0x80)
                .put((byte) (PAYLOAD_TYPE | (begins ? 0x80 : 0)))
                .putShort((short) sequence)
                .putInt((int) timestamp)
                .putInt(source)
                .put(opus);
        try {
            voice.sendRtp(packet.array(), HEADER + opus.length, sequence++);
        } catch (IOException lost) {
            // as on a line: the socket's end tells when there is none
        }
    }

    @Override
    public int heard() {
        listen();
        int count = heard;
        heard = 0;
        return count;
    }

    /** Takes in voices that came, and tells the site now and then that this end is there. */
    @Override
    public void tick(long now) {
        if (now - lastLife > LIVELY_NANOS) {
            lastLife = now;
            say(Map.of("type", "ping"));
        }
        if (now - lastConsent > CONSENT_NANOS) {
            lastConsent = now;
            try {
                voice.consent();
            } catch (IOException lost) {
                // as above
            }
        }
        listen();
    }

    private void listen() {
        try {
            for (int i = 0; i < MOST_HEARD; i++) {
                int length = voice.channel().read(datagram.clear());
                if (length <= 0) {
                    return;
                }
                heard += voice.openRtp(datagram.array(), length) > HEADER ? 1 : 0;
            }
        } catch (IOException lost) {
            // as above
        }
    }

    @Override
    public void close() {
        CompletableFuture<WebSocket> socket = sending;
        sending = socket.thenCompose(open -> open.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                .orTimeout(1, TimeUnit.SECONDS)
                .whenComplete((open, failure) -> {
                    if (failure != null) {
                        abort(socket);
                    }
                });
        try {
            voice.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    /** One that was never open needs none. */
    private static void abort(CompletableFuture<WebSocket> socket) {
        if (socket.state() == Future.State.SUCCESS) {
            socket.resultNow().abort();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private static final int LONGEST = 1 << 17;
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (partial.length() > LONGEST) {
                from.abort();
                ended.run();
                return null;
            }
            if (last) {
                String text = partial.toString();
                partial.setLength(0);
                take(text);
            }
            from.request(1);
            return null;
        }

        private void take(String text) {
            try {
                JsonNode message = HttpSite.JSON.readTree(text);
                String type = message.path("type").asString("");
                if (type.equals("answer")) {
                    answer.complete(message.path("sdp").asString());
                } else if (type.equals("problem") && !answer.isDone()) {
                    answer.completeExceptionally(
                            new IOException(message.path("detail").asString("refused")));
                } else {
                    told.accept(message);
                }
            } catch (JacksonException notJson) {
                answer.completeExceptionally(notJson);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            answer.completeExceptionally(new IOException("The site closed the socket: " + reason));
            ended.run();
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            answer.completeExceptionally(error);
            ended.run();
        }
    }
}
