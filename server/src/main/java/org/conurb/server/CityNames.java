package org.conurb.server;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which known name was meant: the nearest by edits (Levenshtein), if near enough to be a slip. */
final class CityNames {
    private CityNames() {}

    /** @return as {@code Did you mean x?}, else the known names, if they are few, else what is given */
    static String remedy(String written, Collection<String> known, String otherwise) {
        Optional<String> near = nearest(written, known);
        if (near.isPresent()) {
            return "Did you mean %s?".formatted(near.get());
        }
        return known.isEmpty() || known.size() > 25 ? otherwise : "Use one of %s.".formatted(String.join(", ", known));
    }

    static Optional<String> nearest(String written, Collection<String> known) {
        String name = written.length() > 60 ? written.substring(0, 60) : written;
        return known.stream()
                .filter(candidate -> edits(name, candidate) <= slips(candidate))
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)));
    }

    private static int slips(String name) {
        return name.length() < 4 ? 1 : Math.max(2, name.length() / 4);
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
