package org.conurb.talk;

/**
 * The push-to-talk key of a phone that has only digits: {@code *} asks for the floor, {@code *} again or {@code #} gives it
 * back; a {@code *} held longer than {@link #HOLD_MILLIS} talks while it is held. Confined to one thread.
 */
final class SipKey {
    static final int STAR = 10;
    static final int POUND = 11;
    static final int HOLD_MILLIS = 500;

    /** What the key does. */
    interface Floor {
        void request();

        void release();
    }

    private final Floor floor;
    private boolean wants;
    private boolean isDown;
    private boolean pressedToTalk;
    private long downAt;

    SipKey(Floor floor) {
        this.floor = floor;
    }

    /** A key goes down. @param millis of a clock that does not jump */
    void down(int event, long millis) {
        if (event == STAR && !isDown) {
            isDown = true;
            downAt = millis;
            pressedToTalk = !wants;
            toggle();
        } else if (event == POUND && wants) {
            toggle();
        }
    }

    void up(int event, long millis) {
        if (event != STAR || !isDown) {
            return;
        }
        isDown = false;
        if (pressedToTalk && wants && millis - downAt > HOLD_MILLIS) {
            toggle();
        }
    }

    /** Pressed and let go, as SIP INFO tells it. */
    void pressed(int event) {
        if (event == STAR || (event == POUND && wants)) {
            toggle();
        }
    }

    private void toggle() {
        wants = !wants;
        if (wants) {
            floor.request();
        } else {
            floor.release();
        }
    }

    /** The floor was denied or taken away: the next press asks again. */
    void refused() {
        wants = false;
    }

    boolean wants() {
        return wants;
    }
}
