package org.conurb.talk;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.conurb.media.Audience;
import org.conurb.media.Ear;
import org.jspecify.annotations.Nullable;

/** A talk that is going on: who says it, who hears it. Confined to the floor's thread. */
final class Transmission {
    private final Talk talk;
    private final TalkClient from;
    private final Audience audience;
    private final Set<Hearing> hearers = new LinkedHashSet<>();
    private final List<TalkNotice.@Nullable Transmission> told = new ArrayList<>();
    private final List<TalkNotice.@Nullable TransmissionEnd> ends = new ArrayList<>();

    Transmission(Talk talk, TalkClient from, Audience audience) {
        this.talk = talk;
        this.from = from;
        this.audience = audience;
    }

    Talk talk() {
        return talk;
    }

    TalkClient from() {
        return from;
    }

    String group() {
        return talk.group();
    }

    Urgency urgency() {
        return talk.urgency();
    }

    Audience audience() {
        return audience;
    }

    /** To all of them at once. */
    void beginFor(List<Hearing> all, long now) {
        List<Ear> ears = new ArrayList<>(all.size());
        for (Hearing hearing : all) {
            if (hearers.add(hearing)) {
                Ear ear = hearing.begin(this, now);
                if (ear != null) {
                    ears.add(ear);
                }
            }
        }
        audience.add(ears);
    }

    void endFor(Hearing hearing, long now) {
        if (hearers.remove(hearing)) {
            hearing.end(this, now);
        }
    }

    void forget(Hearing hearing) {
        hearers.remove(hearing);
    }

    void end(long now) {
        from.mouth().silence(audience);
        audience.close();
        for (Hearing hearing : hearers) {
            hearing.end(this, now);
        }
        hearers.clear();
    }

    /** One object for all who hear it with the same ear. */
    TalkNotice at(int ear) {
        int place = ear + 1;
        while (told.size() <= place) {
            told.add(null);
        }
        TalkNotice.Transmission notice = told.get(place);
        if (notice == null) {
            notice = new TalkNotice.Transmission(talk, ear);
            told.set(place, notice);
        }
        return notice;
    }

    TalkNotice endedAt(int ear) {
        int place = ear + 1;
        while (ends.size() <= place) {
            ends.add(null);
        }
        TalkNotice.TransmissionEnd notice = ends.get(place);
        if (notice == null) {
            notice = new TalkNotice.TransmissionEnd(talk.group(), talk.id(), ear);
            ends.set(place, notice);
        }
        return notice;
    }
}
