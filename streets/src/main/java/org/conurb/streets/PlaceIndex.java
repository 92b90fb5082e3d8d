package org.conurb.streets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.conurb.kernel.Epsg4326Point;

/**
 * Searches a {@link PlaceFile}, mapped into memory. Each word typed may be the beginning of a word of the name, or one
 * letter off from four letters on; all must be found in the name, another name of it, or its quarter. Words with a digit
 * may be a house number. Safe for many threads.
 */
final class PlaceIndex {
    private static final int MOST_WORDS = 8;
    /** Things looked at for a word: what a single letter finds beyond is not needed. */
    private static final int MOST_POSTINGS = 200_000;

    private static final int SHORTEST_MISTYPED = 4;
    private static final double WORD = 10;

    private final ByteBuffer bytes;
    private final int things;
    private final int words;
    private final int numbersAt;
    private final int wordsAt;
    private final int postingsAt;
    private final int stringsAt;

    private PlaceIndex(ByteBuffer bytes) throws IOException {
        this.bytes = bytes;
        if (bytes.capacity() < PlaceFile.HEADER
                || bytes.getInt(0) != PlaceFile.MAGIC
                || bytes.getInt(28) != PlaceFile.FORM) {
            throw new IOException("not a file of places, or of another form");
        }
        things = bytes.getInt(8);
        int numbers = bytes.getInt(12);
        words = bytes.getInt(16);
        int postings = bytes.getInt(20);
        long end = PlaceFile.HEADER
                + (long) things * PlaceFile.THING
                + (long) numbers * PlaceFile.NUMBER
                + (long) words * PlaceFile.WORD
                + (long) postings * Integer.BYTES
                + bytes.getInt(24);
        if (things < 0 || numbers < 0 || words < 0 || postings < 0 || end != bytes.capacity()) {
            throw new IOException("a file of places is cut off or damaged");
        }
        numbersAt = PlaceFile.HEADER + things * PlaceFile.THING;
        wordsAt = numbersAt + numbers * PlaceFile.NUMBER;
        postingsAt = wordsAt + words * PlaceFile.WORD;
        stringsAt = postingsAt + postings * Integer.BYTES;
        CRC32 sum = new CRC32();
        sum.update(bytes.slice(PlaceFile.HEADER, bytes.capacity() - PlaceFile.HEADER));
        if ((int) sum.getValue() != bytes.getInt(4)) {
            throw new IOException("a file of places is damaged");
        }
    }

