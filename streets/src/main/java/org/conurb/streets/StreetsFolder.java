package org.conurb.streets;

import java.nio.file.Path;

/**
 * Where the files of the streets are, which may come while the program runs: {@code roads/} and {@code places}; the
 * folder appears when both are whole.
 */
public record StreetsFolder(Path path) {}
