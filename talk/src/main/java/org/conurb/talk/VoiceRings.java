package org.conurb.talk;

import java.util.ArrayDeque;
import java.util.Optional;

/** Rings for the talks that run, lent and given back; as many as settings say, made when first needed. For all threads. */
final class VoiceRings {
    private final int most;
    private final ArrayDeque<VoiceRing> idle = new ArrayDeque<>();
    private int lent;

    VoiceRings(int most) {
        this.most = most;
    }

    /** @return empty where so many are recorded that there is none left */
    synchronized Optional<VoiceRing> lend() {
        if (lent == most) {
            return Optional.empty();
        }
        lent++;
        VoiceRing ring = idle.poll();
        return Optional.of(ring == null ? new VoiceRing() : ring);
    }

    /** @param ring empty, and nobody puts into it any more */
    synchronized void giveBack(VoiceRing ring) {
        lent--;
        idle.push(ring);
    }

    synchronized int lent() {
        return lent;
    }
}
