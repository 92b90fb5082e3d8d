package org.conurb.talk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    /** Only while not all can be heard. */
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
        } else if (scan != null && !mute) {
            scan.add(group, priority, now);
            arrange(scan, null);
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
        int ear;
        if (muted.contains(talk.group()) || ears.isEmpty()) {
            ear = UNHEARD;
        } else if (scan == null && running.size() <= ears.size()) {
            ear = free();
            byEar[ear] = talk;
        } else {
            Scan scanning = scan == null ? beginScan(now) : scan;
            scan = scanning;
            put(scanning, talk.group(), now);
            arrange(scanning, talk);
            ear = Arrays.asList(byEar).indexOf(talk);
        }
        tell(talk, ear);
        return ear == UNHEARD ? null : ears.get(ear);
    }

    private Scan beginScan(long now) {
        Scan begun = new Scan(Math.min(16, ears.size()), KEEP);
        running.stream()
                .map(Transmission::group)
                .filter(group -> !muted.contains(group))
                .forEach(group -> put(begun, group, now));
        return begun;
    }

    /** Of several talkers of a group the most urgent counts. */
    private void put(Scan scan, String group, long now) {
        Urgency urgency = Urgency.ROUTINE;
        for (Transmission each : running) {
            urgency = each.group().equals(group) ? Urgency.higher(urgency, each.urgency()) : urgency;
        }
        scan.add(group, priorities.getOrDefault(group, 0), now);
        scan.talk(group, urgency, now);
    }

    /** That talk is over; another that was not heard gets the ear. */
    void end(Transmission talk, long now) {
        if (!running.remove(talk)) {
            return;
        }
        int ear = Arrays.asList(byEar).indexOf(talk);
        client.tell(talk.endedAt(ear));
        if (ear != UNHEARD) {
            byEar[ear] = null;
            talk.audience().remove(ears.get(ear));
        }
        if (scan == null || muted.contains(talk.group())) {
            return;
        }
        if (running.stream().anyMatch(other -> other.group().equals(talk.group()))) {
            put(scan, talk.group(), now);
        } else {
            scan.silent(talk.group(), now);
        }
        arrange(scan, null);
    }

    /** A group is no longer kept for an answer: others may be heard. */
    void tick(long now) {
        if (scan == null) { // nobody is kept
            return;
        }
        scan.tick(now);
        arrange(scan, null);
        if (running.size() <= ears.size() && scan.nextTimer() == FloorArbiter.NEVER) {
            scan = null;
        }
    }

    /** Gives the ears to the talks that come first. @param beginning is told of, and added to, by its caller */
    private void arrange(Scan scan, @Nullable Transmission beginning) {
        List<Transmission> chosen = chosen(scan);
        for (int i = 0; i < byEar.length; i++) {
            Transmission heard = byEar[i];
            if (heard != null && !chosen.contains(heard)) {
                byEar[i] = null;
                heard.audience().remove(ears.get(i));
                tell(heard, UNHEARD);
            }
        }
        for (Transmission each : chosen) {
            if (!isHeard(each)) {
                int ear = free();
                byEar[ear] = each;
                if (each != beginning) {
                    each.audience().add(ears.get(ear));
                    tell(each, ear);
                }
            }
        }
    }

    /** Group by group; an ear is left to one that is kept for an answer, but nobody is cut off for it. */
    private List<Transmission> chosen(Scan scan) {
        List<Transmission> chosen = new ArrayList<>(ears.size());
        int left = ears.size();
        for (String group : scan.heard()) {
            List<Transmission> talks = running.stream()
                    .filter(talk -> talk.group().equals(group))
                    .sorted(Comparator.comparing(Transmission::urgency)
                            .reversed()
                            .thenComparing(talk -> !isHeard(talk)))
                    .limit(left)
                    .toList();
            chosen.addAll(talks);
            left = Math.max(0, left - Math.max(1, talks.size()));
        }
        running.stream()
                .filter(talk -> isHeard(talk) && !chosen.contains(talk))
                .limit(ears.size() - chosen.size())
                .forEach(chosen::add);
        return chosen;
    }

    private boolean isHeard(Transmission talk) {
        return Arrays.asList(byEar).contains(talk);
    }

    private int free() {
        return Arrays.asList(byEar).indexOf(null);
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
