package org.conurb.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.conurb.media.WebRtcClient;

/**
 * Many that watch by WHEP, without a browser's work of decoding: each has a socket and keys of its own, and one thread
 * counts for all. The header of SRTP is in the clear, so frames (marker bit) are counted without opening packets.
 */
final class WebRtcCrowd implements AutoCloseable {
    private final List<WebRtcClient> clients = new ArrayList<>();
    private final UdpCrowd crowd = new UdpCrowd();
    private final AtomicLong frames = new AtomicLong();

    /**
     * Opens so many sessions one after the other.
     *
     * @param headers names and values of the request that asks for one
     */
    WebRtcCrowd(HttpClient http, URI whep, int many, String... headers) throws IOException, InterruptedException {
        WebRtcClient.Keys keys = new WebRtcClient.Keys(new SecureRandom(), Instant.now());
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
            clients.add(client);
            crowd.add(client.channel(), new Viewer(client));
        }
    }

    private final class Viewer implements UdpCrowd.Ear {
        private final WebRtcClient client;

        Viewer(WebRtcClient client) {
            this.client = client;
        }

        @Override
        public void heard(byte[] datagram, int length, long now) {
            if (WebRtcListener.isRtp(datagram, length)) {
                frames.lazySet(frames.get() + ((datagram[1] & 0xff) >> 7));
            }
        }

        @Override
        public void stay() throws IOException {
            client.consent();
        }
    }

    int size() {
        return clients.size();
    }

    /** Frames whose last packet came, to all. */
    long frames() {
        return frames.get();
    }

    @Override
    public void close() throws IOException {
        crowd.close();
        for (WebRtcClient client : clients) {
            client.close();
        }
    }
}
