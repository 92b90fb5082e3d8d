package org.conurb.talk;

import java.util.List;
import org.conurb.media.Ear;

/** One device through which a participant takes part: a browser, a desk phone. Told on the floor's thread; never waits. */
interface TalkClient {
    /** Unique among the clients that are connected. */
    String id();

    Participant participant();

    /** Whether its path neither loses nor doubles what it is told; see {@link FloorArbiter#join}. */
    boolean isReliable();

    /** Where it hears, one transmission each (Nc5); empty while it has no media. The same list while its media are the same. */
    List<Ear> ears();

    Mouth mouth();

    /** The same object may go to many: what is encoded once can be sent to all of them. */
    void tell(TalkNotice notice);
}
