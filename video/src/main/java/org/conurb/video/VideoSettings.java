package org.conurb.video;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Cameras and their pictures.
 *
 * @param key file of the key that seals cameras' addresses and logins; made where there is none
 * @param pictures command that starts the process that makes still pictures; empty for none
 */
@ConfigurationProperties("conurb.video")
record VideoSettings(
        @DefaultValue("data/keys/cameras.key") Path key,
        @DefaultValue List<String> pictures) {}
