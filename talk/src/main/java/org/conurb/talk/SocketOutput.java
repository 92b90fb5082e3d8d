package org.conurb.talk;

/** Everything that a socket is told, as docs/asyncapi/talk.yaml describes it; {@link NoticeTexts#code} is its type there. */
enum SocketOutput {
    WELCOME,
    ANSWER,
    PONG,
    DONE,
    PROBLEM,
    GROUP,
    GROUP_GONE,
    GRANTED,
    QUEUED,
    DENIED,
    REVOKED,
    TAKEN,
    IDLE,
    RELEASED_TALKER,
    TRANSMISSION,
    TRANSMISSION_END,
    WARNING,
    INVITED,
    CALL,
    RELEASED,
    PROGRESS,
    ALERT,
    MESSAGE,
    MESSAGE_STATE
}
