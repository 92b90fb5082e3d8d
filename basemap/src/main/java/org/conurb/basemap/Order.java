package org.conurb.basemap;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param area the box to draw; empty takes the extract's own
 * @param threads worker threads, 1..64
 * @param streets folder for the ways and places beside the map, which is made where it is missing
 */
record Order(Path extract, Path map, Optional<Area> area, int threads, Optional<Path> streets) {
    static final String USAGE =
            "Usage: basemap FILE.osm.pbf OUT.pmtiles [--area W,S,E,N] [--threads N] [--streets FOLDER]";
    private static final int MOST_THREADS = 64;

    Order {
        if (!map.toString().endsWith(".pmtiles")) {
            throw new Unusable("The map %s must end in .pmtiles.".formatted(map), USAGE);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new Unusable("--threads takes 1 to %d, not %d.".formatted(MOST_THREADS, threads), USAGE);
        }
    }

    static Order parse(String... arguments) {
        Optional<Path> extract = Optional.empty();
        Optional<Path> map = Optional.empty();
        Optional<Area> area = Optional.empty();
        Optional<Path> streets = Optional.empty();
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--area")) {
                area = Optional.of(Area.parse(value(arguments, ++i)));
            } else if (argument.equals("--streets")) {
                streets = Optional.of(Path.of(value(arguments, ++i)).toAbsolutePath());
            } else if (argument.equals("--threads")) {
                threads = count(value(arguments, ++i));
            } else if (argument.startsWith("-")) {
                throw new Unusable("Option %s is unknown.".formatted(argument), USAGE);
            } else if (extract.isEmpty()) {
                extract = Optional.of(Path.of(argument).toAbsolutePath());
            } else if (map.isEmpty()) {
                map = Optional.of(Path.of(argument).toAbsolutePath());
            } else {
                throw new Unusable("\"%s\" is one argument too many.".formatted(argument), USAGE);
            }
        }
        return new Order(
                extract.orElseThrow(() -> new Unusable("The extract is missing.", USAGE)),
                map.orElseThrow(() -> new Unusable("The map to write is missing.", USAGE)),
                area,
                threads,
                streets);
    }

    private static String value(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new Unusable("%s needs a value.".formatted(arguments[at - 1]), USAGE);
        }
        return arguments[at];
    }

    private static int count(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Unusable("--threads takes a number, not \"%s\".".formatted(text), USAGE);
        }
    }
}
