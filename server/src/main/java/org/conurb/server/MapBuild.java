package org.conurb.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.conurb.kernel.City;

/** Makes the city's map from an OSM extract, in a process of its own so that its memory and its faults stay there. */
final class MapBuild {
    private final CityMap map;
    private final City city;

    MapBuild(CityMap map, City city) {
        this.map = map;
        this.city = city;
    }

    /** Whether the map was made from this very file. */
    boolean isFrom(Path source) throws IOException {
        Path note = map.file().resolveSibling("source.txt");
        boolean whole =
                map.present() && (isTiles(source) || Files.exists(map.streets().resolve("places")));
        return whole && Files.exists(note) && Files.readString(note).equals(mark(source));
    }

    /**
     * Makes it and puts it in place as a whole; a finished {@code .pmtiles} is copied.
     *
     * @param progress told each line that the process prints
     * @throws StartFailure where the file cannot be read as a map
     */
    void make(Path source, Consumer<String> progress) throws IOException, InterruptedException {
        if (!Files.isReadable(source)) {
            throw new StartFailure("The map file %s cannot be read.".formatted(source), "Check its name and rights.");
        }
        Files.createDirectories(map.file().toAbsolutePath().getParent());
        Path fresh = map.file().resolveSibling("city-new.pmtiles");
        Path streets = map.streets().resolveSibling("streets-new");
        Tree.delete(streets);
        if (isTiles(source)) {
            Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
        } else {
            run(source, draw(Home.folder("basemap/target"), source, fresh, streets), progress);
            run(source, contract(streets), line -> {
                if (line.startsWith("roads: ")) { // the rest is GraphHopper's log
                    progress.accept(line);
                }
            });
        }
        Tree.delete(map.streets());
        if (Files.exists(streets)) {
            Files.deleteIfExists(streets.resolve("ways"));
            Files.move(streets, map.streets(), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, map.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(map.file().resolveSibling("source.txt"), mark(source));
    }

    private static boolean isTiles(Path source) {
        return source.toString().endsWith(".pmtiles");
    }

    private void run(Path source, List<String> command, Consumer<String> progress)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Process process = builder.redirectErrorStream(true).start();
        Thread stop = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(stop);
        List<String> said = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.matches("basemap: \\d+ % .*")) {
                    said.add(line);
                }
                progress.accept(line);
            }
        }
        int exit = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            throw new InterruptedException("Conurb is stopping; the next start makes it.");
        }
        if (exit != 0) {
            throw new StartFailure(
                    "No map could be made from %s: %s".formatted(source, String.join(" ", said)), remedy());
        }
    }

    /** Cameras, units and districts stand where the city folder puts them, and no map moves them. */
    private String remedy() {
        return city.area()
                .map(box ->
                        ("Use an .osm.pbf extract that holds the city's area (west %s, south %s, east %s, north %s), where "
                                        + "its cameras, units and districts stand; for another place, start with --city FOLDER of that place.")
                                .formatted(box.west(), box.south(), box.east(), box.north()))
                .orElse("Use an .osm.pbf extract of the city.");
    }

    /** Makes the road graph of the ways that drawing left; its libraries are the server's own. */
    private static List<String> contract(Path streets) {
        return List.of(
                java(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.conurb.streets.RoadBuild",
                streets.resolve("ways").toString(),
                streets.resolve("roads").toString());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private List<String> draw(Path target, Path source, Path out, Path streets) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                target.resolve("basemap-0.1.0.jar") + java.io.File.pathSeparator + target.resolve("lib") + "/*",
                "org.conurb.basemap.Basemap",
                source.toString(),
                out.toString(),
                "--streets",
                streets.toString()));
        city.area().ifPresent(box -> {
            command.add("--area");
            command.add("%s,%s,%s,%s".formatted(box.west(), box.south(), box.east(), box.north()));
        });
        return command;
    }

    private static String mark(Path source) throws IOException {
        return "%s %d %d"
                .formatted(
                        source.toAbsolutePath().normalize(),
                        Files.size(source),
                        Files.getLastModifiedTime(source).toMillis());
    }
}
