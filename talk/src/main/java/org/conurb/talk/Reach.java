package org.conurb.talk;

/** What an organisation's grant lets another's seats and units do in its groups. */
enum Reach {
    NONE,
    /** {@code TalkGroup: read}. */
    LISTEN,
    /** {@code TalkGroup: change}; always at home. */
    TALK
}
