package org.conurb.warnings;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Real alerts and the normative schema, which lie beside the repository; tests that need them say so and skip. */
final class CapSamples {
    private static final Path FOLDER = Optional.ofNullable(System.getenv("CONURB_SHARED"))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"))
            .resolve("data")
            .resolve("cap");

    private CapSamples() {}

    static Path folder() {
        assumeThat(FOLDER).as("skipped: real alerts are not at %s", FOLDER).isDirectory();
        return FOLDER;
    }

    static Path schema() {
        return folder().resolve("schema").resolve("CAP-v1.2.xsd");
    }

    static byte[] google(String name) throws IOException {
        return Files.readAllBytes(folder().resolve("google-testdata").resolve(name));
    }

    static Map<String, byte[]> googleCaps() throws IOException {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder().resolve("google-testdata"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".cap")).sorted().toList()) {
                found.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return found;
    }

    /** 501 alerts of the US National Weather Service, October 2025. */
    static List<byte[]> weather() throws IOException {
        List<byte[]> alerts = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(Files.newInputStream(folder().resolve("nws-2025-10-15-501-cap12-xml.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                alerts.add(zip.readAllBytes());
            }
        }
        return alerts;
    }

    /** 163 entries of its Atom index, August 2018. */
    static byte[] index() throws IOException {
        byte[] packed = Files.readAllBytes(folder().resolve("nws-2018-08-15-atom-163-entries.xml.gz"));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
