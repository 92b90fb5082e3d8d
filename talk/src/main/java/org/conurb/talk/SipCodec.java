package org.conurb.talk;

import java.util.Locale;

/** How phones code voice, in the order in which we take them. */
enum SipCodec {
    /** RFC 7587. */
    OPUS("opus/48000/2", -1, 48),
    /** G.711 by RFC 3551: A-law and µ-law. */
    PCMA("PCMA/8000", 8, 8),
    PCMU("PCMU/8000", 0, 8);

    /** Payload types in what we offer. */
    static final int OUR_OPUS = 111;

    static final int OUR_EVENTS = 101;

    private final String map;
    private final int fixedType;
    private final int ticksPerMilli;

    SipCodec(String map, int fixedType, int ticksPerMilli) {
        this.map = map;
        this.fixedType = fixedType;
        this.ticksPerMilli = ticksPerMilli;
    }

    String map() {
        return map;
    }

    boolean isMap(String text) {
        return text.strip().toLowerCase(Locale.ROOT).startsWith(map.toLowerCase(Locale.ROOT));
    }

    /** -1 where it has none. */
    int fixedType() {
        return fixedType;
    }

    /** Of its RTP clock. */
    int ticksPerMilli() {
        return ticksPerMilli;
    }
}
