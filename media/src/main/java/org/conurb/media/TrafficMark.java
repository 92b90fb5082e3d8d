package org.conurb.media;

/** How routers are asked to treat a datagram (DSCP, RFC 8837 §5, media of high priority): voice goes before video before all else. */
enum TrafficMark {
    NONE(0),
    VOICE(46), // EF
    VIDEO(36); // AF42

    /** The octet of the IP header: six bits of DSCP, then two that the network writes (RFC 2474 §3). */
    final Integer octet;

    TrafficMark(int dscp) {
        this.octet = dscp << 2;
    }

    static TrafficMark of(String kind) {
        return switch (kind) {
            case "audio" -> VOICE;
            case "video" -> VIDEO;
            default -> NONE;
        };
    }
}
