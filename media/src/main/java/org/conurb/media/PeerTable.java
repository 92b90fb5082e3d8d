package org.conurb.media;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which session an address belongs to: a hash table with open addressing that allocates only when it grows. Addresses
 * enter after a valid check only, so that strangers cannot fill it. Confined to one worker.
 */
final class PeerTable {
    private @Nullable UdpPath[] slots = new UdpPath[64];
    private int size;

    @Nullable
    UdpPath find(PeerAddress address) {
        int mask = slots.length - 1;
        for (int at = address.hash() & mask; ; at = at + 1 & mask) {
            UdpPath path = slots[at];
            if (path == null || path.address.is(address)) {
                return path;
            }
        }
    }

    void put(UdpPath path) {
        if (size * 2 >= slots.length) {
            rebuild(slots.length * 2, kept -> true);
        }
        if (insert(path)) {
            size++;
        }
    }

    /** @return whether a slot was taken; another session's path of the same address gives way */
    private boolean insert(UdpPath path) {
        int mask = slots.length - 1;
        for (int at = path.address.hash() & mask; ; at = at + 1 & mask) {
            UdpPath there = slots[at];
            if (there == null || there.address.is(path.address)) {
                slots[at] = path;
                return there == null;
            }
        }
    }

    void removeOf(MediaSession session) {
        rebuild(slots.length, path -> path.session != session);
    }

    void remove(UdpPath gone) {
        rebuild(slots.length, path -> path != gone);
    }

    private void rebuild(int capacity, Predicate<UdpPath> keep) {
        @Nullable UdpPath[] old = slots;
        slots = new UdpPath[capacity];
        size = 0;
        for (UdpPath path : old) {
            if (path != null && keep.test(path) && insert(path)) {
                size++;
            }
        }
    }
}
