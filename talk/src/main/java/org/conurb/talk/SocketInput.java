package org.conurb.talk;

import java.util.Optional;

/** Everything that a socket may say, as docs/asyncapi/talk.yaml describes it; {@link NoticeTexts#code} is its type there. */
enum SocketInput {
    HELLO,
    PING,
    OFFER,
    AFFILIATE,
    DEAFFILIATE,
    MESSAGE,
    READ,
    SCAN,
    REQUEST,
    RELEASE,
    QUEUE,
    CANCEL_REQUEST,
    FORCE_RELEASE,
    CANCEL_EMERGENCY,
    EMERGENCY,
    ALERT,
    CALL,
    ACCEPT,
    REFUSE,
    END,
    PATCH,
    UNPATCH;

    static Optional<SocketInput> of(String type) {
        for (SocketInput input : values()) {
            if (NoticeTexts.code(input).equals(type)) {
                return Optional.of(input);
            }
        }
        return Optional.empty();
    }
}
