package org.conurb.video;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message that came from an RTSP server (RFC 2326 §7), mostly an answer; a few servers send requests as well.
 *
 * @param status 0 for a request
 * @param method of a request; empty for an answer
 * @param headers by name in lower case, values in order
 */
record RtspAnswer(int status, String method, Map<String, List<String>> headers, byte[] body) {
    Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null ? Optional.empty() : Optional.of(values.getFirst());
    }

    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** {@code CSeq}; -1 where it is missing or no number. */
    int sequence() {
        return header("cseq").map(RtspAnswer::number).orElse(-1);
    }

    /** @return -1 for what is no number of at most nine digits */
    static int number(String text) {
        String digits = text.strip();
        boolean fine =
                !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return fine ? Integer.parseInt(digits) : -1;
    }
}
