package org.conurb.warnings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forms that the text of a CAP element may have; each mirrors a simple type of the schema. */
sealed interface CapText {
    /** What is wrong with the text; empty when it is right. */
    Optional<String> fault(String text);

    record Free() implements CapText {
        @Override
        public Optional<String> fault(String text) {
            return Optional.empty();
        }
    }

    /** White space counts: {@code " Actual"} is not {@code Actual}. */
    record OneOf(List<String> values) implements CapText {
        @Override
        public Optional<String> fault(String text) {
            return values.contains(text)
                    ? Optional.empty()
                    : Optional.of("%s is not one of %s".formatted(CapRefused.quote(text), String.join(", ", values)));
        }
    }

    /** CAP's date and time: seconds without fraction, an offset in figures, never Z. */
    record DateTime() implements CapText {
        private static final Pattern FORM = Pattern.compile(
                "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([-+])([0-9]{2}):([0-9]{2})");

        @Override
        public Optional<String> fault(String text) {
            return read(text).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            "%s is not a moment as 2026-03-01T08:00:00-05:00 (an offset in figures, for UTC -00:00)"
                                    .formatted(CapRefused.quote(text)));
        }

        /** The moment that the text means; 24:00:00 is the next day's start. */
        static Optional<Instant> read(String text) {
            Matcher m = FORM.matcher(collapse(text));
            if (!m.matches()) {
                return Optional.empty();
            }
            int year = number(m, 1);
            int month = number(m, 2);
            int day = number(m, 3);
            int hour = number(m, 4);
            int offset = number(m, 8) * 60 + number(m, 9);
            boolean midnight = hour == 24 && number(m, 5) == 0 && number(m, 6) == 0;
            if (year == 0
                    || month < 1
                    || month > 12
                    || day < 1
                    || day > LocalDate.of(year, month, 1).lengthOfMonth()
                    || (hour > 23 && !midnight)
                    || number(m, 5) > 59
                    || number(m, 6) > 59
                    || number(m, 9) > 59
                    || offset > 14 * 60) {
                return Optional.empty();
            }
            LocalTime time = LocalTime.of(midnight ? 0 : hour, number(m, 5), number(m, 6));
            int sign = m.group(7).equals("-") ? -1 : 1;
            return Optional.of(LocalDate.of(year, month, day)
                    .plusDays(midnight ? 1 : 0)
                    .atTime(time)
                    .toInstant(ZoneOffset.ofTotalSeconds(sign * offset * 60)));
        }

        private static int number(Matcher matcher, int group) {
            return Integer.parseInt(matcher.group(group));
        }
    }

    /** A language tag (RFC 3066); an empty element means en-US. */
    record Language() implements CapText {
        private static final Pattern FORM = Pattern.compile("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*");

        @Override
        public Optional<String> fault(String text) {
            return text.isEmpty() || FORM.matcher(collapse(text)).matches()
                    ? Optional.empty()
                    : Optional.of("%s is not a language tag as en-US".formatted(CapRefused.quote(text)));
        }
    }

    record Figure(boolean whole) implements CapText {
        private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
        private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)");

        @Override
        public Optional<String> fault(String text) {
            return (whole ? INTEGER : DECIMAL).matcher(collapse(text)).matches()
                    ? Optional.empty()
                    : Optional.of(
                            "%s is not a %s".formatted(CapRefused.quote(text), whole ? "whole number" : "number"));
        }
    }

    /** A URI, absolute or relative; characters outside ASCII are escaped as XML Schema does. */
    record Uri() implements CapText {
        private static final String ESCAPED = " <>\"{}|\\^`";

        @Override
        public Optional<String> fault(String text) {
            try {
                new URI(escape(collapse(text)));
                return Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.of("%s is not a URI".formatted(CapRefused.quote(text)));
            }
        }

        private static String escape(String text) {
            StringBuilder escaped = new StringBuilder(text.length());
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                if (b < 0x20 || b == 0x7f || ESCAPED.indexOf(b) >= 0) {
                    escaped.append('%').append("%02X".formatted(b & 0xff));
                } else {
                    escaped.append((char) b);
                }
            }
            return escaped.toString();
        }
    }

    /** XML Schema's whiteSpace=collapse. */
    private static String collapse(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end).replaceAll("[ \\t\\n\\r]+", " ");
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
