package org.conurb.streets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.conurb.streets.WayFile.Spot;

/**
 * Gathers what has a name in an extract, and writes the file that {@link PlaceIndex} searches. Pieces of a street become
 * one, house numbers go to their street, and each gets the quarter it lies in. Adding is safe from many threads.
 *
 * <p>The file, all numbers big-endian: a header of nine ints (magic, CRC-32 of what follows the header, then for things,
 * numbers, words and postings how many, and the bytes of strings; form; 0), things of {@value #THING} bytes, numbers of
 * {@value #NUMBER}, words of {@value #WORD} in order of their bytes, postings of 4, strings (length as short, UTF-8).
 */
public final class PlaceFile {
    static final int MAGIC = 0x434e5031; // CNP1
    static final int FORM = 1;
    static final int HEADER = 36;
    static final int THING = 25;
    static final int NUMBER = 12;
    static final int WORD = 12;

    private static final int MOST_NAMED = 500_000;
    private static final int MOST_NUMBERS = 2_000_000;
    private static final int LONGEST_NAME = 200; // characters
    /** Pieces of one name within this of each other are one street. */
    private static final int TOGETHER = 150_000; // 1e-7 degrees: about 1.5 km

    private static final int QUARTER_WITHIN = 300_000;

    private final List<Named> named = new ArrayList<>();
    private final Map<String, List<Number>> numbers = new HashMap<>();
    private int numbersHeld;

    private record Named(Set<String> names, Place.Kind kind, Spot spot) {
        String label() {
            return names.iterator().next();
        }
    }

    private record Number(String number, String street, Spot spot) {}

    /** A street of several pieces, or one thing. */
    private static final class Thing {
        private final Named first;
        private final Set<String> names;
        private final List<Number> numbers = new ArrayList<>();
        private long latitude;
        private long longitude;
        private int pieces;
        private Spot middle;
        private int south;
        private int north;
        private int west;
        private int east;

        Thing(Named first) {
            this.first = first;
            this.names = new java.util.LinkedHashSet<>(first.names);
            this.middle = first.spot;
            south = north = first.spot.latitude();
            west = east = first.spot.longitude();
        }

        boolean near(Spot spot) {
            return spot.latitude() > south - TOGETHER
                    && spot.latitude() < north + TOGETHER
                    && spot.longitude() > west - TOGETHER
                    && spot.longitude() < east + TOGETHER;
        }

        void add(Named piece) {
            names.addAll(piece.names);
            latitude += piece.spot.latitude();
            longitude += piece.spot.longitude();
            pieces++;
            south = Math.min(south, piece.spot.latitude());
            north = Math.max(north, piece.spot.latitude());
            west = Math.min(west, piece.spot.longitude());
            east = Math.max(east, piece.spot.longitude());
        }

        /** The piece nearest to the middle of all, so that the place is on the street. */
        void settle(List<Named> all) {
            Spot mean = new Spot((int) (latitude / pieces), (int) (longitude / pieces));
            for (Named piece : all) {
                if (near(piece.spot) && squared(piece.spot, mean) < squared(middle, mean)) {
                    middle = piece.spot;
                }
            }
        }
    }

    /**
     * Takes something with a name.
     *
     * @param names the one to show first, then those in other languages and spellings
     */
    public synchronized void add(Collection<String> names, Place.Kind kind, Spot spot) {
        Set<String> kept = new java.util.LinkedHashSet<>();
        for (String name : names) {
            if (!name.isBlank() && name.length() <= LONGEST_NAME && kept.size() < 12) {
                kept.add(name.strip());
            }
        }
        if (!kept.isEmpty() && named.size() < MOST_NAMED) {
            named.add(new Named(kept, kind, spot));
        }
    }

    /** Takes house numbers, several where parted by {@code ;} or {@code ,}. */
    public synchronized void number(String number, String street, Spot spot) {
        if (street.isBlank() || street.length() > LONGEST_NAME || number.length() > 40) {
            return;
        }
        for (String one : number.split("[;,]")) {
            if (!one.isBlank() && numbersHeld < MOST_NUMBERS) {
                numbers.computeIfAbsent(Words.fold(street.strip()), s -> new ArrayList<>())
                        .add(new Number(one.strip(), street.strip(), spot));
                numbersHeld++;
            }
        }
    }

    public synchronized int held() {
        return named.size() + numbersHeld;
    }

    public synchronized void write(Path file) throws IOException {
        List<Thing> things = things();
        new Writing(things, quarters()).write(file);
    }

    private List<Named> quarters() {
        return named.stream()
                .filter(one -> one.kind == Place.Kind.QUARTER || one.kind == Place.Kind.CITY)
                .toList();
    }

    private List<Thing> things() {
        List<Thing> things = new ArrayList<>();
        Map<String, List<Named>> pieces = new HashMap<>();
        for (Named one : named) {
            if (one.kind == Place.Kind.STREET) {
                pieces.computeIfAbsent(Words.fold(one.label()), n -> new ArrayList<>())
                        .add(one);
            } else {
                Thing thing = new Thing(one);
                things.add(thing);
            }
        }
        // A street that has numbers and no line of its own: a square, a hamlet.
        numbers.forEach((name, list) -> {
            if (!pieces.containsKey(name)) {
                for (Number number : list) {
                    pieces.computeIfAbsent(name, n -> new ArrayList<>())
                            .add(new Named(Set.of(number.street), Place.Kind.STREET, number.spot));
                }
            }
        });
        pieces.forEach((name, list) -> things.addAll(streets(list, numbers.getOrDefault(name, List.of()))));
        return things;
    }

