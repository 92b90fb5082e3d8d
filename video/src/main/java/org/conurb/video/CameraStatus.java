package org.conurb.video;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a camera is, as far as the recorder knows.
 *
 * @param reason why it is not recording, for people; empty when all is well
 * @param since when this state began
 * @param lastByteAt when its last packet came
 * @param bitsPerSecond over the last seconds
 * @param clockOffset camera's clock minus ours, where its sender reports say something sane
 * @param lostPackets since the stream began
 */
record CameraStatus(
        State state,
        String reason,
        Instant since,
        Optional<Instant> lastByteAt,
        long bitsPerSecond,
        Optional<Duration> clockOffset,
        long lostPackets) {

    enum State {
        CONNECTING,
        /** Its stream comes, and goes to disk where that is wanted. */
        RECORDING,
        /** It was there and is not now. */
        STALLED,
        OFF
    }
}
