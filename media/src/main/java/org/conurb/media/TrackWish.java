package org.conurb.media;

import java.util.List;

/**
 * What we want to do with one section of an offer.
 *
 * @param kind {@code audio} or {@code video}
 * @param codecs what we can send or take, best first; of an offer's payload types the one that fits best is chosen
 */
public record TrackWish(String kind, Flow flow, List<RtpCodec> codecs) {
    /** Which way packets go, from where we stand. */
    public enum Flow {
        SEND,
        RECEIVE,
        BOTH
    }

    public TrackWish {
        codecs = List.copyOf(codecs);
    }

    public static TrackWish send(String kind, RtpCodec... codecs) {
        return new TrackWish(kind, Flow.SEND, List.of(codecs));
    }

    public static TrackWish receive(String kind, RtpCodec... codecs) {
        return new TrackWish(kind, Flow.RECEIVE, List.of(codecs));
    }

    boolean sends() {
        return flow != Flow.RECEIVE;
    }

    boolean receives() {
        return flow != Flow.SEND;
    }
}
