package org.conurb.media;

/** Opus (RFC 7587 §4.2) and G.711 (RFC 3551 §4.5.14): a packet is a frame. */
final class BareAudioDepacketizer extends Depacketizer {
    private final TrackFormat format;

    BareAudioDepacketizer(TrackFormat format) {
        this.format = format;
    }

    @Override
    public TrackFormat format() {
        return format;
    }

    @Override
    void payload(RtpPacket packet, long rtpTime, boolean lost, FrameSink sink) {
        if (packet.payloadLength() > 0) {
            sink.frame(rtpTime, true, false, slice(packet, packet.payloadOffset(), packet.payloadLength()));
        }
    }

    @Override
    public void flush(FrameSink sink) {
        // no frame is ever open
    }

    @Override
    void reset() {
        // nor is anything kept
    }
}
