package org.conurb.talk;

import java.time.Instant;
import java.util.Optional;
import org.conurb.media.RtpSink;

/** Told of every talk of the site, on the floor's thread: must not wait. */
interface TalkListener {
    /** @return what takes the talk's packets, on media threads; none where they are not wanted */
    Optional<RtpSink> began(Talk talk);

    void ended(Talk talk, Instant at);
}
