package org.conurb.server;

import java.util.Comparator;

/**
 * One thing wrong in a city folder.
 *
 * @param file with the folder's name before it, as {@code alder/city.yaml}
 * @param line from 1; 0 where the fault is the file itself
 * @param column from 1; 0 where the fault is the file itself
 * @param what is wrong, a sentence
 * @param remedy what to write instead, a sentence
 */
record CityFault(String file, int line, int column, String what, String remedy) {
    static final Comparator<CityFault> IN_ORDER = Comparator.comparing(CityFault::file)
            .thenComparingInt(CityFault::line)
            .thenComparingInt(CityFault::column);

    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        return place + ": " + what + " Remedy: " + remedy;
    }
}
