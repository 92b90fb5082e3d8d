package org.conurb.video;

import java.net.URI;
import java.util.Optional;
import org.conurb.identity.SealingKey;
import org.conurb.kernel.Json;
import org.jspecify.annotations.Nullable;

/** Seals addresses and logins of cameras, each bound to its camera. Safe for many threads. */
final class CameraSecrets {
    private final SealingKey key;

    /** As sealed: JSON of this form. */
    private record Plain(
            @Nullable String main,
            @Nullable String sub,
            @Nullable String name,
            @Nullable String password,
            @Nullable String certificate) {}

    CameraSecrets(SealingKey key) {
        this.key = key;
    }

    byte[] seal(CameraId camera, CameraAddress address) {
        Plain plain = new Plain(
                address.main().map(URI::toString).orElse(null),
                address.sub().map(URI::toString).orElse(null),
                address.login().map(CameraLogin::name).orElse(null),
                address.login().map(CameraLogin::password).orElse(null),
                address.certificate().map(CertificatePin::hex).orElse(null));
        return key.seal(camera.toString(), Json.mapper().writeValueAsBytes(plain));
    }

    /** @throws IllegalStateException where it was sealed with another key, for another camera, or changed */
    CameraAddress open(CameraId camera, byte[] sealed) {
        Plain plain = Json.mapper().readValue(key.open(camera.toString(), sealed), Plain.class);
        return new CameraAddress(
                Optional.ofNullable(plain.main()).map(URI::create),
                Optional.ofNullable(plain.sub()).map(URI::create),
                Optional.ofNullable(plain.name())
                        .map(name -> new CameraLogin(name, plain.password() == null ? "" : plain.password())),
                Optional.ofNullable(plain.certificate()).map(CertificatePin::new));
    }
}
