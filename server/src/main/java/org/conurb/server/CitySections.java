package org.conurb.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sections of a city, wherever they lie: in {@code city.yaml}, in a file of their own, or in the standard city.
 *
 * @param root the whole of {@code city.yaml}, for faults that have no better place
 * @param folder empty for the built-in city
 * @param own sections that the folder has
 * @param standard sections of the standard city, for those left out
 * @param districts GeoJSON
 */
record CitySections(
        CityValue root,
        Optional<Path> folder,
        Map<String, CityValue> own,
        Map<String, CityValue> standard,
        Optional<CityValue> districts) {
    private static final List<String> IN_CITY_FILE_ONLY =
            List.of("id", "name", "time-zone", "languages", "area", "map");
    private static final List<String> MAY_BE_A_FILE = List.of(
            "organisations",
            "seats",
            "grants",
            "purposes",
            "incident-types",
            "priorities",
            "unit-kinds",
            "unit-statuses",
            "retention",
            "camera-networks",
            "talk-groups",
            "warning-sources");
    private static final List<String> STANDARD_FOR =
            List.of("purposes", "incident-types", "priorities", "unit-kinds", "unit-statuses", "retention");
    private static final List<String> OTHER_FILES = List.of("city.yaml", "people.yaml", "units.yaml");
    private static final String MAIN = "city.yaml";
    private static final String DISTRICTS = "districts.geojson";

    static CitySections standard(CityFaults faults) {
        CityValue root = new CityYaml(CityFolder.STANDARD, faults).read(CityFolder.standardBytes());
        return new CitySections(root, Optional.empty(), sectionsOf(root), Map.of(), Optional.empty());
    }

    static CitySections of(Path folder, CityFaults faults) {
        String name = CityFolder.nameOf(folder);
        if (!Files.isDirectory(folder)) {
            faults.add(
                    name, "There is no folder %s.".formatted(folder), "Give --city the folder that holds city.yaml.");
            faults.raise(folder.toString());
        }
        CityValue root = file(folder, MAIN, faults).orElseGet(() -> {
            faults.add(
                    name + "/" + MAIN,
                    "The folder has no city.yaml.",
                    "Copy the one of demo/alder and change it, or give --city another folder.");
            return CityValue.absent(name + "/" + MAIN, faults);
        });
        Map<String, CityValue> own = sectionsOf(root);
        for (String file : yamlFiles(folder, name, faults)) {
            takeFile(folder, file, own, faults);
        }
        Map<String, CityValue> defaults = new HashMap<>(standard(faults).own());
        defaults.keySet().retainAll(STANDARD_FOR);
        return new CitySections(root, Optional.of(folder), own, defaults, file(folder, DISTRICTS, faults));
    }

    /** A section, of the folder or of the standard city. */
    Optional<CityValue> section(String name) {
        return Optional.ofNullable(own.getOrDefault(name, standard.get(name)));
    }

    /** A section that every city must have; absent (and told) where it is not. */
    CityValue required(String name) {
        return section(name).orElseGet(() -> {
            if (root.isMap()) {
                root.fault("%s is missing.".formatted(name), "Add %s: … as in demo/alder.".formatted(name));
            }
            return root.without();
        });
    }

    boolean isStandard(CityValue value) {
        return folder.isPresent() && value.file().equals(CityFolder.STANDARD);
    }

    /** A file of the folder as a tree; empty where there is none. */
    static Optional<CityValue> file(Path folder, String file, CityFaults faults) {
        Path path = folder.resolve(file);
        String shown = CityFolder.nameOf(folder) + "/" + file;
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(CityYaml.MAX_BYTES + 1);
            if (bytes.length > CityYaml.MAX_BYTES) {
                faults.add(shown, "The file is larger than 1 MB.", "Shorten it; for districts, simplify the outlines.");
                return Optional.of(CityValue.absent(shown, faults));
            }
            return Optional.of(new CityYaml(shown, faults).read(bytes));
        } catch (IOException e) {
            faults.add(
                    shown,
                    "The file cannot be read (%s).".formatted(e.getClass().getSimpleName()),
                    "Make it a plain file that this user may read.");
            return Optional.of(CityValue.absent(shown, faults));
        }
    }

    private static Map<String, CityValue> sectionsOf(CityValue root) {
        List<String> known = new ArrayList<>(IN_CITY_FILE_ONLY);
        known.addAll(MAY_BE_A_FILE);
        return new HashMap<>(root.fields(known.toArray(String[]::new)).found());
    }

    private static void takeFile(Path folder, String file, Map<String, CityValue> own, CityFaults faults) {
        String section = file.substring(0, file.lastIndexOf('.'));
        String shown = CityFolder.nameOf(folder) + "/" + file;
        if (!file.endsWith(".yaml") || !MAY_BE_A_FILE.contains(section)) {
            List<String> files = MAY_BE_A_FILE.stream().map(s -> s + ".yaml").toList();
            faults.add(
                    shown,
                    "No part of a city is called so.",
                    CityNames.remedy(file, files, "Rename it, or put it into another folder."));
        } else if (own.containsKey(section)) {
            faults.add(shown, "city.yaml has %s as well.".formatted(section), "Keep one of the two.");
        } else {
            file(folder, file, faults).ifPresent(value -> own.put(section, value));
        }
    }

    private static List<String> yamlFiles(Path folder, String name, CityFaults faults) {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
            for (Path path : stream) {
                String file = String.valueOf(path.getFileName());
                if (!OTHER_FILES.contains(file) && !file.startsWith(".")) {
                    files.add(file);
                }
            }
        } catch (IOException e) {
            faults.add(name, "The folder cannot be listed.", "Let this user read it.");
        }
        files.sort(null);
        return files;
    }
}
