package org.conurb.hub;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Import of tables and features.
 *
 * @param folder where files lie until their run has ended
 * @param mostBytes largest file that is taken, 1 MB to 2 GB
 */
@ConfigurationProperties("conurb.hub.imports")
record ImportSettings(
        @DefaultValue("data/imports") Path folder,
        @DefaultValue("200MB") DataSize mostBytes) {
    ImportSettings {
        if (mostBytes.toMegabytes() < 1 || mostBytes.toMegabytes() > 2048) {
            throw new IllegalArgumentException(
                    "conurb.hub.imports.most-bytes (%s) is not within 1MB and 2GB. Set it to 200MB."
                            .formatted(mostBytes));
        }
    }
}
