package org.conurb.media;

/**
 * Protects or opens packets of one direction in place (RFC 3711, RFC 7714). Packets begin at index 0 of their array,
 * which has room for {@link #MAX_GROWTH} more octets. Indices, roll-over and replay are the caller's.
 */
sealed interface SrtpTransform permits SrtpCounterMode, SrtpGcm {
    /** Tag of at most 16 octets and the SRTCP index. */
    int MAX_GROWTH = 20;
    /** What opening a forged packet gives. */
    int FORGED = -1;
    /** SRTCP's E flag. */
    int ENCRYPTED = 0x8000_0000;

    /**
     * @param header octets of RTP header with its extension, left in the clear
     * @param index roll-over counter and sequence number, 48 bits
     * @return new length
     */
    int protectRtp(byte[] packet, int length, int header, long index);

    /** @return length without the tag, or {@link #FORGED}, with the packet as it was or destroyed */
    int openRtp(byte[] packet, int length, int header, long index);

    /** @param index 31 bits */
    int protectRtcp(byte[] packet, int length, int index);

    /** @return length without tag and index, or {@link #FORGED} */
    int openRtcp(byte[] packet, int length);

    /** Index that the sender wrote into an SRTCP packet; -1 where the packet is too short. */
    int rtcpIndex(byte[] packet, int length);
}
