package org.conurb.hub;

/** The text of one parameter, read from left to right; each fault names the parameter and the place. */
final class QueryText {
    static final int MAX_LENGTH = 8_000;

    private final String parameter;
    private final String text;
    private final String example;
    private int at;

    /** @param example a right one, for messages */
    QueryText(String parameter, String text, String example) {
        if (text.length() > MAX_LENGTH) {
            throw NgsiLdFault.badData(
                    "%s is longer than %d characters.".formatted(parameter, MAX_LENGTH), "Ask in several queries.");
        }
        this.parameter = parameter;
        this.text = text;
        this.example = example;
    }

    String parameter() {
        return parameter;
    }

    boolean ended() {
        return at == text.length();
    }

    /** The next character; U+0000, which ends every word, at the end. */
    char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean next(String token) {
        return text.startsWith(token, at);
    }

    boolean take(String token) {
        boolean there = next(token);
        if (there) {
            at += token.length();
        }
        return there;
    }

    void back(int characters) {
        at -= characters;
    }

    /** All characters up to one of these; may be empty. */
    String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    /** What follows, up to one of these, left where it is. */
    String ahead(String ends) {
        int start = at;
        String ahead = until(ends);
        at = start;
        return ahead;
    }

    /** The same, at least one. */
    String word(String ends, String wanted) {
        String word = until(ends);
        if (word.isEmpty()) {
            throw fault(wanted);
        }
        return word;
    }

    /** A text in quotes, in which a backslash takes the next character as it is. */
    String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (!take("\"")) {
            throw fault("\" at the end of the text");
        }
        return value.toString();
    }

    void demand(String token) {
        if (!take(token)) {
            throw fault(token);
        }
    }

    void demandEnd(String otherwise) {
        if (!ended()) {
            throw fault("nothing more" + otherwise);
        }
    }

    NgsiLdFault fault(String wanted) {
        return NgsiLdFault.badData(
                "%s cannot be read at character %d.".formatted(parameter, at + 1),
                "There should be %s. As in %s.".formatted(wanted, example));
    }
}
