package org.conurb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.conurb.kernel.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The reference of settings is made from the settings records' own comments. Run with {@code -Dconurb.write-reference}
 * to write it anew.
 */
class SettingsReferenceTest {
    private static final Path REFERENCE = TestSite.ROOT.resolve("docs/reference/settings.md");

    @Test
    void theReferenceTellsTheSettingsAsTheyAre() throws IOException {
        String made = reference();
        if (System.getProperty("conurb.write-reference") != null) {
            Files.writeString(REFERENCE, made);
        }

        assertThat(Files.readString(REFERENCE)).isEqualTo(made).doesNotContain("{@");
    }

    private static String reference() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (URL metadata : Collections.list(SettingsReferenceTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = metadata.openStream()) {
                for (JsonNode setting : Json.mapper().readTree(in).path("properties")) {
                    String name = setting.path("name").asString();
                    if (name.startsWith("conurb.")) {
                        assertThat(setting.path("description").asString())
                                .as("%s is described by a @param of its record", name)
                                .isNotBlank();
                        rows.put(name, row(setting));
                    }
                }
            }
        }
        assertThat(rows).isNotEmpty();
        return """
                # Settings

                Made from the settings records (`SettingsReferenceTest`). Give them as environment variables
                (`CONURB_HUB_…`), or in a file `config/application.properties` beside where you start the program. What
                `./conurb up` takes as options is set by those.

                | setting | default | what it does |
                |---|---|---|
                """ + String.join("", rows.values());
    }

    private static String row(JsonNode setting) {
        String value = setting.path("defaultValue").isArray()
                ? setting.path("defaultValue").toString()
                : setting.path("defaultValue").asString();
        return "| `%s` | %s | %s |%n"
                .formatted(
                        setting.path("name").asString(),
                        value.isEmpty() ? "" : "`" + value + "`",
                        setting.path("description")
                                .asString()
                                .replaceAll("\\s+", " ")
                                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                                .replace("|", "\\|"));
    }
}
