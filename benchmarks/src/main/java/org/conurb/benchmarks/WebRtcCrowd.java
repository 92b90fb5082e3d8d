package org.conurb.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.media.WebRtcClient;

/**
 * Many that watch or listen by WHEP, without a browser's work of decoding: each has a socket and keys of its own, and one
 * thread counts for all. The header of SRTP is in the clear, so frames (marker bit) are counted without opening packets.
 */
final class WebRtcCrowd implements AutoCloseable {
    private static final Duration CONSENT = Duration.ofSeconds(5);

    private final List<WebRtcClient> clients = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final AtomicLong frames = new AtomicLong();
    private final Thread counter = Thread.ofPlatform().daemon().name("crowd").unstarted(this::count);

    /**
     * Opens so many sessions one after the other.
     *
     * @param headers names and values of the request that asks for one
     */
    WebRtcCrowd(HttpClient http, URI whep, int many, String... headers) throws IOException, InterruptedException {
        WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
        counter.start();
        for (int i = 0; i < many; i++) {
            WebRtcClient client = new WebRtcClient(keys);
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(whep)
                            .headers(headers)
                            .header("Content-Type", "application/sdp")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    client.offerVideo(WebRtcClient.Direction.RECEIVE)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException("%s answered %d: %s".formatted(whep, answer.statusCode(), answer.body()));
            }
            client.connect(answer.body(), null);
            synchronized (clients) {
                clients.add(client);
            }
            client.channel().register(selector, SelectionKey.OP_READ);
            selector.wakeup();
        }
    }

    int size() {
        return clients.size();
    }

    /** Frames whose last packet came, to all. */
    long frames() {
        return frames.get();
    }

    private void count() {
        ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        long agreed = System.nanoTime();
        try {
            while (true) {
                selector.select(key -> read((DatagramChannel) key.channel(), packet), 500);
                if (System.nanoTime() - agreed > CONSENT.toNanos()) {
                    agreed = System.nanoTime();
                    agree();
                }
            }
        } catch (ClosedSelectorException over) {
            return;
        } catch (IOException failed) {
            throw new IllegalStateException("The crowd broke up", failed);
        }
    }

    private void agree() throws IOException {
        synchronized (clients) {
            for (WebRtcClient client : clients) {
                client.consent();
            }
        }
    }

    private void read(DatagramChannel channel, ByteBuffer packet) {
        try {
            while (channel.read(packet.clear()) > 12) {
                int second = packet.get(1) & 0xff;
                boolean rtp = (packet.get(0) & 0xc0) == 0x80 && (second < 192 || second > 223); // RFC 5761
                if (rtp) {
                    frames.lazySet(frames.get() + (second >> 7));
                }
            }
        } catch (IOException gone) {
            throw new IllegalStateException("The server refused a packet", gone);
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (WebRtcClient client : clients) {
            client.close();
        }
    }
}
