package org.conurb.talk;

/**
 * What the call is, in every floor message (TS 24.380 8.2.3.15).
 *
 * @param bits 16 of them, highest first
 */
record FloorIndicator(int bits) {
    static final int NORMAL = 0x8000;
    static final int BROADCAST = 0x4000;
    static final int SYSTEM = 0x2000;
    static final int EMERGENCY = 0x1000;
    static final int IMMINENT_PERIL = 0x0800;
    static final int QUEUEING = 0x0400;
    static final int DUAL_FLOOR = 0x0200;
    static final int TEMPORARY_GROUP = 0x0100;
    static final int MULTI_TALKER = 0x0080;

    static final FloorIndicator NONE = new FloorIndicator(0);

    FloorIndicator {
        bits &= 0xFFFF;
    }

    static FloorIndicator of(CallKind kind, FloorPolicy policy, Urgency urgency) {
        int bits = NORMAL;
        if (kind == CallKind.BROADCAST) {
            bits |= BROADCAST;
        }
        if (kind == CallKind.TEMPORARY) {
            bits |= TEMPORARY_GROUP;
        }
        if (policy.queueLimit() > 0) {
            bits |= QUEUEING;
        }
        if (policy.talkers() > 1) {
            bits |= MULTI_TALKER;
        }
        return new FloorIndicator(bits).with(urgency);
    }

    boolean has(int bit) {
        return (bits & bit) != 0;
    }

    Urgency urgency() {
        return has(EMERGENCY) ? Urgency.EMERGENCY : has(IMMINENT_PERIL) ? Urgency.IMMINENT_PERIL : Urgency.ROUTINE;
    }

    /** Never less urgent than it was. */
    FloorIndicator with(Urgency urgency) {
        return switch (urgency) {
            case EMERGENCY -> new FloorIndicator((bits & ~(NORMAL | IMMINENT_PERIL)) | EMERGENCY);
            case IMMINENT_PERIL -> has(EMERGENCY) ? this : new FloorIndicator((bits & ~NORMAL) | IMMINENT_PERIL);
            case ROUTINE -> this;
        };
    }

    FloorIndicator with(int bit) {
        return has(bit) ? this : new FloorIndicator(bits | bit);
    }
}
