package org.conurb.talk;

import java.util.List;
import java.util.function.BiConsumer;
import org.conurb.media.Ear;
import org.jspecify.annotations.Nullable;

/** A phone as calls see it: one ear and one mouth while it is in a call. */
final class SipClient implements TalkClient {
    private final String id;
    private final Participant participant;
    private final BiConsumer<SipClient, TalkNotice> told;
    private final Mouth mouth = new Mouth();
    private volatile List<Ear> ears = List.of();
    private volatile @Nullable SipLeg leg;

    /** @param told of each notice, on the floor's thread */
    SipClient(String id, Participant participant, BiConsumer<SipClient, TalkNotice> told) {
        this.id = id;
        this.participant = participant;
        this.told = told;
    }

    void hears(@Nullable SipLeg by) {
        leg = by;
        ears = by == null ? List.of() : List.of(by.ear());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Participant participant() {
        return participant;
    }

    /** Floor messages by RTCP may be lost. */
    @Override
    public boolean isReliable() {
        SipLeg by = leg;
        return by == null || !by.hasFloorChannel();
    }

    @Override
    public List<Ear> ears() {
        return ears;
    }

    @Override
    public Mouth mouth() {
        return mouth;
    }

    @Override
    public void tell(TalkNotice notice) {
        told.accept(this, notice);
    }
}