    private static List<Thing> streets(List<Named> pieces, List<Number> numbers) {
        List<Thing> streets = new ArrayList<>();
        for (Named piece : pieces) {
            Thing street = streets.stream()
                    .filter(one -> one.near(piece.spot))
                    .findFirst()
                    .orElseGet(() -> {
                        Thing made = new Thing(piece);
                        streets.add(made);
                        return made;
                    });
            street.add(piece);
        }
        streets.forEach(street -> street.settle(pieces));
        for (Number number : numbers) {
            streets.stream()
                    .filter(one -> one.near(number.spot))
                    .min(java.util.Comparator.comparingLong(one -> squared(one.middle, number.spot)))
                    .ifPresent(street -> street.numbers.add(number));
        }
        return streets;
    }

    /** In units of 1e-7 degrees of latitude. */
    private static long squared(Spot a, Spot b) {
        long dy = a.latitude() - (long) b.latitude();
        long dx = (long) ((a.longitude() - (long) b.longitude()) * Math.cos(Math.toRadians(a.latitudeDegrees())));
        return dx * dx + dy * dy;
    }

    private static final class Writing {
        private final List<Thing> things;
        private final List<Named> quarters;
        private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
        private final Map<String, Integer> known = new HashMap<>();
        private final TreeMap<String, List<Integer>> words = new TreeMap<>();

        Writing(List<Thing> things, List<Named> quarters) {
            this.things = things;
            this.quarters = quarters;
        }

        void write(Path file) throws IOException {
            int numberCount =
                    things.stream().mapToInt(thing -> thing.numbers.size()).sum();
            ByteBuffer body = ByteBuffer.allocate(things.size() * THING + numberCount * NUMBER);
            ByteBuffer houses = body.slice(things.size() * THING, numberCount * NUMBER);
            int number = 0;
            for (int i = 0; i < things.size(); i++) {
                Thing thing = things.get(i);
                String quarter = quarter(thing);
                body.putInt(thing.middle.latitude()).putInt(thing.middle.longitude());
                body.putInt(string(thing.first.label())).putInt(quarter.isEmpty() ? -1 : string(quarter));
                body.putInt(number).putInt(thing.numbers.size());
                body.put((byte) thing.first.kind.ordinal());
                for (Number house : thing.numbers) {
                    houses.putInt(string(house.number))
                            .putInt(house.spot.latitude())
                            .putInt(house.spot.longitude());
                }
                number += thing.numbers.size();
                post(i, thing, quarter);
            }
            finish(file, body.array(), numberCount);
        }

        private void finish(Path file, byte[] body, int numberCount) throws IOException {
            int postings = words.values().stream().mapToInt(List::size).sum();
            List<byte[]> sorted = words.keySet().stream()
                    .map(word -> word.getBytes(StandardCharsets.UTF_8))
                    .sorted(java.util.Arrays::compareUnsigned)
                    .toList();
            ByteBuffer index = ByteBuffer.allocate(sorted.size() * WORD + postings * Integer.BYTES);
            ByteBuffer posts = index.slice(sorted.size() * WORD, postings * Integer.BYTES);
            int at = 0;
            for (byte[] bytes : sorted) {
                String word = new String(bytes, StandardCharsets.UTF_8);
                List<Integer> list = words.getOrDefault(word, List.of());
                index.putInt(string(word)).putInt(at).putInt(list.size());
                list.forEach(posts::putInt);
                at += list.size();
            }
            byte[] texts = strings.toByteArray();
            CRC32 sum = new CRC32();
            sum.update(body);
            sum.update(index.array());
            sum.update(texts);
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            header.putInt(MAGIC).putInt((int) sum.getValue());
            header.putInt(things.size())
                    .putInt(numberCount)
                    .putInt(sorted.size())
                    .putInt(postings);
            header.putInt(texts.length).putInt(FORM).putInt(0);
            try (var out = Files.newOutputStream(file)) {
                out.write(header.array());
                out.write(body);
                out.write(index.array());
                out.write(texts);
            }
        }

        /** The name of the quarter or town it lies nearest to. */
        private String quarter(Thing thing) {
            Named nearest = null;
            for (Named one : thing.first.kind.ordinal() <= Place.Kind.QUARTER.ordinal() ? List.<Named>of() : quarters) {
                long far = squared(one.spot, thing.middle);
                if (far < (long) QUARTER_WITHIN * QUARTER_WITHIN
                        && (nearest == null || far < squared(nearest.spot, thing.middle))) {
                    nearest = one;
                }
            }
            return nearest == null ? "" : nearest.label();
        }

        /** A posting is the thing's number twice, and one more where the word is only its quarter's. */
        private void post(int number, Thing thing, String quarter) {
            Set<String> own = new HashSet<>();
            thing.names.forEach(name -> own.addAll(Words.of(name)));
            for (String word : own) {
                words.computeIfAbsent(word, w -> new ArrayList<>()).add(2 * number);
            }
            for (String word : Words.of(quarter)) {
                if (own.add(word)) {
                    words.computeIfAbsent(word, w -> new ArrayList<>()).add(2 * number + 1);
                }
            }
        }

        private int string(String text) {
            return known.computeIfAbsent(text, t -> {
                byte[] bytes = t.getBytes(StandardCharsets.UTF_8);
                int at = strings.size();
                strings.write(bytes.length >> 8);
                strings.write(bytes.length);
                strings.write(bytes, 0, bytes.length);
                return at;
            });
        }
    }
}
