package org.conurb.hub;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression from outside that cannot run away: it may look at a bounded number of characters, after which it
 * counts as no match. Java's engine backtracks, so the bound is on its steps and not on the pattern.
 */
record BoundedPattern(Pattern pattern) {
    private static final int MAX_LENGTH = 500;
    private static final int MAX_STEPS = 200_000;

    static BoundedPattern of(String place, String text) {
        if (text.length() > MAX_LENGTH) {
            throw NgsiLdFault.badData(
                    "The pattern in %s is longer than %d characters.".formatted(place, MAX_LENGTH),
                    "Use a shorter one.");
        }
        try {
            return new BoundedPattern(Pattern.compile(text));
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw NgsiLdFault.badData(
                    "The pattern in %s cannot be read.".formatted(place),
                    "Send a regular expression, as urn:.*:Sensor:.*");
        }
    }

    /** Whether the whole text matches. */
    boolean matches(String text) {
        return run(text, true);
    }

    /** Whether some of the text matches. */
    boolean finds(String text) {
        return run(text, false);
    }

    private boolean run(String text, boolean whole) {
        try {
            var matcher = pattern.matcher(new Counted(text, new int[1]));
            return whole ? matcher.matches() : matcher.find();
        } catch (TooManySteps | StackOverflowError e) {
            return false;
        }
    }

    private record Counted(CharSequence text, int[] steps) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooManySteps extends RuntimeException {
        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
