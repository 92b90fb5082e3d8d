package org.conurb.hub;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.MatchResult;

/**
 * A regular expression from outside that cannot run away: RE2 takes time in proportion to the text, whatever the pattern,
 * and knows nothing that would need more (back references, look-around). Its size is bounded, and how much text it sees.
 */
record BoundedPattern(Pattern pattern) {
    private static final int MAX_LENGTH = 500;
    private static final int MAX_TEXT = 20_000;
    private static final int MAX_REPEATS = 1_000;
    private static final java.util.regex.Pattern REPEAT = java.util.regex.Pattern.compile("\\{(\\d*),?(\\d*)\\}");

    /** @param place the parameter, for messages */
    static BoundedPattern of(String place, String text) {
        if (text.length() > MAX_LENGTH) {
            throw NgsiLdFault.badData(
                    "The pattern in %s is longer than %d characters.".formatted(place, MAX_LENGTH),
                    "Use a shorter one.");
        }
        if (repeats(text) > MAX_REPEATS) {
            throw NgsiLdFault.badData(
                    "The pattern in %s repeats its parts more than %d times.".formatted(place, MAX_REPEATS),
                    "Use * or + in the place of large counts.");
        }
        try {
            return new BoundedPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw NgsiLdFault.badData(
                    "The pattern in %s cannot be read%s: %s."
                            .formatted(
                                    place,
                                    e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1),
                                    e.getDescription()),
                    "Send a regular expression as RE2 has them, without back references and look-around, as urn:.*:Sensor:.*");
        }
    }

    /** All counts multiplied, as if each stood within the others: how large the pattern may become. */
    private static double repeats(String text) {
        double all = 1;
        for (MatchResult count : REPEAT.matcher(text).results().toList()) {
            all *= Math.max(1, Math.max(number(count.group(1)), number(count.group(2))));
        }
        return all;
    }

    private static double number(String digits) {
        return digits.isEmpty() ? 0 : Double.parseDouble(digits);
    }

    /** Whether some of the text matches; only its beginning is looked at where it is very long. */
    boolean finds(String text) {
        return pattern.matcher(text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT))
                .find();
    }

    /** The beginning that everything it finds has, as {@code urn:ngsi-ld:Sensor:} of {@code ^urn:ngsi-ld:Sensor:.*}; may be empty. */
    String prefix() {
        String text = pattern.pattern();
        if (!text.startsWith("^") || text.indexOf('|') >= 0) {
            return "";
        }
        int end = 1;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        boolean optional = end < text.length() && "*?{".indexOf(text.charAt(end)) >= 0;
        return text.substring(1, optional ? Math.max(1, end - 1) : end);
    }

    /** The longest text that everything it finds holds; may be empty. */
    String literal() {
        String text = pattern.pattern();
        if (text.chars().anyMatch(c -> "|()[]\\".indexOf(c) >= 0)) {
            return "";
        }
        String longest = "";
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || !isPlain(text.charAt(at))) {
                boolean optional = at < text.length() && "*?{".indexOf(text.charAt(at)) >= 0;
                String run = text.substring(start, Math.max(start, optional ? at - 1 : at));
                longest = run.length() > longest.length() ? run : longest;
                start = at + 1;
            }
        }
        return longest;
    }

    private static boolean isPlain(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || ":/#_-%@=&!~',;".indexOf(c) >= 0);
    }
}
