package org.conurb.demo;

import java.util.List;

/** One camera of the simulator. Faults are set from any thread and seen at the next picture. */
final class SimCamera {
    private final String id;
    private final String name;
    private final List<Clip> clips;
    private final List<Clip> moved;
    private final boolean stamped;
    private volatile Fault fault = Fault.NONE;
    private volatile int cuts;

    /** @param clips main stream, then sub stream where there is one; {@code moved} likewise, after a push */
    SimCamera(String id, String name, List<Clip> clips, List<Clip> moved) {
        this(id, name, clips, moved, false);
    }

    /** @param stamped whether each picture says when it was sent */
    SimCamera(String id, String name, List<Clip> clips, List<Clip> moved, boolean stamped) {
        this.id = id;
        this.name = name;
        this.clips = clips;
        this.moved = moved;
        this.stamped = stamped;
    }

    String id() {
        return id;
    }

    boolean stamped() {
        return stamped;
    }

    String name() {
        return name;
    }

    Fault fault() {
        return fault;
    }

    void suffer(Fault next) {
        fault = next;
    }

    /** Ends its connections once. */
    void cut() {
        cuts++;
    }

    int cuts() {
        return cuts;
    }

    boolean hasSub() {
        return clips.size() > 1;
    }

    Clip clip(boolean sub) {
        return (fault == Fault.MOVED ? moved : clips).get(sub && hasSub() ? 1 : 0);
    }
}
