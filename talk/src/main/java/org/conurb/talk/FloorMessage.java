package org.conurb.talk;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A floor control message (TS 24.380 8.2). Participants send {@link Request}, {@link Release}, {@link
 * QueuePositionRequest} and {@link Ack}; the rest comes from the arbiter. Texts have at most 255 octets in UTF-8.
 */
sealed interface FloorMessage {
    /** Longest text in octets. */
    int LONGEST_TEXT = 255;

    /** Its number on the wire, without the bit that asks for an acknowledgement (table 8.2.2.1-1). */
    int subtype();

    /**
     * 8.2.4.
     *
     * @param priority 0 to 255
     */
    record Request(
            int priority,
            FloorIndicator indicator,
            @Nullable String userId,
            @Nullable String functionalAlias) implements FloorMessage {
        @Override
        public int subtype() {
            return 0;
        }
    }

    /**
     * 8.2.5.
     *
     * @param talkFor how long; zero where there is no limit; whole seconds on the wire, rounded up
     * @param priority 0 to 255
     * @param ssrc of the granted one's media; 0 where it is not told
     */
    record Granted(Duration talkFor, int priority, int ssrc, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 1;
        }
    }

    /**
     * 8.2.9.
     *
     * @param parties all who talk, the latest last; empty where who talks is not told
     * @param mayRequest whether the receiver may ask for the floor
     * @param sequence grows with each Floor Taken and Floor Idle, 0 to 65535 and round
     * @param ssrc of the media; 0 where it is not told
     */
    record Taken(List<GrantedParty> parties, boolean mayRequest, int sequence, int ssrc, FloorIndicator indicator)
            implements FloorMessage {
        public Taken {
            parties = List.copyOf(parties);
        }

        @Override
        public int subtype() {
            return 2;
        }
    }

    /** 8.2.6. The phrase may be empty. */
    record Deny(DenyCause cause, String phrase, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 3;
        }
    }

    /** 8.2.7. */
    record Release(@Nullable String userId, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 4;
        }
    }

    /**
     * 8.2.8.
     *
     * @param sequence as in {@link Taken}
     */
    record Idle(int sequence, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 5;
        }
    }

    /** 8.2.10. The phrase may be empty. */
    record Revoke(RevokeCause cause, String phrase, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 6;
        }
    }

    /** 8.2.11. */
    record QueuePositionRequest(@Nullable String userId) implements FloorMessage {
        @Override
        public int subtype() {
            return 8;
        }
    }

    /**
     * 8.2.12.
     *
     * @param position 1 speaks next; {@link #NOT_QUEUED}, {@link #NOT_TOLD}
     * @param priority 0 to 255, that the request waits with
     */
    record QueuePositionInfo(int position, int priority, FloorIndicator indicator) implements FloorMessage {
        static final int NOT_QUEUED = 254;
        static final int NOT_TOLD = 255;

        @Override
        public int subtype() {
            return 9;
        }
    }

    /**
     * 8.2.13.
     *
     * @param acknowledged subtype of the message that came, with the bit 16 that asked for this
     */
    record Ack(Source source, int acknowledged) implements FloorMessage {
        @Override
        public int subtype() {
            return 10;
        }
    }

    /** 8.2.14: one of several has ended, the others talk on. */
    record ReleaseMultiTalker(GrantedParty party, FloorIndicator indicator) implements FloorMessage {
        @Override
        public int subtype() {
            return 15;
        }
    }

    /** Who sent it (8.2.3.12). */
    enum Source {
        PARTICIPANT(0),
        PARTICIPATING_FUNCTION(1),
        CONTROLLING_FUNCTION(2),
        NON_CONTROLLING_FUNCTION(3);

        private final int code;

        Source(int code) {
            this.code = code;
        }

        /** As on the wire. */
        int code() {
            return code;
        }

        static Optional<Source> of(int code) {
            return Arrays.stream(values()).filter(source -> source.code == code).findFirst();
        }
    }
}
