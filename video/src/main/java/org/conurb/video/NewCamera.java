package org.conurb.video;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/video/cameras}, and of {@code PATCH /api/video/cameras/{id}} where what is absent stays as it
 * is.
 *
 * @param source {@code rtsp(s)://[name:password@]host[:port]/path}, or {@code whip}
 * @param sub a smaller stream of the same picture, for walls
 * @param user apart from the source, where that is easier
 * @param certificate SHA-256 of the camera's own certificate, for rtsps; empty to trust whom the system trusts
 * @param transport {@code auto}, {@code tcp} or {@code udp}
 * @param keep how long its recordings are kept, all of it anew
 */
record NewCamera(
        @Nullable String id,
        @Nullable String name,
        @Nullable String source,
        @Nullable String sub,
        @Nullable String user,
        @Nullable String password,
        @Nullable String certificate,
        @Nullable Map<String, Object> place,
        @Nullable String organisation,
        @Nullable String transport,
        @Nullable Boolean record,
        @Nullable Double heading,
        Keeping.@Nullable View keep) {

    Optional<CameraLogin> login() {
        return user == null && password == null
                ? Optional.empty()
                : Optional.of(new CameraLogin(user == null ? "" : user, password == null ? "" : password));
    }

    @Override
    public String toString() {
        return "NewCamera[" + name + "]";
    }
}
