package org.conurb.benchmarks;

import java.io.IOException;
import org.conurb.media.WebRtcClient;

/**
 * Hears a voice over SRTP. Cryptography for each of 175,000 packets a second would take the load's core from the
 * measurement: a packet is opened where a talk spurt begins and once in 64, and tells by how much the sequence
 * in the clear differs from the voice's own numbers. In between the header is believed.
 */
final class WebRtcListener implements UdpCrowd.Ear {
    private static final int OPENED_EACH = 64;

    private final WebRtcClient client;
    private final Deliveries deliveries;
    private final int voice;
    private final int listener;
    private final byte[] opened = new byte[256];
    private boolean known;
    private int believed;
    private int offset;
    private volatile long firstAt;

    WebRtcListener(WebRtcClient client, Deliveries deliveries, int voice) {
        this.client = client;
        this.deliveries = deliveries;
        this.voice = voice;
        this.listener = deliveries.listener(voice);
    }

    static boolean isRtp(byte[] datagram, int length) {
        int second = datagram[1] & 0xff;
        return length > VoicePacket.RTP_HEADER
                && (datagram[0] & 0xc0) == 0x80
                && (second < 192 || second > 223); // RFC 5761
    }

    /** When the first packet came, by {@link System#nanoTime}; 0 before. */
    long firstAt() {
        return firstAt;
    }

    @Override
    public void heard(byte[] datagram, int length, long now) {
        if (!isRtp(datagram, length)) {
            return;
        }
        int sequence = (datagram[2] & 0xff) << 8 | datagram[3] & 0xff;
        if (!known || datagram[1] < 0 || ++believed >= OPENED_EACH) {
            open(datagram, length, sequence, now);
        } else {
            deliveries.heard(listener, voice, sequence - offset & 0xffff, now);
        }
    }

    private void open(byte[] datagram, int length, int sequence, long now) {
        if (length > opened.length) {
            return;
        }
        System.arraycopy(datagram, 0, opened, 0, length);
        int end = client.openRtp(opened, length);
        if (end < 0 || !VoicePacket.isPayload(opened, VoicePacket.RTP_HEADER, end)) {
            return;
        }
        int number = VoicePacket.number(opened, VoicePacket.RTP_HEADER);
        known = true;
        believed = 0;
        offset = sequence - number & 0xffff;
        if (firstAt == 0) {
            firstAt = now;
        }
        deliveries.heard(listener, VoicePacket.voice(opened, VoicePacket.RTP_HEADER), number, now);
    }

    @Override
    public void stay() throws IOException {
        client.consent();
    }
}
