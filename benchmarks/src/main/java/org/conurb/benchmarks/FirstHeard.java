package org.conurb.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.conurb.media.WebRtcClient;

/** Waits for the first packet of a voice, and opens each, so that it is one. */
final class FirstHeard implements UdpCrowd.Ear {
    private final WebRtcClient client;
    private volatile long at;

    FirstHeard(WebRtcClient client) {
        this.client = client;
    }

    /** From now on. */
    void arm() {
        at = 0;
    }

    /** @return when it came, by {@link System#nanoTime}; 0 where none came in so many seconds */
    long await(int seconds) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (at == 0 && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return at;
    }

    @Override
    public void heard(byte[] datagram, int length, long now) {
        int end = WebRtcListener.isRtp(datagram, length) ? client.openRtp(datagram, length) : -1;
        if (at == 0 && end > 0 && VoicePacket.isPayload(datagram, VoicePacket.RTP_HEADER, end)) {
            at = now;
        }
    }

    @Override
    public void stay() throws IOException {
        client.consent();
    }
}
