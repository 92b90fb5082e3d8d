package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.conurb.kernel.Caller;
import org.conurb.media.Ear;
import org.conurb.media.MediaListener;
import org.conurb.media.MediaSession;
import org.conurb.media.MediaTrack;
import org.jspecify.annotations.Nullable;

/** A device that only listens to one group (WHEP), or only talks in it (WHIP): it is told nothing. */
final class DeviceClient implements TalkClient, MediaListener {
    private final UUID id = UUID.randomUUID();
    private final Caller caller;
    private final Participant participant;
    private final BooleanSupplier holds;
    private final Runnable connected;
    private final Runnable closed;
    private final Mouth mouth = new Mouth();
    private volatile List<Ear> ears = List.of();
    private volatile @Nullable MediaSession media;

    DeviceClient(Caller caller, Participant participant, BooleanSupplier holds, Event connected, Event closed) {
        this.caller = caller;
        this.participant = participant;
        this.holds = holds;
        this.connected = () -> connected.of(this);
        this.closed = () -> closed.of(this);
    }

    interface Event {
        void of(DeviceClient client);
    }

    UUID session() {
        return id;
    }

    Caller caller() {
        return caller;
    }

    boolean holds() {
        return holds.getAsBoolean();
    }

    void media(MediaSession session) {
        media = session;
    }

    void end() {
        MediaSession session = media;
        if (session != null) {
            session.close();
        }
    }

    @Override
    public void connected(MediaSession session) {
        List<Ear> heardBy = new ArrayList<>();
        session.tracks().stream().filter(MediaTrack::sends).forEach(heardBy::add);
        ears = List.copyOf(heardBy);
        connected.run();
    }

    @Override
    public void rtp(MediaTrack track, ByteBuffer rtp, long arrivalNanos) {
        mouth.rtp(rtp, arrivalNanos);
    }

    @Override
    public int lostBeyond(MediaTrack track) {
        return mouth.lostBeyond();
    }

    @Override
    public void closed(MediaSession session, String reason) {
        ears = List.of();
        closed.run();
    }

    @Override
    public String id() {
        return "device-" + id;
    }

    @Override
    public Participant participant() {
        return participant;
    }

    @Override
    public boolean isReliable() {
        return true;
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
        // it has no way to be told
    }
}
