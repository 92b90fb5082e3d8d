package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others wrote and we ship is listed, with its licence, by the build of each program beside the server. */
class NoticesTest {
    @ParameterizedTest
    @CsvSource({"basemap,planetiler-core", "pictures,ffmpeg", "demo,jts-core", "console,maplibre-gl"})
    void theBillOfMaterialsNamesWhatTheProgramStandsOn(String module, String component) throws IOException {
        Path sbom = built(module).resolve("sbom.json");

        assertThat(Json.mapper()
                        .readTree(Files.readAllBytes(sbom))
                        .path("components")
                        .findValuesAsString("name"))
                .contains(component);
    }

    @ParameterizedTest
    @CsvSource({"basemap,planetiler-core,Apache", "pictures,ffmpeg,LGPL", "demo,jts-core,Eclipse"})
    void theNoticesNameEachLicence(String module, String component, String licence) throws IOException {
        assertThat(Files.readAllLines(built(module).resolve("THIRD-PARTY.txt")))
                .noneMatch(line -> line.contains("Unknown license"))
                .anyMatch(line -> line.contains(":" + component + ":") && line.contains(licence));
    }

    @Test
    void theConsolesNoticesComeWithItsFiles() throws IOException {
        Path notices = built("console").resolve("classes/META-INF/resources/THIRD-PARTY.txt");

        assertThat(Files.readString(notices))
                .contains("maplibre-gl")
                .contains("react-aria-components")
                .contains("Redistribution and use in source and binary forms")
                .contains("Permission is hereby granted, free of charge");
    }

    private static Path built(String module) {
        Path target = TestSite.ROOT.resolve(module).resolve("target");
        assumeTrue(
                Files.exists(target.resolve("sbom.json")),
                "skipped: " + module + " is not packaged here; ./conurb test builds it");
        return target;
    }
}
