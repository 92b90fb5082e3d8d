package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.conurb.media.Ear;
import org.jspecify.annotations.Nullable;

/**
 * What one client hears with the ears it has. Where no more talks run than it has ears, it hears all of them; else {@link
 * Scan} says which groups come first. Confined to the floor's thread.
 */
final class Hearing {
    static final int UNHEARD = -1;
    private static final Duration KEEP = Duration.ofSeconds(2);

    private final TalkClient client;
    private final Map<String, Integer> priorities = new HashMap<>();
    private final Set<String> muted = new HashSet<>();
    private final List<Transmission> running = new ArrayList<>(2);
    private List<Ear> ears;
    private @Nullable Transmission[] byEar;
    private @Nullable Scan scan;

    Hearing(TalkClient client) {
        this.client = client;
        this.ears = client.ears();
        this.byEar = new Transmission[ears.size()];
    }

    /** Its media are others now: what runs is heard there. */
    void mediaChanged(long now) {
        for (int i = 0; i < byEar.length; i++) {
            Transmission heard = byEar[i];
            if (heard != null) {
                heard.audience().remove(ears.get(i));
            }
        }
        ears = client.ears();
        byEar = new Transmission[ears.size()];
        scan = null;
        List<Transmission> all = List.copyOf(running);
        running.clear();
        all.forEach(each -> {
            Ear ear = begin(each, now);
            if (ear != null) {
                each.audience().add(ear);
            }
        });
    }

    /** @param priority higher goes first */
    void prefer(String group, int priority, boolean mute, long now) {
        priorities.put(group, priority);
        if (mute ? muted.add(group) : muted.remove(group)) {
            mediaChanged(now);
        }
        if (scan != null) {
            scan.add(group, priority, now);
        }
    }

    /**
     * One begins to talk.
     *
     * @return the ear to add to its audience; null where it is not heard now
     */
    @Nullable
    Ear begin(Transmission talk, long now) {
        running.add(talk);
        if (muted.contains(talk.group())) {
            tell(talk, UNHEARD);
            return null;
        }
        if (scan == null && running.size() > ears.size() && ears.size() > 0) {
            scan = beginScan(now);
        } else if (scan != null) {
            scan.add(talk.group(), priorities.getOrDefault(talk.group(), 0), now);
            scan.talk(talk.group(), talk.urgency(), now);
        }
        int free = free();
        if (free == UNHEARD) {
            free = steal(talk);
        }
        tell(talk, free);
        if (free == UNHEARD) {
            return null;
        }
        byEar[free] = talk;
        return ears.get(free);
    }

    private Scan beginScan(long now) {
        Scan begun = new Scan(Math.min(16, ears.size()), KEEP);
        for (Transmission talk : running) {
            begun.add(talk.group(), priorities.getOrDefault(talk.group(), 0), now);
            begun.talk(talk.group(), talk.urgency(), now);
        }
        return begun;
    }

    private int free() {
        for (int i = 0; i < byEar.length; i++) {
            if (byEar[i] == null) {
                return i;
            }
        }
        return UNHEARD;
    }

    /** An ear of a group that the scan has dropped for this talk's. */
    private int steal(Transmission talk) {
        List<String> heard = scan == null ? List.of() : scan.heard();
        if (!heard.contains(talk.group())) {
            return UNHEARD;
        }
        for (int i = 0; i < byEar.length; i++) {
            Transmission other = byEar[i];
            if (other != null && !heard.contains(other.group())) {
                other.audience().remove(ears.get(i));
                tell(other, UNHEARD);
                return i;
            }
        }
        return UNHEARD;
    }

    /** That talk is over; another that was not heard gets the ear. */
    void end(Transmission talk, long now) {
        if (!running.remove(talk)) {
            return;
        }
        int ear = Arrays.asList(byEar).indexOf(talk);
        client.tell(talk.endedAt(ear));
        if (scan != null && running.stream().noneMatch(other -> other.group().equals(talk.group()))) {
            scan.silent(talk.group(), now);
        }
        if (ear != UNHEARD) {
            byEar[ear] = null;
            talk.audience().remove(ears.get(ear));
            fill();
        }
    }

    /** A group is no longer kept for an answer: others may be heard. */
    void tick(long now) {
        if (scan == null) {
            return;
        }
        scan.tick(now);
        fill();
        if (running.size() <= ears.size() && scan.nextTimer() == FloorArbiter.NEVER) {
            scan = null;
        }
    }

    private void fill() {
        for (int free = free(); free != UNHEARD; free = free()) {
            Transmission next = next();
            if (next == null) {
                return;
            }
            byEar[free] = next;
            next.audience().add(ears.get(free));
            tell(next, free);
        }
    }

    /** Of those that are not heard and may be, the most urgent. */
    private @Nullable Transmission next() {
        List<Transmission> heard = Arrays.asList(byEar);
        List<String> scanned = scan == null ? List.of() : scan.heard();
        Transmission best = null;
        for (Transmission each : running) {
            boolean waits = !heard.contains(each)
                    && !muted.contains(each.group())
                    && (scan == null || scanned.contains(each.group()));
            if (waits && (best == null || each.urgency().isAbove(best.urgency()))) {
                best = each;
            }
        }
        return best;
    }

    boolean isScanning() {
        return scan != null;
    }

    /** The client goes: it hears nothing any more. */
    void close() {
        for (int i = 0; i < byEar.length; i++) {
            Transmission heard = byEar[i];
            if (heard != null) {
                heard.audience().remove(ears.get(i));
            }
        }
        running.clear();
    }

    private void tell(Transmission talk, int ear) {
        client.tell(talk.at(ear));
    }
}
