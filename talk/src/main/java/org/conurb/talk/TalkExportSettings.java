package org.conurb.talk;

import java.nio.file.Path;
import java.time.Duration;
import org.conurb.audit.EvidenceExports;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Recorded talk taken out as evidence.
 *
 * @param folder where bundles lie until they are fetched
 * @param kept how long a bundle is kept after it was made
 * @param largest most bytes of one bundle
 */
@ConfigurationProperties("conurb.talk.exports")
record TalkExportSettings(
        @DefaultValue("data/exports") Path folder,
        @DefaultValue("7d") Duration kept,
        @DefaultValue("10GB") DataSize largest) {
    EvidenceExports.Settings evidence() {
        return new EvidenceExports.Settings(folder, kept, largest.toBytes());
    }
}
