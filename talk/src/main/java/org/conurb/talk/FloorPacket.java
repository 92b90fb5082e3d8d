package org.conurb.talk;

/**
 * A floor message in its RTCP APP packet (TS 24.380 8.1.2).
 *
 * @param ssrc of the sender
 * @param ackWanted whether the receiver is to answer by {@link FloorMessage.Ack}; only what {@link #mayWantAck} names can
 */
record FloorPacket(int ssrc, boolean ackWanted, FloorMessage message) {
    /** The bit of the subtype that asks for an acknowledgement. */
    static final int ACK_BIT = 0x10;

    FloorPacket {
        if (ackWanted && !mayWantAck(message.subtype())) {
            throw new IllegalArgumentException("A %s asks for no acknowledgement."
                    .formatted(message.getClass().getSimpleName()));
        }
    }

    /** Subtype as on the wire. */
    int subtype() {
        return message.subtype() | (ackWanted ? ACK_BIT : 0);
    }

    /** Floor Granted, Taken, Deny, Release, Idle and Queue Position Info (table 8.2.2.1-1). */
    static boolean mayWantAck(int subtype) {
        return (subtype >= 1 && subtype <= 5) || subtype == 9;
    }
}
