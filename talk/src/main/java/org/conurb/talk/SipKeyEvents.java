package org.conurb.talk;

import java.nio.ByteBuffer;

/** Keys out of telephone-event packets (RFC 4733): each event once, however often it is sent. Confined to the media thread. */
final class SipKeyEvents {
    private static final long LOST_NANOS = 200_000_000L;

    interface Keys {
        void down(int event);

        void up(int event);
    }

    private final Keys keys;
    private int event = -1;
    private long began;
    private long heardAt;
    private long endedOf = -1;

    SipKeyEvents(Keys keys) {
        this.keys = keys;
    }

    /** @param timestamp of the packet: when the event began */
    void take(ByteBuffer payload, long timestamp, long now) {
        if (payload.remaining() < 4) {
            return;
        }
        int code = payload.get(payload.position()) & 0xFF;
        boolean end = (payload.get(payload.position() + 1) & 0x80) != 0;
        if (timestamp == endedOf) {
            return; // its end comes three times
        }
        if (event >= 0 && timestamp != began) {
            finish();
        }
        if (event < 0) {
            event = code;
            began = timestamp;
            keys.down(code);
        }
        heardAt = now;
        if (end) {
            finish();
        }
    }

    /** The end may be lost: no more of it for a while is an end. */
    void tick(long now) {
        if (event >= 0 && now - heardAt > LOST_NANOS) {
            finish();
        }
    }

    private void finish() {
        endedOf = began;
        int over = event;
        event = -1;
        keys.up(over);
    }
}
