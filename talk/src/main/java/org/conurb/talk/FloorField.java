package org.conurb.talk;

/** Numbers of the fields (TS 24.380 table 8.2.3.1-2) that we know. */
final class FloorField {
    static final int PRIORITY = 0;
    static final int DURATION = 1;
    static final int REJECT_CAUSE = 2;
    static final int QUEUE_INFO = 3;
    static final int GRANTED_PARTY = 4;
    static final int PERMISSION = 5;
    static final int USER_ID = 6;
    static final int SEQUENCE = 8;
    static final int SOURCE = 10;
    static final int MESSAGE_TYPE = 12;
    static final int INDICATOR = 13;
    static final int SSRC = 14;
    static final int GRANTED_USERS = 15;
    static final int FUNCTIONAL_ALIAS = 17;
    static final int FUNCTIONAL_ALIASES = 18;

    /** From this one on, a field's length has two octets. */
    static final int LONG_FROM = 192;

    /** Of a length in one octet. */
    static final int LONGEST = 255;

    private FloorField() {}
}