    /** Reads it once, for its check sum. */
    static PlaceIndex open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("a file of places is too long");
            }
            return new PlaceIndex(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    int things() {
        return things;
    }

    private record Hit(int thing, double score) {}

    /** @param limit 1 or more */
    List<Place> search(String query, Optional<Epsg4326Point> near, int limit) {
        List<String> typed = Words.of(query);
        typed = typed.subList(0, Math.min(MOST_WORDS, typed.size()));
        Map<Integer, Double> scores = null;
        List<String> numbers = new ArrayList<>();
        for (String word : typed) {
            boolean digits = word.chars().anyMatch(Character::isDigit);
            Map<Integer, Double> found = find(word);
            if (digits) {
                numbers.add(word);
            }
            if (found.isEmpty() || digits && scores != null && !meets(scores, found)) {
                continue; // a number, or the city's name, that no place of it carries
            }
            scores = scores == null ? found : both(scores, found, digits);
        }
        if (scores == null || scores.isEmpty()) {
            return List.of();
        }
        List<Hit> hits = new ArrayList<>(scores.size());
        scores.forEach((thing, score) -> hits.add(new Hit(thing, score + worth(thing, near, numbers))));
        hits.sort(Comparator.comparingDouble(Hit::score).reversed().thenComparingInt(Hit::thing));
        return hits.stream().limit(limit).map(hit -> place(hit.thing, numbers)).toList();
    }

    private static boolean meets(Map<Integer, Double> some, Map<Integer, Double> others) {
        return some.keySet().stream().anyMatch(others::containsKey);
    }

    /** Things found for both words; where the second is a number, those without it stay too. */
    private static Map<Integer, Double> both(
            Map<Integer, Double> first, Map<Integer, Double> second, boolean optional) {
        Map<Integer, Double> both = new HashMap<>();
        first.forEach((thing, score) -> {
            Double more = second.get(thing);
            if (more != null || optional) {
                both.put(thing, score + (more == null ? 0 : more));
            }
        });
        return both;
    }

    /** Things that have the word, each with how well it fits. */
    private Map<Integer, Double> find(String typed) {
        Map<Integer, Double> found = new HashMap<>();
        byte[] wanted = typed.getBytes(StandardCharsets.UTF_8);
        int visited = 0;
        for (int word = firstNotBefore(wanted);
                word < words && visited < MOST_POSTINGS && begins(word, wanted);
                word++) {
            boolean whole = length(word) == wanted.length;
            visited += collect(word, whole ? WORD : WORD * 0.7, found);
        }
        if (found.isEmpty() && typed.length() >= SHORTEST_MISTYPED) {
            for (int word = 0; word < words && visited < MOST_POSTINGS; word++) {
                if (length(word) >= wanted.length - 2 && Words.nearly(typed, word(word))) {
                    visited += collect(word, WORD * 0.4, found);
                }
            }
        }
        return found;
    }

    private int collect(int word, double score, Map<Integer, Double> found) {
        int from = bytes.getInt(wordsAt + word * PlaceFile.WORD + 4);
        int count = bytes.getInt(wordsAt + word * PlaceFile.WORD + 8);
        for (int i = from; i < from + count; i++) {
            int posting = bytes.getInt(postingsAt + i * Integer.BYTES);
            found.merge(posting >> 1, (posting & 1) == 0 ? score : score / 4, Math::max);
        }
        return count;
    }

    private int firstNotBefore(byte[] wanted) {
        int low = 0;
        int high = words;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(middle, wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int compare(int word, byte[] wanted) {
        int at = stringAt(word);
        int length = length(word);
        for (int i = 0; i < Math.min(length, wanted.length); i++) {
            int order = Byte.compareUnsigned(bytes.get(at + 2 + i), wanted[i]);
            if (order != 0) {
                return order;
            }
        }
        return length - wanted.length;
    }

    private boolean begins(int word, byte[] wanted) {
        if (length(word) < wanted.length) {
            return false;
        }
        int at = stringAt(word) + 2;
        for (int i = 0; i < wanted.length; i++) {
            if (bytes.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private int stringAt(int word) {
        return stringsAt + bytes.getInt(wordsAt + word * PlaceFile.WORD);
    }

    private int length(int word) {
        return bytes.getShort(stringAt(word)) & 0xffff;
    }

    private String word(int word) {
        return string(bytes.getInt(wordsAt + word * PlaceFile.WORD));
    }

    private String string(int at) {
        byte[] text = new byte[bytes.getShort(stringsAt + at) & 0xffff];
        bytes.get(stringsAt + at + 2, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** What speaks for a thing beside its words: it has the number, is near, is a street rather than a shop, is short. */
    private double worth(int thing, Optional<Epsg4326Point> near, List<String> numbers) {
        double worth = 3 - 0.5 * kind(thing).ordinal() - 0.05 * (bytes.getShort(stringsAt + label(thing)) & 0xffff);
        if (number(thing, numbers) >= 0) {
            worth += WORD;
        }
        return worth
                - near.map(here -> Math.min(4, spot(at(thing)).metresTo(here) / 2_000))
                        .orElse(0.0);
    }

    private int at(int thing) {
        return PlaceFile.HEADER + thing * PlaceFile.THING;
    }

    private int label(int thing) {
        return bytes.getInt(at(thing) + 8);
    }

    private Place.Kind kind(int thing) {
        return Place.Kind.values()[bytes.get(at(thing) + 24)];
    }

    private Epsg4326Point spot(int at) {
        return new Epsg4326Point(bytes.getInt(at) / 1e7, bytes.getInt(at + 4) / 1e7);
    }

    /** Where the house number is written; -1 where the street has none such. */
    private int number(int thing, List<String> numbers) {
        int count = bytes.getInt(at(thing) + 20);
        if (numbers.isEmpty() || count == 0) {
            return -1;
        }
        int from = numbersAt + bytes.getInt(at(thing) + 16) * PlaceFile.NUMBER;
        for (int i = 0; i < count; i++) {
            String number = String.join("", Words.of(string(bytes.getInt(from + i * PlaceFile.NUMBER))));
            if (numbers.contains(number)) {
                return from + i * PlaceFile.NUMBER;
            }
        }
        return -1;
    }

    private Place place(int thing, List<String> numbers) {
        StringBuilder label = new StringBuilder(string(label(thing)));
        int number = number(thing, numbers);
        if (number >= 0) {
            label.append(' ').append(string(bytes.getInt(number)));
        }
        int quarter = bytes.getInt(at(thing) + 12);
        if (quarter >= 0) {
            label.append(", ").append(string(quarter));
        }
        return new Place(
                label.toString(),
                number >= 0 ? Place.Kind.ADDRESS : kind(thing),
                spot(number >= 0 ? number + 4 : at(thing)));
    }
}
