package org.conurb.talk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.conurb.media.Ear;
import org.conurb.media.RtpSink;

/** A device that notes what it is told and hears. */
final class TestClient implements TalkClient {
    private final String id;
    private final Participant who;
    private final Mouth mouth = new Mouth();
    private final List<Ear> ears = new ArrayList<>();
    /** What came, by ear: the first octet of each payload. */
    final List<List<Integer>> heard = new ArrayList<>();

    final List<TalkNotice> told = new CopyOnWriteArrayList<>();

    TestClient(String id, Participant who, int nc5) {
        this.id = id;
        this.who = who;
        for (int i = 0; i < nc5; i++) {
            List<Integer> came = new CopyOnWriteArrayList<>();
            heard.add(came);
            ears.add((RtpSink) (rtp, arrival) -> came.add((int) rtp.get(rtp.position() + 12)));
        }
    }

    /** One packet of a voice that says this octet. */
    void speak(int octet, int sequence) {
        speak(octet, sequence, System.nanoTime());
    }

    void speak(int octet, int sequence, long nanos) {
        ByteBuffer rtp = ByteBuffer.allocate(20);
        rtp.putShort((short) 0x806f)
                .putShort((short) sequence)
                .putInt(sequence * 960)
                .putInt(id.hashCode());
        rtp.put((byte) octet).rewind();
        mouth.rtp(rtp, nanos);
    }

    List<Integer> heard() {
        return heard.stream().flatMap(List::stream).toList();
    }

    <T extends TalkNotice> List<T> told(Class<T> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Floor messages of this kind. */
    <T extends FloorMessage> List<T> floor(Class<T> kind) {
        return told(TalkNotice.FloorTold.class).stream()
                .map(TalkNotice.FloorTold::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Participant participant() {
        return who;
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
        told.add(notice);
    }
}
