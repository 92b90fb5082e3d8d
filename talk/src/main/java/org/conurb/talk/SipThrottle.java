package org.conurb.talk;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * So much a second of each peer, by address, with a store for bursts; IPv6 by its /64. Knows {@link #MOST} peers: one more
 * takes the place of the one that has been quiet longest. Safe for all threads; costs no cryptography.
 */
final class SipThrottle {
    static final int MOST = 4_096;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private final Map<Object, Bucket> peers = new LinkedHashMap<>(64, 0.75f, true);

    private static final class Bucket {
        private double left;
        private long at;
    }

    SipThrottle(double perSecond, double burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
    }

    /** Takes one where there is one. */
    synchronized boolean take(InetAddress peer) {
        long now = nanos.getAsLong();
        Bucket bucket = peers.get(key(peer));
        if (bucket == null) {
            bucket = new Bucket();
            bucket.left = burst;
            bucket.at = now;
            peers.put(key(peer), bucket);
            if (peers.size() > MOST) {
                peers.remove(peers.keySet().iterator().next());
            }
        }
        bucket.left = Math.min(burst, bucket.left + (now - bucket.at) * 1e-9 * perSecond);
        bucket.at = now;
        if (bucket.left < 1) {
            return false;
        }
        bucket.left--;
        return true;
    }

    /** What was taken was no waste: the peer has shown who it is. */
    synchronized void giveBack(InetAddress peer, int taken) {
        Bucket bucket = peers.get(key(peer));
        if (bucket != null) {
            bucket.left = Math.min(burst, bucket.left + taken);
        }
    }

    private static Object key(InetAddress peer) {
        byte[] address = peer.getAddress();
        return address.length == 4 ? peer : java.nio.ByteBuffer.wrap(address).getLong();
    }
}
